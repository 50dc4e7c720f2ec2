import type { Components } from '../component-config.ts'

/**
 * Gives the processor that adds a Pod's owner. The Pod is known by the attributes that its proxy sends, its UID first.
 * Never by the connection: that one comes from the collector's own proxy, and every span would get the collector's Pod.
 */
export function kubernetesAttributesProcessor(): Components {
  return {
    k8s_attributes: {
      auth_type: 'serviceAccount',
      extract: { metadata: OWNERS },
      pod_association: ['k8s.pod.uid', 'k8s.pod.ip'].map((name) => ({
        sources: [{ from: 'resource_attribute', name }],
      })),
      // spans are worth more than their attributes: do not wait for the API server, and do not end without it
      wait_for_metadata: false,
      // what changes is watched; going through all Pods again costs CPU in large clusters and finds nothing
      watch_sync_period: '0s',
    },
  }
}

/** All of them are in the Pod itself; the Deployment's is made from the ReplicaSet's name. */
const OWNERS = [
  'k8s.namespace.name',
  'k8s.pod.name',
  'k8s.pod.uid',
  'k8s.node.name',
  'k8s.deployment.name',
  'k8s.statefulset.name',
  'k8s.daemonset.name',
  'k8s.job.name',
  'k8s.cronjob.name',
]

/** What the collector's ServiceAccount must be allowed, in all namespaces, for these attributes. */
export const KUBERNETES_ATTRIBUTES_RULES = [{ apiGroups: [''], resources: ['pods'], verbs: ['list', 'watch'] }] as const
