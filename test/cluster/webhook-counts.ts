import { ENTRIES } from '../../src/install/object-names.ts'
import type { ClusterAccess } from './cluster-access.ts'
import { sumSeries } from './prometheus-text.ts'

/** What the API server itself has counted of our entries since it started. */
export interface WebhookCounts {
  /** Calls that failed, and after which the Pod was admitted as failurePolicy Ignore says. */
  readonly failedOpen: number
  /** Calls by which a Pod was rejected. */
  readonly rejected: number
  /** All calls, failed ones too. */
  readonly calls: number
}

/** Reads them from the API server's `/metrics`. */
export async function readWebhookCounts(cluster: ClusterAccess): Promise<WebhookCounts> {
  const { stdout } = await cluster.kubectl('get', '--raw', '/metrics')
  const sum = (metric: string) =>
    Object.values(ENTRIES).reduce((total, name) => total + sumSeries(stdout, metric, { name }), 0)
  return {
    failedOpen: sum('apiserver_admission_webhook_fail_open_count'),
    rejected: sum('apiserver_admission_webhook_rejection_count'),
    calls: sum('apiserver_admission_webhook_admission_duration_seconds_count'),
  }
}

/** Does something, and gives beside its result what was counted meanwhile. */
export async function countMeanwhile<T>(
  cluster: ClusterAccess,
  work: () => Promise<T>,
): Promise<{ result: T; counts: WebhookCounts }> {
  const before = await readWebhookCounts(cluster)
  const result = await work()
  const after = await readWebhookCounts(cluster)
  const { failedOpen, rejected, calls } = before
  return {
    result,
    counts: {
      failedOpen: after.failedOpen - failedOpen,
      rejected: after.rejected - rejected,
      calls: after.calls - calls,
    },
  }
}
