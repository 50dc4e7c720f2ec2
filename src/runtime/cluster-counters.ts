import { Counter, Gauge, type Registry } from 'prom-client'
import { metricOptions } from './metric-options.ts'

/** The metrics of the connection to the cluster. Without a cluster they stay at 0. */
export interface ClusterCounters {
  readonly setNamespaces: (count: number) => void
  readonly setLastEvent: (at: Date) => void
  readonly countWatchRestart: (cause: string) => void
  readonly countGet: (result: string) => void
  readonly countForwardPatch: (result: string) => void
}

/** Takes the registries to be in, gives the metrics. */
export function createClusterCounters(registers: Registry[]): ClusterCounters {
  const namespaces = new Gauge({ ...metricOptions('namespaces'), registers })
  const lastEvent = new Gauge({ ...metricOptions('namespaceLastEvent'), registers })
  const restarts = new Counter({ ...metricOptions('namespaceWatchRestarts'), registers })
  const gets = new Counter({ ...metricOptions('namespaceGets'), registers })
  const patches = new Counter({ ...metricOptions('forwardBundlePatches'), registers })
  return {
    setNamespaces: (count) => namespaces.set(count),
    setLastEvent: (at) => lastEvent.set(at.getTime() / 1000),
    countWatchRestart: (cause) => restarts.inc({ cause }),
    countGet: (result) => gets.inc({ result }),
    countForwardPatch: (result) => patches.inc({ result }),
  }
}
