import { join } from 'node:path'
import { findFreePorts } from '../../cluster/control-plane/free-ports.ts'
import type { ServerProcess } from '../../cluster/control-plane/server-process.ts'
import { sumSeries } from '../../cluster/prometheus-text.ts'
import { waitForHealth } from './collector.ts'
import type { TraceRun } from './trace-run.ts'

const SOURCE = join(import.meta.dirname, '..', '..', '..', 'src', 'main.ts')

export interface BridgeOptions {
  /** `host:port` of the collector's OTLP receiver. */
  readonly collector: string
  readonly args?: readonly string[]
  /** What is run; the sources when absent. */
  readonly program?: string
}

export interface Bridge {
  /** `127.0.0.1:PORT` for OpenCensus clients. */
  readonly address: string
  readonly process: ServerProcess
  /** The text of its metrics. */
  readonly metrics: () => Promise<string>
  /** The sum of one of its metrics: `spans_received_total`, say. */
  readonly count: (metric: string, labels?: Readonly<Record<string, string>>) => Promise<number>
  readonly log: () => string
}

/** Starts `linkerd-tracing bridge` on free ports, and waits until it is ready. */
export async function startBridge(
  run: TraceRun,
  { collector, args = [], program = SOURCE }: BridgeOptions,
): Promise<Bridge> {
  const [port = 0, adminPort = 0] = await findFreePorts(2)
  const listeners = ['--host', '127.0.0.1', '--port', `${port}`, '--admin-port', `${adminPort}`]
  const command = [program, 'bridge', ...listeners, '--collector-address', collector, ...args]
  const started = run.start('bridge', process.execPath, { args: command })
  await waitForHealth(started, `http://127.0.0.1:${adminPort}/ready`)
  const metrics = async () => (await fetch(`http://127.0.0.1:${adminPort}/metrics`)).text()
  return {
    address: `127.0.0.1:${port}`,
    process: started,
    metrics,
    count: async (metric, labels) => sumSeries(await metrics(), `linkerd_tracing_bridge_${metric}`, labels),
    log: () => run.logOf('bridge'),
  }
}
