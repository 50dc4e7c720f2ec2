import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type CollectorConfig, collectorConfig } from '../../../src/install/collector/collector-config.ts'
import { collectorArguments } from '../../../src/install/collector/collector-environment.ts'
import {
  COLLECTOR_PORTS,
  type CollectorSettings,
  DEFAULT_COLLECTOR_SETTINGS,
} from '../../../src/install/collector/collector-settings.ts'
import { configYaml } from '../../../src/install/config-yaml.ts'
import type { ServerProcess } from '../../cluster/control-plane/server-process.ts'
import { waitUntil } from '../../cluster/control-plane/wait-until.ts'
import { mapPorts, onLoopback } from './on-loopback.ts'
import type { TraceRun } from './trace-run.ts'

export interface CollectorOptions {
  /** Of its log and configuration; `collector` when absent. */
  readonly name?: string
  /** Instead of the defaults. There is no API server for Kubernetes attributes unless the test has one. */
  readonly settings?: Partial<CollectorSettings>
  /** What the test changes of the configuration that these settings give. */
  readonly change?: (config: CollectorConfig) => object
  readonly env?: NodeJS.ProcessEnv
}

export interface Collector {
  /** `127.0.0.1:PORT` of OTLP over gRPC. */
  readonly grpc: string
  /** URL of OTLP over HTTP, without `/v1/traces`. */
  readonly http: string
  readonly health: string
  /** Starts it and waits until it is healthy; again after it was ended, on the same ports. */
  readonly start: () => Promise<ServerProcess>
  /** The text of its own metrics. */
  readonly metrics: () => Promise<string>
  readonly log: () => string
}

/** Writes our own configuration for a collector, on free ports; it is not started yet. */
export async function prepareCollector(run: TraceRun, options: CollectorOptions = {}): Promise<Collector> {
  const { name = 'collector', settings, change = (config) => config, env = {} } = options
  const ports = await mapPorts(Object.values(COLLECTOR_PORTS))
  const all = { ...DEFAULT_COLLECTOR_SETTINGS, kubernetesAttributes: false, ...settings }
  const config = collectorConfig(all)
  const file = join(run.folder, `${name}.yaml`)
  await writeFile(file, configYaml(onLoopback(change(config), ports) as CollectorConfig))
  const url = (port: number) => `http://127.0.0.1:${ports[port]}`
  const health = url(COLLECTOR_PORTS.health)
  return {
    grpc: `127.0.0.1:${ports[COLLECTOR_PORTS.otlpGrpc]}`,
    http: url(COLLECTOR_PORTS.otlpHttp),
    health,
    start: async () => {
      const started = run.start(name, run.programs.otelcol, {
        args: ['--config', file, ...collectorArguments(all)],
        env,
      })
      await waitForHealth(started, health)
      return started
    },
    metrics: async () => (await fetch(`${url(COLLECTOR_PORTS.metrics)}/metrics`)).text(),
    log: () => run.logOf(name),
  }
}

/** Prepares a collector and starts it. */
export async function startCollector(
  run: TraceRun,
  options: CollectorOptions = {},
): Promise<Collector & { readonly process: ServerProcess }> {
  const collector = await prepareCollector(run, options)
  return { ...collector, process: await collector.start() }
}

/** Waits until a process says that it is healthy. */
export async function waitForHealth(started: ServerProcess, url: string): Promise<void> {
  await waitUntil({ what: `${started.name} to be healthy`, limitMs: 60_000, context: started.logTail }, async () => {
    if (started.hasExited()) throw new Error(`${started.name} has ended.`)
    return (await fetch(url)).ok
  })
}
