import { isDeepStrictEqual } from 'node:util'
import { ApiError } from '../../kubernetes/api-error.ts'
import type { ClusterChanges } from '../../kubernetes/cluster-changes.ts'
import type { ClusterView } from '../../kubernetes/cluster-view.ts'
import { nameOf } from '../check/entries.ts'
import { ROLLED_KINDS } from '../pod-coverage/restart-advice.ts'
import { printable } from '../printable.ts'
import type { BackedUpChange } from './backup.ts'
import type { FoundObject } from './migration-facts.ts'
import { described } from './removal.ts'
import { isAsPatched, restorable } from './restorable.ts'

export interface RestoreParts {
  readonly cluster: ClusterView
  readonly changes: ClusterChanges
  readonly isDryRun: boolean
  readonly tell: (line: string) => void
  readonly warn: (line: string) => void
}

/** What became of an object: it is as before again, it was already, or somebody has changed it since. */
export type RestoreOutcome = 'restored' | 'there' | 'foreign'

export interface RestoredObject {
  readonly object: string
  readonly outcome: RestoreOutcome
}

/**
 * Takes what a migration has changed, takes it back, the last first. What is as it was already is left, and so is what
 * somebody has changed since, with a warning. Throws for the first that the API server refuses.
 */
export async function restoreChanges(
  changes: readonly BackedUpChange[],
  parts: RestoreParts,
): Promise<RestoredObject[]> {
  const outcomes: RestoredObject[] = []
  for (const change of changes.toReversed()) {
    const object = described(change)
    const outcome = await takeBack(change, parts).catch((cause: Error) => {
      const left = changes.length - outcomes.length
      throw new Error(
        printable(
          `${object} could not be restored: ${cause.message}; ${left} of ${changes.length} are left: try again`,
        ),
        { cause },
      )
    })
    outcomes.push({ object, outcome })
    if (outcome === 'foreign') parts.warn(`${object} was changed since by somebody else, and is left as it is`)
    else if (outcome === 'there') parts.tell(`${object} was as before already`)
    else parts.tell(`${object} ${parts.isDryRun ? 'would be as before (dry run)' : `is as before${podsText(change)}`}`)
  }
  return outcomes
}

/** A template that changes is a rollout, which nobody waits for here. */
function podsText({ do: what, kind }: BackedUpChange): string {
  return what === 'change' && ROLLED_KINDS.some((rolled) => rolled.kind === kind)
    ? ', and its Pods are being made anew'
    : ''
}

async function takeBack(change: BackedUpChange, parts: RestoreParts): Promise<RestoreOutcome> {
  return change.do === 'delete' ? makeAgain(change, parts) : changeBack(change, parts)
}

async function makeAgain(
  found: FoundObject,
  { cluster, changes, isDryRun: dryRun }: RestoreParts,
): Promise<RestoreOutcome> {
  const { collection, object } = found
  try {
    await changes.create({ collection, object, dryRun })
    return 'restored'
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 409) throw error
    // It was never deleted, or another try of ours has brought it back; or somebody has made another.
    const there = (await cluster.renew().get(collection, nameOf(object))) ?? {}
    return isDeepStrictEqual(restorable({ ...found, object: there }), object) ? 'there' : 'foreign'
  }
}

async function changeBack(
  { collection, object, merge, undo }: BackedUpChange & { readonly do: 'change' },
  { cluster, changes, isDryRun: dryRun }: RestoreParts,
): Promise<RestoreOutcome> {
  const name = nameOf(object)
  const found = await cluster.renew().get(collection, name)
  if (found === undefined) return 'foreign'
  if (isAsPatched(found, undo)) return 'there'
  if (!isAsPatched(found, merge)) return 'foreign'
  await changes.merge({ collection, name, merge: undo, dryRun })
  return 'restored'
}
