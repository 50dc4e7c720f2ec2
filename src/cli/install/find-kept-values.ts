import { type KeptValues, readKeptValues } from '../../install/kept-values.ts'
import { KEPT_VALUES } from '../../install/object-names.ts'
import type { ClusterView } from '../../kubernetes/cluster-view.ts'

/** Takes the Namespace of an installation, gives what is kept there of how it was asked for; undefined when nothing is. */
export async function findKeptValues(cluster: ClusterView, namespace: string): Promise<KeptValues | undefined> {
  const configMap = await cluster.get({ root: '/api/v1', plural: 'configmaps', namespace }, KEPT_VALUES)
  return configMap === undefined ? undefined : readKeptValues(configMap)
}
