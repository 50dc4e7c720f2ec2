import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Server } from 'node:https'
import type { Socket } from 'node:net'

/**
 * Takes a server and how many connections it may have at once: those beyond are closed as they come. At most half of them
 * may wait, before a request or after one: then the one that has waited longest is closed, so that who keeps connections
 * for nothing does not keep others out.
 */
export function limitConnections(server: Server, connections: number): void {
  // The longest waiting one first. Until a request's headers are complete its connection waits.
  const waiting = new Set<Socket>()
  const wait = (socket: Socket): void => {
    waiting.add(socket)
    const [longest = socket] = waiting
    if (waiting.size <= connections / 2) return
    // At once: others may come before it is gone.
    waiting.delete(longest)
    longest.destroy()
  }
  server.maxConnections = connections
  server.on('secureConnection', (socket: Socket) => {
    socket.once('close', () => waiting.delete(socket))
    wait(socket)
  })
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    waiting.delete(socket)
    response.once('close', () => {
      if (!socket.destroyed) wait(socket)
    })
  })
}
