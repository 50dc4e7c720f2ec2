import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Agent, createServer, request } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { ClusterAccess } from './cluster-access.ts'
import { clusterFiles } from './control-plane/cluster-files.ts'

/**
 * `open`: all passes. `shut`: connections are broken, and new ones too. `silent`: connections stand, and nothing comes
 * over them. `no-watch`: all passes but watches, which stand and show nothing, so that a Namespace is unknown for long.
 */
export type GateState = 'open' | 'shut' | 'silent' | 'no-watch'

/** A way to the API server that can fail; credentials pass through it, but for client certificates. */
export interface ApiGate {
  /** `https://127.0.0.1:PORT`, with the API server's own certificate. */
  readonly url: string
  turn(state: GateState): void
  close(): Promise<void>
}

/** Stands between a client and the API server of a cluster of the tests. */
export async function openGate(cluster: ClusterAccess): Promise<ApiGate> {
  const files = clusterFiles(cluster.folder)
  const agent = new Agent({ keepAlive: true, ca: readFileSync(files.authority) })
  const sockets = new Set<Socket>()
  const held = new Set<() => void>()
  let state: GateState = 'open'

  const pair = { cert: readFileSync(files.servingCert), key: readFileSync(files.servingKey) }
  const server = createServer(pair, (incoming, outgoing) => {
    const isWatch = /[?&]watch=/.test(incoming.url ?? '')
    const forward = () => void passOn(incoming, outgoing)
    const passOn = (from: IncomingMessage, to: ServerResponse) => {
      const { method = 'GET', headers, url = '/' } = from
      const sent = request(`${cluster.server}${url}`, { method, headers, agent }, (answer) => {
        to.writeHead(answer.statusCode ?? 502, answer.headers)
        // An event passes only while the gate is open for it; what comes meanwhile waits, as on a line that is held up.
        answer.on('data', (chunk: Buffer) => whenOpen(() => to.write(chunk), isWatch))
        answer.once('end', () => whenOpen(() => to.end(), isWatch)).once('error', () => to.destroy())
        to.flushHeaders()
      })
      sent.once('error', () => to.destroy())
      to.once('close', () => sent.destroy())
      from.pipe(sent)
    }
    whenOpen(forward, isWatch)
  })
  server.on('connection', (socket: Socket) => {
    if (state === 'shut') socket.destroy()
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket)).on('error', () => {})
  })

  const isHeld = (isWatch: boolean) => state === 'silent' || (state === 'no-watch' && isWatch)
  function whenOpen(act: () => void, isWatch: boolean): void {
    if (isHeld(isWatch)) held.add(act)
    else act()
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    turn: (next) => {
      state = next
      if (next === 'shut') for (const socket of sockets) socket.destroy()
      if (next !== 'open') return
      for (const act of held) act()
      held.clear()
    },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      agent.destroy()
      await closed
    },
  }
}
