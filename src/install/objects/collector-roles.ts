import { KUBERNETES_ATTRIBUTES_RULES } from '../collector/kubernetes-attributes.ts'
import { COLLECTOR, type Component, JAEGER, labelsOf } from '../object-names.ts'
import type { InstallValues } from '../values/values-schema.ts'
import type { Manifest } from '../webhook-configurations.ts'

const RBAC = 'rbac.authorization.k8s.io'

/** Takes the values, gives the collector's ServiceAccount, and its right to read Pods where spans get their owners. */
export function collectorRoles(values: InstallValues): Manifest[] {
  const { namespace, collector } = values
  const account = serviceAccount('collector', { name: COLLECTOR, namespace })
  if (!collector.kubernetesAttributes) return [account]
  const metadata = { name: COLLECTOR, labels: labelsOf('collector') }
  const apiVersion = `${RBAC}/v1`
  return [
    account,
    { apiVersion, kind: 'ClusterRole', metadata, rules: KUBERNETES_ATTRIBUTES_RULES },
    {
      apiVersion,
      kind: 'ClusterRoleBinding',
      metadata,
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: COLLECTOR },
      subjects: [{ kind: 'ServiceAccount', name: COLLECTOR, namespace }],
    },
  ]
}

/** Takes the values, gives Jaeger's ServiceAccount: a mesh identity, without any right. */
export function jaegerAccount({ namespace }: InstallValues): Manifest {
  return serviceAccount('jaeger', { name: JAEGER, namespace })
}

function serviceAccount(component: Component, place: { readonly name: string; readonly namespace: string }): Manifest {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { ...place, labels: labelsOf(component) } }
}
