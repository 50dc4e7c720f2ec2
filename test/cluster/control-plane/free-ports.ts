import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

// Below the ports that Linux (from 32768) and macOS (from 49152) give to outgoing connections. While the API server is
// restarted its clients go on dialling its port: within that range one of them can be given the very port as its
// own, and then either talks to itself or keeps the API server from coming back.
const FIRST = 20_000
const LAST = 32_000

/** Gives that many different ports that nothing listens on now; they are random, so that two runs at once differ. */
export async function findFreePorts(count: number): Promise<number[]> {
  const ports = new Set<number>()
  while (ports.size < count) {
    const port = randomInt(FIRST, LAST)
    if (!ports.has(port) && (await isFree(port))) ports.add(port)
  }
  return [...ports]
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)))
  })
}
