// Plays API server and kubelet for port-forwards: a WebSocket by Kubernetes' protocol for each connection to a Pod's port.
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { createRequire } from 'node:module'
import { type AddressInfo, connect } from 'node:net'
import { KubeConfig } from '@kubernetes/client-node'

// The implementation of client-node itself, which has no types here.
const require = createRequire(createRequire(import.meta.url).resolve('@kubernetes/client-node'))
const { WebSocketServer } = require('ws')

const [DATA, ERROR] = [0, 1]

export interface PodServer {
  /** Ends all connections to Pods. */
  closeAll(): void
  readonly config: KubeConfig
  /** Where a Pod's port leads to, by `NAMESPACE/POD:PORT`: a port of this machine. */
  readonly pods: Map<string, number>
  /** An HTTP status that is answered instead of an upgrade. */
  refuseWith: number | undefined
  readonly requests: IncomingMessage[]
  readonly open: () => number
  close(): Promise<void>
}

/** Serves port-forwards to Pods that are ports of this machine. */
export async function servePods(): Promise<PodServer> {
  const server = createServer()
  const ways = attachPods(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const config = new KubeConfig()
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  config.loadFromClusterAndUser({ name: 'pods', server: address, skipTLSVerify: true }, { name: 'tester' })
  return Object.assign(ways, {
    config,
    close: async () => {
      ways.closeAll()
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  })
}

/** What a server knows of the Pods that it leads to. */
export type PodWays = Omit<PodServer, 'config' | 'close'>

/** Has a server lead to Pods. */
export function attachPods(server: Server): PodWays {
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'v4.channel.k8s.io' })
  server.on('upgrade', (request, socket, head) => {
    ways.requests.push(request)
    const url = new URL(String(request.url), 'http://x')
    const [, namespace, pod] = /namespaces\/(.+)\/pods\/(.+)\/portforward$/.exec(url.pathname) ?? []
    const target = ways.pods.get(`${namespace}/${pod}:${url.searchParams.get('ports')}`)
    const status = ways.refuseWith ?? (target === undefined ? 404 : undefined)
    if (status !== undefined) socket.end(`HTTP/1.1 ${status} No\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
    // biome-ignore lint/suspicious/noExplicitAny: as above
    else sockets.handleUpgrade(request, socket, head, (webSocket: any) => forward(webSocket, Number(target)))
  })
  const ways: PodWays = {
    pods: new Map(),
    refuseWith: undefined,
    requests: [],
    open: () => sockets.clients.size,
    closeAll: () => {
      for (const client of sockets.clients) client.terminate()
    },
  }
  return ways
}

// biome-ignore lint/suspicious/noExplicitAny: as above
function forward(webSocket: any, port: number): void {
  const message = (channel: number, bytes: Buffer) => webSocket.send(Buffer.concat([Buffer.from([channel]), bytes]))
  // Each channel begins with the port, little-endian.
  for (const channel of [DATA, ERROR]) message(channel, Buffer.from([port & 0xff, port >> 8]))
  const socket = connect(port, '127.0.0.1')
  socket.on('data', (bytes: Buffer) => message(DATA, bytes))
  socket.on('error', (error) => message(ERROR, Buffer.from(`failed to connect: ${error.message}`)))
  socket.on('close', () => webSocket.close())
  webSocket.on('message', (bytes: Buffer) => socket.write(bytes.subarray(1)))
  webSocket.on('close', () => socket.destroy())
}
