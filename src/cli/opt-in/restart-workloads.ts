import type { JsonObject } from '../../injection/json.ts'
import type { ClusterChanges } from '../../kubernetes/cluster-changes.ts'
import type { ClusterView, Collection } from '../../kubernetes/cluster-view.ts'
import type { Clock } from '../check/run-checks.ts'
import { ROLLED_KINDS } from '../pod-coverage/restart-advice.ts'
import { placeOf, type WorkloadName } from '../pod-coverage/workload.ts'
import { followRollout } from './follow-rollout.ts'
import { rolloutObstacle, rolloutProgress } from './rollout.ts'

export interface RestartParts {
  readonly cluster: ClusterView
  readonly changes: ClusterChanges
  /** How long one workload may take. */
  readonly timeoutMs: number
  readonly clock: Clock
  /** What is changed of it, so that its Pods are made anew; by default the annotation of kubectl. */
  readonly merge?: object
  /** Told how far the one that is going is. */
  readonly onProgress: (text: string) => void
  /** Told of the workload whose Pods are being made anew; of none, when that has ended. */
  readonly onGoing: (workload: WorkloadName | undefined) => void
}

/** How far restarts are at a moment. */
export interface Restarting {
  readonly going: WorkloadName | undefined
  /** Not begun yet. */
  readonly left: readonly WorkloadName[]
}

export interface RestartsParts extends Omit<RestartParts, 'onGoing'> {
  /** Told of each workload that is done. */
  readonly onDone: (text: string) => void
  readonly onRestarting: (restarting: Restarting) => void
}

/** A rollout that did not end well; the message names the workload, and says what is left. */
export class RolloutError extends Error {
  override readonly name = 'RolloutError'
}

/**
 * Takes workloads of kinds that are rolled, restarts one after the other and waits for each, so that what goes wrong goes
 * wrong once. Throws RolloutError for the first that does not come up again; those after it are left as they are.
 */
export async function restartWorkloads(workloads: readonly WorkloadName[], parts: RestartsParts): Promise<void> {
  const { onRestarting } = parts
  for (const [index, workload] of workloads.entries()) {
    const start = parts.clock.now()
    const left = workloads.slice(index + 1)
    onRestarting({ going: undefined, left: [workload, ...left] })
    const fault = await restartWorkload(workload, { ...parts, onGoing: (going) => onRestarting({ going, left }) })
    if (fault !== undefined) throw new RolloutError(`${placeOf(workload)}: ${fault}${leftSentence(left)}`)
    parts.onDone(`${placeOf(workload)} restarted (${Math.round((parts.clock.now() - start) / 1_000)} s)`)
  }
}

/** Takes workloads whose restarts were not begun, gives the end of a sentence that names them. Pure. */
export function leftSentence(left: readonly WorkloadName[]): string {
  return left.length === 0 ? '' : `; not restarted: ${left.map(placeOf).join(', ')}`
}

/** Takes a workload of a kind that is rolled, restarts it, waits for it, gives what went wrong; undefined when nothing did. */
export async function restartWorkload(workload: WorkloadName, parts: RestartParts): Promise<string | undefined> {
  const { cluster, onGoing } = parts
  const { kind, name } = workload
  const found = await cluster.renew().get(collectionOf(workload), name)
  if (found === undefined) return undefined
  const obstacle = rolloutObstacle({ kind, object: found })
  if (obstacle !== undefined) return obstacle
  // An answer to the change may not come any more: whoever ends the program before it is told that the rollout goes on.
  onGoing(workload)
  try {
    return await rollOut(workload, parts)
  } finally {
    onGoing(undefined)
  }
}

async function rollOut(workload: WorkloadName, parts: RestartParts): Promise<string | undefined> {
  const { cluster, changes, clock, timeoutMs, onProgress, merge = restartPatch() } = parts
  const { kind, name } = workload
  const collection = collectionOf(workload)
  const deadline = clock.now() + timeoutMs
  await changes.merge({ collection, name, merge })
  const end = await followRollout({
    look: async () => {
      const object = await cluster.renew().get(collection, name)
      if (object === undefined) return { state: 'failed', because: 'it was deleted meanwhile' }
      return rolloutProgress({ kind, object })
    },
    deadline,
    clock,
    onProgress: (because) => onProgress(`${placeOf(workload)}: ${because}`),
  })
  if (end.state === 'late') return `it did not come up again in ${timeoutMs / 1_000} s: ${end.because}`
  return end.state === 'failed' ? end.because : undefined
}

/** Takes a workload of a kind that is rolled, has the API server judge a restart of it. Rejects with ApiError for a refusal. */
export async function tryRestart(workload: WorkloadName, { changes }: Pick<RestartParts, 'changes'>): Promise<void> {
  await changes.merge({
    collection: collectionOf(workload),
    name: workload.name,
    merge: restartPatch(),
    dryRun: true,
  })
}

/** Takes a workload that is rolled, gives where its object is. Pure. */
export function collectionOf({ kind, namespace }: WorkloadName): Collection {
  const plural = ROLLED_KINDS.find((rolled) => rolled.kind === kind)?.plural ?? ''
  return { root: '/apis/apps/v1', plural, namespace }
}

/**
 * What `kubectl rollout restart` writes: Pods of another template are other Pods. With the version of the object that was
 * looked at the API server refuses it (409) when it is another by now.
 */
export function restartPatch(resourceVersion?: string): JsonObject {
  const annotations = { 'kubectl.kubernetes.io/restartedAt': new Date().toISOString() }
  const metadata = resourceVersion === undefined ? {} : { metadata: { resourceVersion } }
  return { ...metadata, spec: { template: { metadata: { annotations } } } }
}
