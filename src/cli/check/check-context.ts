import type { ClusterView } from '../../kubernetes/cluster-view.ts'
import type { OpenPortForward } from '../../kubernetes/port-forward.ts'
import type { SpanProbe } from '../traces/span-probe.ts'

/** What the checks look at. */
export interface CheckContext {
  readonly cluster: ClusterView
  readonly linkerdNamespace: string
  readonly now: Date
  readonly openPort: OpenPortForward
  readonly asked: AskedFor
}

/** What is checked only where it is asked for. */
export interface AskedFor {
  /** `--span` */
  readonly span?: SpanProbe
  /** `--jaeger-url`, `--collector-url`; where they are not said, ports are forwarded. */
  readonly jaegerUrl?: string | undefined
  readonly collectorUrl?: string | undefined
  /** `--proxy`, of one Namespace or of all. */
  readonly proxies?: { readonly namespace?: string | undefined }
}

/** Collections of the API that checks read. */
export const NAMESPACES = { root: '/api/v1', plural: 'namespaces' } as const
const ADMISSION = '/apis/admissionregistration.k8s.io/v1'
export const CONFIGURATIONS = { root: ADMISSION, plural: 'mutatingwebhookconfigurations' } as const
const RBAC = '/apis/rbac.authorization.k8s.io/v1'
export const CLUSTER_ROLES = { root: RBAC, plural: 'clusterroles' } as const
export const CLUSTER_ROLE_BINDINGS = { root: RBAC, plural: 'clusterrolebindings' } as const
