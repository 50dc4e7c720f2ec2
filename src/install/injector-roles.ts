import { type InstallLayout, isSeedLayout } from './layout.ts'
import {
  CERTIFICATE_SECRET,
  INJECTOR,
  INJECTOR_LABELS,
  LINKERD_CONFIGURATION,
  MARK_CONFIGURATION,
  TRACE_CONFIGURATION,
} from './object-names.ts'
import type { Manifest } from './webhook-configurations.ts'

/**
 * The rights of the injector, the least that works, by resource name where Kubernetes can. The right to patch a
 * webhook configuration is the right to change any Pod: the policy in `ca-bundle-policy.ts` narrows it further.
 */
export function injectorRoles(layout: InstallLayout): Manifest[] {
  const namespaces = [...new Set([layout.linkerdNamespace, layout.namespace])]
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: meta(layout.namespace) },
    ...clusterRole(clusterRules(layout), layout.namespace),
    ...namespaces.flatMap((namespace) => role(namespace, layout)),
  ]
}

interface Rule {
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
  readonly verbs: readonly string[]
  readonly resourceNames?: readonly string[]
}

const READ = ['get', 'list', 'watch']

function clusterRules(layout: InstallLayout): Rule[] {
  const configurations = { apiGroups: ['admissionregistration.k8s.io'], resources: ['mutatingwebhookconfigurations'] }
  const written = writtenConfigurations(layout)
  return [
    { apiGroups: [''], resources: ['namespaces'], verbs: READ },
    ...(written.length > 0 ? [{ ...configurations, resourceNames: written, verbs: [...READ, 'patch'] }] : []),
    // the bundle of Linkerd's entry is copied into `forward`
    ...(isSeedLayout(layout) ? [{ ...configurations, resourceNames: [LINKERD_CONFIGURATION], verbs: READ }] : []),
  ]
}

/** Takes a layout, gives the configurations whose caBundles the injector writes. */
export function writtenConfigurations(layout: InstallLayout): string[] {
  if (layout.certs === 'self-managed') return [MARK_CONFIGURATION, TRACE_CONFIGURATION]
  // `forward` is an entry of the first; its bundle is Linkerd's, whatever ours is
  return isSeedLayout(layout) ? [MARK_CONFIGURATION] : []
}

function clusterRole(rules: readonly Rule[], namespace: string): Manifest[] {
  return [
    { apiVersion: RBAC, kind: 'ClusterRole', metadata: meta(), rules },
    {
      apiVersion: RBAC,
      kind: 'ClusterRoleBinding',
      metadata: meta(),
      roleRef: roleRef('ClusterRole'),
      subjects: subjects(namespace),
    },
  ]
}

const RBAC = 'rbac.authorization.k8s.io/v1'

function role(namespace: string, layout: InstallLayout): Manifest[] {
  const rules = [
    ...(namespace === layout.linkerdNamespace ? [LINKERD_CONFIG] : []),
    ...(namespace === layout.namespace ? certificateRules(layout) : []),
  ]
  if (rules.length === 0) return []
  return [
    { apiVersion: RBAC, kind: 'Role', metadata: meta(namespace), rules },
    {
      apiVersion: RBAC,
      kind: 'RoleBinding',
      metadata: meta(namespace),
      roleRef: roleRef('Role'),
      subjects: subjects(layout.namespace),
    },
  ]
}

/** `linkerd-config` alone of the control plane's ConfigMaps: domains and version of the mesh. */
const LINKERD_CONFIG: Rule = {
  apiGroups: [''],
  resources: ['configmaps'],
  resourceNames: ['linkerd-config'],
  verbs: READ,
}

/**
 * The one Secret, and events that tell of it. A deleted Secret is made again by server-side apply, which the API
 * server checks against `create` with the name; in the seed layout the namespace is Linkerd's, and nothing is made there.
 */
function certificateRules(layout: InstallLayout): Rule[] {
  if (layout.certs !== 'self-managed') return []
  const create = isSeedLayout(layout) ? [] : ['create']
  return [
    {
      apiGroups: [''],
      resources: ['secrets'],
      resourceNames: [CERTIFICATE_SECRET],
      verbs: [...READ, 'update', 'patch', ...create],
    },
    { apiGroups: [''], resources: ['events'], verbs: ['create'] },
  ]
}

function meta(namespace?: string): Manifest {
  return { name: INJECTOR, ...(namespace !== undefined && { namespace }), labels: INJECTOR_LABELS }
}

function roleRef(kind: 'Role' | 'ClusterRole'): Manifest {
  return { apiGroup: 'rbac.authorization.k8s.io', kind, name: INJECTOR }
}

function subjects(namespace: string): Manifest[] {
  return [{ kind: 'ServiceAccount', name: INJECTOR, namespace }]
}
