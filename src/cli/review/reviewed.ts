import type { JsonObject } from '../../injection/json.ts'
import type { ClusterView } from '../../kubernetes/cluster-view.ts'

export interface ReviewContext {
  readonly cluster: ClusterView
  readonly linkerdNamespace: string
  /** Of objects that name none. */
  readonly defaultNamespace: string
}

/** What would become of the Pods of one workload. */
export interface Reviewed {
  readonly workload: string
  readonly namespace: string
  /** `traced: spans go to …`, or why there is no decision. */
  readonly decision: string
  /** Set where there is no decision: the same sentence. */
  readonly error?: string
  /** Whatever any webhook or the API server itself has to say. */
  readonly warnings: readonly string[]
  /** The Pod without tracing and with it, where tracing changes it. */
  readonly change?: { readonly before: JsonObject; readonly after: JsonObject }
}
