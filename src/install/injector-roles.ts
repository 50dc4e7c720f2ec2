import { type InstallLayout, isSeedLayout } from './layout.ts'
import {
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
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: meta(layout.namespace) },
    ...clusterRole(clusterRules(layout), layout.namespace),
    ...role(layout.linkerdNamespace, layout.namespace),
  ]
}

interface Rule {
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
  readonly verbs: readonly string[]
  readonly resourceNames?: readonly string[]
}

function clusterRules(layout: InstallLayout): Rule[] {
  const configurations = { apiGroups: ['admissionregistration.k8s.io'], resources: ['mutatingwebhookconfigurations'] }
  const own = [MARK_CONFIGURATION, TRACE_CONFIGURATION]
  return [
    { apiGroups: [''], resources: ['namespaces'], verbs: ['get', 'list', 'watch'] },
    { ...configurations, resourceNames: own, verbs: ['get', 'list', 'watch', 'patch'] },
    // the bundle of Linkerd's entry is copied into `forward`
    ...(isSeedLayout(layout)
      ? [{ ...configurations, resourceNames: [LINKERD_CONFIGURATION], verbs: ['get', 'list', 'watch'] }]
      : []),
  ]
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

/** `linkerd-config` alone of the control plane's ConfigMaps: domains and version of the mesh. */
function role(linkerdNamespace: string, namespace: string): Manifest[] {
  const rules: Rule[] = [
    { apiGroups: [''], resources: ['configmaps'], resourceNames: ['linkerd-config'], verbs: ['get', 'list', 'watch'] },
  ]
  return [
    { apiVersion: RBAC, kind: 'Role', metadata: meta(linkerdNamespace), rules },
    {
      apiVersion: RBAC,
      kind: 'RoleBinding',
      metadata: meta(linkerdNamespace),
      roleRef: roleRef('Role'),
      subjects: subjects(namespace),
    },
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
