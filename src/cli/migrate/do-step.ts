import { isDeepStrictEqual } from 'node:util'
import { objectOf, textOf } from '../../injection/json.ts'
import type { ClusterChanges } from '../../kubernetes/cluster-changes.ts'
import type { ClusterView } from '../../kubernetes/cluster-view.ts'
import { nameOf } from '../check/entries.ts'
import type { Clock } from '../check/run-checks.ts'
import { type RestartParts, restartWorkload, tryRestart } from '../opt-in/restart-workloads.ts'
import type { WorkloadName } from '../pod-coverage/workload.ts'
import type { FoundObject } from './migration-facts.ts'
import type { ChangeAction, StepAction } from './migration-plan.ts'
import { described } from './removal.ts'
import { isAsPatched, restorable } from './restorable.ts'

export interface StepParts extends Pick<RestartParts, 'onGoing'> {
  readonly cluster: ClusterView
  readonly changes: ClusterChanges
  readonly clock: Clock
  /** How long one rollout may take. */
  readonly timeoutMs: number
  readonly isDryRun: boolean
  /** Waits until new Pods of a Namespace are decided as planned; throws a sentence when that does not come true. */
  readonly awaitDecision: (namespace: string) => Promise<void>
  readonly onProgress: (text: string) => void
}

/** Does one step, or has the API server judge it. Throws an Error that says what is in the way; then it was not done. */
export async function doStep(action: StepAction, parts: StepParts): Promise<void> {
  if (action.do === 'delete') await remove(action.target, parts)
  if (action.do === 'change') await change(action, parts)
  if (action.do === 'restart') await restart(action.workload, parts)
}

async function remove(target: FoundObject, { cluster, changes, isDryRun: dryRun }: StepParts): Promise<void> {
  const { collection, object } = target
  const found = await cluster.renew().get(collection, nameOf(object))
  if (found === undefined) return
  if (!isDeepStrictEqual(restorable({ ...target, object: found }), restorable(target))) throw changedError(target)
  const metadata = objectOf(found, 'metadata')
  const seen = { uid: textOf(metadata, 'uid') ?? '', resourceVersion: textOf(metadata, 'resourceVersion') ?? '' }
  await changes.remove({ collection, name: nameOf(object), seen, dryRun })
}

async function change({ target, merge, undo, rollout }: ChangeAction, parts: StepParts): Promise<void> {
  const { collection, object } = target
  const found = await parts.cluster.renew().get(collection, nameOf(object))
  if (isAsPatched(found, merge)) return
  if (!isAsPatched(found, undo)) throw changedError(target)
  if (rollout !== undefined && !parts.isDryRun) return restart(rollout, parts, merge)
  await parts.changes.merge({ collection, name: nameOf(object), merge, dryRun: parts.isDryRun })
}

async function restart(workload: WorkloadName, parts: StepParts, merge?: object): Promise<void> {
  if (parts.isDryRun) return tryRestart(workload, parts)
  await parts.awaitDecision(workload.namespace)
  const fault = await restartWorkload(workload, { ...parts, ...(merge !== undefined && { merge }) })
  if (fault !== undefined) throw new Error(fault)
}

/** What was kept of it is not what is there: it would not be brought back as it is. */
function changedError(target: FoundObject): Error {
  return new Error(`${described(target)} was changed meanwhile by somebody else`)
}
