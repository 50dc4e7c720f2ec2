import { findFreePorts } from '../../cluster/control-plane/free-ports.ts'

type Json = string | number | boolean | null | undefined | readonly Json[] | { readonly [key: string]: Json }

/** A configured port, and the free one of 127.0.0.1 that stands for it here. */
export type PortMap = Readonly<Record<number, number>>

/** Takes ports as they are configured, gives a free port for each. */
export async function mapPorts(ports: readonly number[]): Promise<PortMap> {
  const free = await findFreePorts(ports.length)
  return Object.fromEntries(ports.map((port, index) => [port, free[index] ?? 0]))
}

/**
 * Takes a configuration as it is installed, gives the same with its listeners on 127.0.0.1 and on the free ports: nothing
 * else is changed, so that what is tested is what is shipped.
 */
export function onLoopback<T>(config: T, ports: PortMap): T {
  return moved(config as Json, ports) as T
}

function moved(value: Json, ports: PortMap): Json {
  if (typeof value === 'string') {
    const port = /^0\.0\.0\.0:(\d+)$/.exec(value)?.[1]
    return port === undefined ? value : `127.0.0.1:${portOf(Number(port), ports)}`
  }
  if (Array.isArray(value)) return value.map((item) => moved(item, ports))
  if (typeof value !== 'object' || value === null) return value
  const { host, port } = value as { host?: Json; port?: Json }
  if (host === '0.0.0.0' && typeof port === 'number') return { ...value, host: '127.0.0.1', port: portOf(port, ports) }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, moved(item, ports)]))
}

function portOf(port: number, ports: PortMap): number {
  const mapped = ports[port]
  if (mapped === undefined) throw new Error(`The configuration listens on port ${port}, which the test does not know.`)
  return mapped
}
