import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Backend } from '../../../src/install/collector/backend.ts'
import { JAEGER_BACKEND } from '../../../src/install/collector/collector-settings.ts'
import { configYaml } from '../../../src/install/config-yaml.ts'
import { jaegerConfig } from '../../../src/install/jaeger/jaeger-config.ts'
import {
  DEFAULT_JAEGER_SETTINGS,
  JAEGER_PORTS,
  type JaegerSettings,
} from '../../../src/install/jaeger/jaeger-settings.ts'
import type { ServerProcess } from '../../cluster/control-plane/server-process.ts'
import { waitForHealth } from './collector.ts'
import { mapPorts, onLoopback } from './on-loopback.ts'
import type { TraceRun } from './trace-run.ts'

export interface Jaeger {
  /** The collector's own Jaeger backend, with the address that it has here. */
  readonly backend: Backend
  /** `http://127.0.0.1:PORT` of page and API, without base path. */
  readonly query: string
  readonly health: string
  /** Starts it and waits until it is healthy; again after it was ended, on the same ports. */
  readonly start: () => Promise<ServerProcess>
  readonly log: () => string
}

/** Writes our own configuration for Jaeger, on free ports; it is not started yet. */
export async function prepareJaeger(run: TraceRun, settings: Partial<JaegerSettings> = {}): Promise<Jaeger> {
  const ports = await mapPorts(Object.values(JAEGER_PORTS))
  const config = jaegerConfig({ ...DEFAULT_JAEGER_SETTINGS, ...settings })
  if (config === undefined) throw new Error('These settings ask for no Jaeger.')
  const file = join(run.folder, `jaeger-${ports[JAEGER_PORTS.query]}.yaml`)
  await writeFile(file, configYaml(onLoopback(config, ports)))
  // The 2.0 line answers below `/status`; what a probe of Kubernetes asks is the same.
  const health = `http://127.0.0.1:${ports[JAEGER_PORTS.health]}/status`
  return {
    backend: { ...JAEGER_BACKEND, endpoint: `127.0.0.1:${ports[JAEGER_PORTS.otlpGrpc]}` },
    query: `http://127.0.0.1:${ports[JAEGER_PORTS.query]}`,
    health,
    start: async () => {
      const started = run.start('jaeger', run.programs.jaeger, { args: ['--config', file] })
      await waitForHealth(started, health)
      return started
    },
    log: () => run.logOf('jaeger'),
  }
}

/** Prepares Jaeger and starts it. */
export async function startJaeger(
  run: TraceRun,
  settings: Partial<JaegerSettings> = {},
): Promise<Jaeger & { readonly process: ServerProcess }> {
  const jaeger = await prepareJaeger(run, settings)
  return { ...jaeger, process: await jaeger.start() }
}
