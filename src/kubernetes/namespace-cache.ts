import type { NamespaceReader } from '../admission/admit-pod.ts'
import type { ApiClient } from './api-client.ts'
import type { ClusterLog } from './cluster-log.ts'
import type { ClusterTiming } from './cluster-timing.ts'
import { watchCollection } from './collection-watch.ts'
import { createNamespaceLookup, type LookupResult } from './namespace-lookup.ts'
import { NAMESPACE_ACCEPT, NAMESPACE_PAGE_LIMIT, NAMESPACES } from './namespace-resource.ts'
import { createNamespaceStore } from './namespace-store.ts'
import { reportFailures } from './report-failures.ts'
import type { WatchEnd } from './watch-failure.ts'

/** What is counted of the cache. */
export interface NamespaceMetrics {
  readonly setNamespaces: (count: number) => void
  /** The watch has shown that it lives. */
  readonly setLastEvent: (at: Date) => void
  readonly countWatchRestart: (cause: WatchEnd) => void
  readonly countGet: (result: LookupResult) => void
}

export interface NamespaceCacheParts {
  readonly client: ApiClient
  readonly timing: ClusterTiming
  readonly signal: AbortSignal
  readonly log: ClusterLog
  readonly metrics: NamespaceMetrics
}

export interface NamespaceCache {
  /** Reads what the watch has shown, else asks the API server once. */
  readonly readNamespace: NamespaceReader
  /** Fulfilled with the first list. Stale data is better than none, so nothing takes it back. */
  readonly synced: Promise<void>
}

/** Starts to watch all Namespaces, until the signal aborts. */
export function startNamespaceCache({ client, timing, signal, log, metrics }: NamespaceCacheParts): NamespaceCache {
  const store = createNamespaceStore()
  const lookup = createNamespaceLookup({ client, timing, onResult: metrics.countGet })
  const { promise: synced, resolve } = Promise.withResolvers<void>()
  const report = reportFailures('Namespaces', log)
  void watchCollection({
    client,
    resource: NAMESPACES,
    accept: NAMESPACE_ACCEPT,
    pageLimit: NAMESPACE_PAGE_LIMIT,
    sink: store,
    timing,
    signal,
    onSynced: () => {
      log.info({ namespaces: store.size() }, 'Namespaces listed')
      resolve()
    },
    onAlive: () => {
      report.onAlive()
      metrics.setNamespaces(store.size())
      metrics.setLastEvent(new Date())
    },
    onFailure: (failure) => {
      metrics.countWatchRestart(failure.cause)
      report.onFailure(failure)
    },
  })
  return { readNamespace: (name) => store.get(name) ?? lookup(name), synced }
}
