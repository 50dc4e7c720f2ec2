import { METRICS } from './metrics-table.ts'

/** Takes a metric's key in the table, gives what prom-client wants to know of it. */
export function metricOptions<Key extends keyof typeof METRICS>(key: Key) {
  const { name, help, labels } = METRICS[key]
  return { name, help, labelNames: labels }
}
