import type { KubeConfig } from '@kubernetes/client-node'
import type { NamespaceReader } from '../admission/admit-pod.ts'
import { createApiClient } from './api-client.ts'
import type { ClusterLog } from './cluster-log.ts'
import { CLUSTER_TIMING, type ClusterTiming } from './cluster-timing.ts'
import { startDiscovery } from './discovery.ts'
import { type PatchResult, startForwardBundleSync } from './forward-bundle-sync.ts'
import type { LinkerdFacts } from './linkerd-config.ts'
import { type NamespaceMetrics, startNamespaceCache } from './namespace-cache.ts'

/** What is counted of the connection to the cluster. */
export interface ClusterMetrics extends NamespaceMetrics {
  readonly countForwardPatch: (result: PatchResult) => void
}

export interface ClusterOptions {
  readonly config: KubeConfig
  readonly linkerdNamespace: string
  /** In the seed layout the product lives in the control-plane namespace; only then there is a forward entry. */
  readonly collectorNamespace: string
  readonly log: ClusterLog
  readonly metrics: ClusterMetrics
  /** Overrides, for tests. */
  readonly timing?: Partial<ClusterTiming>
}

export interface ClusterConnection {
  readonly readNamespace: NamespaceReader
  /** What `linkerd-config` says now; the same object until it changes. */
  readonly discovered: () => LinkerdFacts
  /** Fulfilled once all Namespaces are known and `linkerd-config` has been asked for; nothing takes it back. */
  readonly ready: Promise<void>
  /** Ends all watches and closes all connections. */
  readonly stop: () => void
}

/**
 * Takes access to a cluster, starts to watch what the webhook needs of it. Never throws or rejects for what the API
 * server does: it is tried again, for ever, with growing pauses.
 */
export function connectCluster(options: ClusterOptions): ClusterConnection {
  const { log, metrics, linkerdNamespace } = options
  const timing = { ...CLUSTER_TIMING, ...options.timing }
  const client = createApiClient(options.config)
  const stopped = new AbortController()
  const common = { client, timing, log, signal: stopped.signal }
  const namespaces = startNamespaceCache({ ...common, metrics })
  const discovery = startDiscovery({ ...common, linkerdNamespace })
  if (options.collectorNamespace === linkerdNamespace) {
    startForwardBundleSync({ ...common, countPatch: metrics.countForwardPatch })
  }
  return {
    readNamespace: namespaces.readNamespace,
    discovered: discovery.discovered,
    ready: Promise.all([namespaces.synced, discovery.settled]).then(() => {}),
    stop: () => {
      stopped.abort(new Error('stopped'))
      client.close()
    },
  }
}
