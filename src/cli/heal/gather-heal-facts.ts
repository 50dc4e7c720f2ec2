import type { InstallSettings } from '../../injection/install-settings.ts'
import { type JsonObject, objectOf } from '../../injection/json.ts'
import type { ClusterView } from '../../kubernetes/cluster-view.ts'
import { nameOf } from '../check/entries.ts'
import { isEnding } from '../check/pod-readiness.ts'
import { labelSelector } from '../explain/label-selector.ts'
import { collectionOf } from '../opt-in/restart-workloads.ts'
import { judgePod } from '../pod-coverage/judge-pod.ts'
import type { KnownNamespace } from '../pod-coverage/known-namespace.ts'
import type { PodState } from '../pod-coverage/pod-state.ts'
import { isRolled } from '../pod-coverage/restart-advice.ts'
import { MIDDLE_KINDS, ownerOf, type WorkloadName, workloadKey } from '../pod-coverage/workload.ts'
import type { HealFacts, SeenPod } from './heal-facts.ts'

/** Where workloads are looked at, and what their Pods are judged by. */
export interface HealGround {
  readonly cluster: ClusterView
  readonly namespaces: readonly KnownNamespace[]
  readonly settings: InstallSettings
  /** In which of them a Pod is to be made anew. */
  readonly states: readonly PodState[]
}

/** Takes a workload, gives what is known of it at this moment. Rejects where that may not be read: what is unknown is in the way. */
export async function gatherHealFacts(workload: WorkloadName, ground: HealGround): Promise<HealFacts> {
  const { cluster, states } = ground
  const { namespace, name } = workload
  // Of what is not rolled nothing matters but its kind.
  if (!isRolled(workload)) return { workload, states, object: undefined, pods: [], budgets: [], autoscalers: [] }
  const [object, budgets, autoscalers] = await Promise.all([
    cluster.get(collectionOf(workload), name),
    cluster.list({ root: '/apis/policy/v1', plural: 'poddisruptionbudgets', namespace }),
    cluster.list({ root: '/apis/autoscaling/v2', plural: 'horizontalpodautoscalers', namespace }),
  ])
  const pods = object === undefined ? [] : await seenPods(workload, object, ground)
  return { workload, states, object, pods, budgets: budgets ?? [], autoscalers: autoscalers ?? [] }
}

async function seenPods(workload: WorkloadName, object: JsonObject, ground: HealGround): Promise<SeenPod[]> {
  const { cluster, namespaces, settings } = ground
  const { namespace } = workload
  const known = namespaces.find(({ name }) => name === namespace)
  if (known === undefined) return []
  const selector = labelSelector(objectOf(objectOf(object, 'spec'), 'selector'))
  // By a view of its own, which is forgotten: all Pods of a large cluster may have been missed.
  const asked = cluster.renew()
  const [pods, makers] = await Promise.all([
    asked.list({ root: '/api/v1', plural: 'pods', namespace }, selector),
    makersOf(workload, asked, selector),
  ])
  return (pods ?? [])
    .filter((pod) => !isEnding(pod) && isMadeBy(pod, makers))
    .map((pod) => ({
      name: nameOf(pod),
      labels: objectOf(objectOf(pod, 'metadata'), 'labels'),
      state: judgePod(pod, { namespace: known, settings }).state,
    }))
}

/** The workload, and the ReplicaSets of a Deployment: Pods of others may have the labels of its selector too. */
async function makersOf(workload: WorkloadName, cluster: ClusterView, selector: string): Promise<WorkloadName[]> {
  if (workload.kind !== 'Deployment') return [workload]
  const { namespace } = workload
  const found = (await cluster.list({ ...REPLICA_SET.collection, namespace }, selector)) ?? []
  const own = found.filter((replicaSet) => isMadeBy(replicaSet, [workload]))
  const { group, kind } = REPLICA_SET
  return [workload, ...own.map((replicaSet) => ({ namespace, group, kind, name: nameOf(replicaSet) }))]
}

const [REPLICA_SET] = MIDDLE_KINDS

function isMadeBy(object: JsonObject, makers: readonly WorkloadName[]): boolean {
  const owner = ownerOf(object)
  return owner !== undefined && makers.some((maker) => workloadKey(maker) === workloadKey(owner))
}
