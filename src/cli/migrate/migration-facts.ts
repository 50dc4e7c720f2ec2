import type { InstallSettings } from '../../injection/install-settings.ts'
import type { JsonObject } from '../../injection/json.ts'
import type { Collection } from '../../kubernetes/cluster-view.ts'
import type { WorkloadName } from '../pod-coverage/workload.ts'

/** An object as the API server has it, and where it is. */
export interface FoundObject {
  readonly kind: string
  readonly collection: Collection
  readonly object: JsonObject
}

/** A webhook configuration of linkerd-jaeger, as it seems. */
export interface FoundWebhook extends FoundObject {
  /** Its label or name says so; else it only leads to a Service of such a name, which may be anybody's. */
  readonly isOwn: boolean
  /** The Services that its entries lead to, `NAMESPACE/NAME`, and whether they are there. */
  readonly services: readonly { readonly name: string; readonly isThere: boolean }[]
}

/** A workload with Pods whose proxies have trace variables. */
export interface Sender {
  readonly workload: WorkloadName
  readonly addresses: readonly SenderAddress[]
  /** Variables that stand twice in one proxy: linkerd-jaeger adds its own beside Linkerd's. */
  readonly doubled: readonly string[]
}

export interface SenderAddress {
  /** `host:port`, as it stands in the proxy. */
  readonly address: string
  /** An annotation of Pod or Namespace, or our own webhook, has put it there. */
  readonly isOurs: boolean
  /** The Pod says `tracing.linkerd.io/inject: disabled`: nothing of ours replaces it. */
  readonly isOptedOut: boolean
}

/** What is behind a Service: a Pod that is ready or none, or why that cannot be told. */
export type ServiceState = 'ready' | 'not-ready' | 'external-name' | 'no-selector' | 'not-readable'

/** What the cluster says that a migration depends on. */
export interface MigrationFacts {
  readonly linkerdNamespace: string
  readonly isInstalled: boolean
  readonly settings: InstallSettings
  /** All of them, as the API server lists their metadata. */
  readonly namespaces: readonly JsonObject[]
  readonly webhooks: readonly FoundWebhook[]
  /** ClusterRoles, and bindings of cluster and control plane. */
  readonly roles: readonly FoundObject[]
  /** What linkerd-jaeger has in its Namespaces. */
  readonly contents: readonly FoundObject[]
  /** Workloads of others in those Namespaces. */
  readonly tenants: readonly WorkloadName[]
  /** Undefined: not there, or not readable. */
  readonly linkerdConfig: JsonObject | undefined
  /** Where programs of the control plane send spans to, by their arguments. */
  readonly components: readonly { readonly workload: WorkloadName; readonly address: string }[]
  /** Workloads whose Pods are told a collector by annotation. */
  readonly annotated: readonly FoundObject[]
  readonly senders: readonly Sender[]
  /** Of the Services that collectors' addresses name, those that are there: `NAMESPACE/NAME`. */
  readonly services: ReadonlyMap<string, ServiceState>
  /** What could not be found out, each a sentence. */
  readonly notes: readonly string[]
}
