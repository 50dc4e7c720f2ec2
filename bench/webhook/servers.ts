import { join } from 'node:path'
import { findFreePorts } from '../../test/cluster/control-plane/free-ports.ts'
import { type ServerProcess, startServer } from '../../test/cluster/control-plane/server-process.ts'
import { waitUntil } from '../../test/cluster/control-plane/wait-until.ts'
import { startWatchdog } from '../../test/cluster/control-plane/watchdog.ts'
import { isListening } from '../../test/cluster/processes-of.ts'
import { onCore } from '../on-core.ts'
import { shippedProgram } from '../shipped-program.ts'

const ROOT = join(import.meta.dirname, '../..')

/** What is compared; the first is what the others are measured against. */
export const SERVERS = ['floor', 'linkerd-tracing', 'new workloads', 'fastify', 'go'] as const
export type ServerName = (typeof SERVERS)[number]

/** One that is measured. “new workloads” is linkerd-tracing too, with each Pod of another workload than all before. */
export interface BenchServer {
  readonly name: ServerName
  readonly url: string
  readonly process: ServerProcess
}

export interface BenchServers {
  readonly all: readonly BenchServer[]
  readonly caFile: string
  end(): Promise<void>
}

/** Starts all servers on one core, each idle until it is asked, with one certificate: that which ours makes for itself. */
export async function startServers({
  folder,
  emptyServer,
}: {
  folder: string
  emptyServer: string
}): Promise<BenchServers> {
  const watchdog = startWatchdog(folder)
  const ports = await findFreePorts(SERVERS.length + 1)
  const tls = join(folder, 'tls')
  const certificate = [join(tls, 'tls.crt'), join(tls, 'tls.key')]
  const node = process.execPath
  const start = async (name: ServerName, words: (port: string) => readonly string[]): Promise<BenchServer> => {
    const port = ports[SERVERS.indexOf(name)] ?? 0
    const [command = '', ...args] = [...onCore(1), ...words(String(port))]
    const server = startServer({ name, command, args, logFile: join(folder, `${name}.log`), watchdog })
    await waitUntil({ what: name, limitMs: 20_000, context: server.logTail }, () => isListening(port))
    return { name, url: `https://127.0.0.1:${port}/mutate`, process: server }
  }
  // As it is shipped: log of every decision, metrics, limits, the image's flags.
  const ours = await start('linkerd-tracing', (port) => [
    ...[...shippedProgram(), 'serve', '--cert-dir', tls],
    ...['--port', port, '--admin-port', String(ports.at(-1))],
  ])
  const floor = await start('floor', (port) => [
    ...[node, join(ROOT, 'bench/cluster/empty-webhook-process.ts'), port, ...certificate],
  ])
  const fastify = await start('fastify', (port) => [
    ...[node, join(import.meta.dirname, 'empty-fastify-process.ts'), port, ...certificate],
  ])
  const go = await start('go', (port) => [emptyServer, port, ...certificate])
  const end = async () => {
    await Promise.all([floor, ours, fastify, go].map(({ process }) => process.end('SIGKILL')))
    await watchdog.end()
  }
  return { all: [floor, ours, { ...ours, name: 'new workloads' }, fastify, go], caFile: join(tls, 'ca.crt'), end }
}
