import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { Server as TlsServer } from 'node:tls'

/** Why a connection was closed for others: there were as many as there may be, or as many without a request. */
export type ClosedFor = 'all-taken' | 'waited-longest'

export interface ConnectionLimit {
  readonly connections: number
  readonly onClosed: (reason: ClosedFor) => void
}

/**
 * Takes a server and how many connections it may have at once: those beyond are closed as they come. At most half of them
 * may wait, before a request or after one: then the one that has waited longest is closed, so that who keeps connections
 * for nothing does not keep others out.
 */
export function limitConnections(server: Server, { connections, onClosed }: ConnectionLimit): void {
  // The longest waiting one first. Until a request's headers are complete its connection waits.
  const waiting = new Set<Socket>()
  const wait = (socket: Socket): void => {
    waiting.add(socket)
    const [longest = socket] = waiting
    if (waiting.size <= connections / 2) return
    // At once: others may come before it is gone.
    waiting.delete(longest)
    longest.destroy()
    onClosed('waited-longest')
  }
  server.maxConnections = connections
  server.on('drop', () => onClosed('all-taken'))
  // A handshake has a limit of its own: with TLS a connection begins to wait after it.
  server.on(server instanceof TlsServer ? 'secureConnection' : 'connection', (socket: Socket) => {
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
