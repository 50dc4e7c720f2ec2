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
import type { WorkloadName } from '../pod-coverage/workload.ts'
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

async function seenPods({ namespace }: WorkloadName, object: JsonObject, ground: HealGround): Promise<SeenPod[]> {
  const { cluster, namespaces, settings } = ground
  const known = namespaces.find(({ name }) => name === namespace)
  const selector = labelSelector(objectOf(objectOf(object, 'spec'), 'selector'))
  const pods = (await cluster.list({ root: '/api/v1', plural: 'pods', namespace }, selector)) ?? []
  if (known === undefined) return []
  return pods
    .filter((pod) => !isEnding(pod))
    .map((pod) => ({
      name: nameOf(pod),
      labels: objectOf(objectOf(pod, 'metadata'), 'labels'),
      state: judgePod(pod, { namespace: known, settings }).state,
    }))
}
