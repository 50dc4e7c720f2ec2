import type { ClusterView } from '../../kubernetes/cluster-view.ts'

/** What the checks look at. */
export interface CheckContext {
  readonly cluster: ClusterView
  readonly linkerdNamespace: string
  readonly now: Date
}

/** Collections of the API that checks read. */
export const NAMESPACES = { root: '/api/v1', plural: 'namespaces' } as const
const ADMISSION = '/apis/admissionregistration.k8s.io/v1'
export const CONFIGURATIONS = { root: ADMISSION, plural: 'mutatingwebhookconfigurations' } as const
const RBAC = '/apis/rbac.authorization.k8s.io/v1'
export const CLUSTER_ROLES = { root: RBAC, plural: 'clusterroles' } as const
export const CLUSTER_ROLE_BINDINGS = { root: RBAC, plural: 'clusterrolebindings' } as const
