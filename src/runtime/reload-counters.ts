import { Counter, Gauge, type Registry } from 'prom-client'
import { metricOptions } from './metric-options.ts'

/** Which files are read anew while the server runs. */
export type ReloadedFiles = 'serving' | 'client-ca'

/** The metrics of files that are read anew. */
export interface ReloadCounters {
  readonly countFailure: (files: ReloadedFiles) => void
  readonly setLoaded: (files: ReloadedFiles, at: Date) => void
}

/** Takes the registries to be in, gives the metrics. */
export function createReloadCounters(registers: Registry[]): ReloadCounters {
  const failures = new Counter({ ...metricOptions('certificateReloadFailures'), registers })
  const loaded = new Gauge({ ...metricOptions('certificateReload'), registers })
  return {
    countFailure: (files) => failures.inc({ files }),
    setLoaded: (files, at) => {
      // There from the start, so that its first rise is seen as one.
      failures.inc({ files }, 0)
      loaded.set({ files }, at.getTime() / 1000)
    },
  }
}
