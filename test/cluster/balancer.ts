import { get } from 'node:http'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** One process behind the balancer. */
export interface Replica {
  /** Where connections go, on 127.0.0.1. */
  readonly port: number
  /** `http://127.0.0.1:PORT/ready` */
  readonly readyUrl: string
}

export interface BalancerOptions {
  /** How long after a process's `/ready` has changed connections follow; about a second in a cluster. */
  readonly lagMs?: number
  /** How often `/ready` is asked. */
  readonly pollMs?: number
}

export interface Balancer {
  readonly port: number
  /** Takes a replica in as soon as it is ready (and the lag has passed); gives the function that takes it out. */
  follow(replica: Replica): () => void
  /** The ports that new connections go to now. */
  targets(): number[]
  /** Connections so far, by port. */
  readonly connections: ReadonlyMap<number, number>
  /**
   * Ends all connections and waits until their callers know, so that the next call needs a handshake. For a moment at
   * which nobody calls: what is under way is lost.
   */
  hangUp(): Promise<void>
  close(): Promise<void>
}

/**
 * Balances TCP connections over several processes, as a Service with endpoints does: round robin, by each process's
 * `/ready`, late by the time that probe, EndpointSlice and kube-proxy take together. Within that time a connection goes
 * to a process that has already closed, and is refused; a connection that is open stays open. An ExternalName Service
 * leads to one port only, so without this a rolling restart under load would prove nothing.
 */
export async function startBalancer({ lagMs = 1_000, pollMs = 100 }: BalancerOptions = {}): Promise<Balancer> {
  const ready = new Set<number>()
  const connections = new Map<number, number>()
  const sockets = new Set<Socket>()
  const clients = new Set<Socket>()
  const unfollow = new Set<() => void>()
  let turn = 0

  const server = createServer({ allowHalfOpen: true }, (client) => {
    const targets = [...ready]
    const port = targets[turn++ % targets.length]
    if (port === undefined) {
      client.resetAndDestroy()
      return
    }
    connections.set(port, (connections.get(port) ?? 0) + 1)
    clients.add(client)
    client.once('close', () => clients.delete(client))
    for (const socket of join(client, connect({ host: '127.0.0.1', port, allowHalfOpen: true }))) {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
    }
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve)
  })

  const follow = ({ port, readyUrl }: Replica) => {
    // What was seen is put into force later, in the order in which it was seen.
    const timers = new Set<NodeJS.Timeout>()
    const poll = setInterval(async () => {
      const isReady = await asksReady(readyUrl)
      const timer = setTimeout(() => {
        timers.delete(timer)
        if (isReady) ready.add(port)
        else ready.delete(port)
      }, lagMs)
      timers.add(timer)
    }, pollMs)
    const stop = () => {
      clearInterval(poll)
      for (const timer of timers) clearTimeout(timer)
      ready.delete(port)
      unfollow.delete(stop)
    }
    unfollow.add(stop)
    return stop
  }

  return {
    port: (server.address() as AddressInfo).port,
    follow,
    targets: () => [...ready],
    connections,
    hangUp: async () => {
      const closed = [...clients].map((client) => new Promise((resolve) => client.once('close', resolve).end()))
      await Promise.all(closed)
    },
    close: async () => {
      for (const stop of unfollow) stop()
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

// Each way ends when its sender ends it, and a broken connection is broken on both sides: the balancer adds no end of
// its own.
function join(client: Socket, replica: Socket): [Socket, Socket] {
  client.pipe(replica).pipe(client)
  client.once('error', () => replica.destroy()).once('close', () => replica.destroy())
  replica.once('error', () => client.resetAndDestroy()).once('close', () => client.destroySoon())
  return [client, replica]
}

function asksReady(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = get(url, { agent: false, timeout: 500 }, (response) => {
      response.resume()
      resolve(response.statusCode === 200)
    })
    asked.once('timeout', () => asked.destroy()).once('error', () => resolve(false))
  })
}
