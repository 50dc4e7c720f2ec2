import { type JsonObject, objectOf, textOf } from '../../injection/json.ts'
import type { ClusterView } from '../../kubernetes/cluster-view.ts'
import { isEnding } from '../check/pod-readiness.ts'
import { labelSelector } from './label-selector.ts'
import type { Target } from './target.ts'

/** A Pod to explain, and how many the workload has beside it. */
export interface FoundPod {
  readonly pod: JsonObject
  readonly others: number
}

/** Takes what is to be explained, gives its Pod: of a workload the newest. Throws a sentence when there is none. */
export async function findPod(cluster: ClusterView, namespace: string, target: Target): Promise<FoundPod> {
  const { kind, name, collection } = target
  const object = await cluster.get({ ...collection, namespace }, name)
  if (object === undefined) throw new Error(`${kind} ${name} is not there in Namespace ${namespace}`)
  if (kind === 'pod') return { pod: object, others: 0 }
  const selector = labelSelector(objectOf(objectOf(object, 'spec'), 'selector'))
  const all = (await cluster.list({ root: '/api/v1', plural: 'pods', namespace }, selector)) ?? []
  const running = all.filter((pod) => !isEnding(pod))
  // Of a Job that is done there are only such.
  const pods = [...(running.length > 0 ? running : all)].sort(byAge)
  const [newest] = pods
  if (newest === undefined)
    throw new Error(`${kind} ${name} has no Pod in Namespace ${namespace}: kubectl describe tells why`)
  return { pod: newest, others: pods.length - 1 }
}

/** The newest first: it is what the workload is like now. */
function byAge(one: JsonObject, other: JsonObject): number {
  return createdAt(other).localeCompare(createdAt(one))
}

function createdAt(pod: JsonObject): string {
  return textOf(objectOf(pod, 'metadata'), 'creationTimestamp') ?? ''
}
