import { join } from 'node:path'
import type { Backend } from '../../src/install/collector/backend.ts'
import type { CollectorConfig } from '../../src/install/collector/collector-config.ts'
import { DEFAULT_COLLECTOR_SETTINGS } from '../../src/install/collector/collector-settings.ts'
import { sumSeries } from '../../test/cluster/prometheus-text.ts'
import { startBridge } from '../../test/traces/processes/bridge.ts'
import { startCollector } from '../../test/traces/processes/collector.ts'
import type { TraceRun } from '../../test/traces/processes/trace-run.ts'

/**
 * `receiver`: the collector with its OTLP receiver alone, what comes is thrown away; `receiver and exporter`: it passes on, in
 * batches, as the bridge does; `as installed`: with the memory limiter and redaction as well.
 */
export const SERVERS = ['bridge', 'receiver', 'receiver and exporter', 'as installed'] as const
export type ServerName = (typeof SERVERS)[number]

export interface Server {
  readonly address: string
  readonly pid: number
  /** Spans that it is done with. */
  readonly done: () => Promise<number>
}

const BRIDGE = join(import.meta.dirname, '..', '..', 'dist', 'main.js')

/** Starts them all, and one more collector that takes what those pass on. */
export async function startServers(run: TraceRun): Promise<Record<ServerName, Server>> {
  const sink = await startCollector(run, { name: 'sink', change: receiverAlone })
  const backends: Backend[] = [{ name: 'sink', protocol: 'grpc', endpoint: sink.grpc, tls: false }]
  // As fast as they can be sent spans come faster than the bridge takes them; none is to be dropped here.
  const args = ['--queue-bytes', '1Gi', '--queue-spans', '10000000']
  const bridge = await startBridge(run, { collector: sink.grpc, program: BRIDGE, args })
  const collector = async (name: ServerName, change?: (config: CollectorConfig) => object): Promise<Server> => {
    const settings = { ...DEFAULT_COLLECTOR_SETTINGS, kubernetesAttributes: false, backends }
    const started = await startCollector(run, { name, settings, ...(change && { change }) })
    const counter = name === 'receiver' ? 'otelcol_receiver_accepted_spans' : 'otelcol_exporter_sent_spans'
    return {
      address: started.grpc,
      pid: started.process.pid,
      done: async () => sumSeries(await started.metrics(), counter),
    }
  }
  return {
    bridge: { address: bridge.address, pid: bridge.process.pid, done: () => bridge.count('spans_sent_total') },
    receiver: await collector('receiver', receiverAlone),
    'receiver and exporter': await collector('receiver and exporter', (config) => withProcessors(config, ['batch'])),
    'as installed': await collector('as installed'),
  }
}

function withProcessors({ service, ...config }: CollectorConfig, processors: readonly string[]): CollectorConfig {
  const traces = { ...service.pipelines.traces, processors }
  return { ...config, service: { ...service, pipelines: { traces } } } as CollectorConfig
}

function receiverAlone(config: CollectorConfig): object {
  const { service, ...bare } = withProcessors(config, [])
  // It throws away all that it gets; one line a request would be work of its own.
  const debug = { verbosity: 'basic', sampling_initial: 1, sampling_thereafter: 1_000_000 }
  const traces = { ...service.pipelines.traces, exporters: ['debug'] }
  return { ...bare, exporters: { debug }, service: { ...service, pipelines: { traces } } }
}
