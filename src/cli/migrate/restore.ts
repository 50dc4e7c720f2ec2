import { ApiError } from '../../kubernetes/api-error.ts'
import type { ClusterChanges } from '../../kubernetes/cluster-changes.ts'
import type { ClusterView } from '../../kubernetes/cluster-view.ts'
import { nameOf } from '../check/entries.ts'
import type { BackedUpChange } from './backup.ts'
import { described } from './removal.ts'
import { isAsPatched } from './restorable.ts'

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
        `${object} could not be restored: ${cause.message}; ${left} of ${changes.length} are left: try again`,
        { cause },
      )
    })
    outcomes.push({ object, outcome })
    if (outcome === 'foreign') parts.warn(`${object} was changed since by somebody else, and is left as it is`)
    else if (outcome === 'there') parts.tell(`${object} was as before already`)
    else parts.tell(`${object} ${parts.isDryRun ? 'would be as before (dry run)' : 'is as before'}`)
  }
  return outcomes
}

async function takeBack(
  change: BackedUpChange,
  { cluster, changes, isDryRun: dryRun }: RestoreParts,
): Promise<RestoreOutcome> {
  const { collection, object } = change
  const name = nameOf(object)
  if (change.do === 'delete') {
    try {
      await changes.create({ collection, object, dryRun })
      return 'restored'
    } catch (error) {
      // Somebody else has brought it back, or another try of ours.
      if (error instanceof ApiError && error.status === 409) return 'there'
      throw error
    }
  }
  const found = await cluster.renew().get(collection, name)
  if (isAsPatched(found, change.undo)) return 'there'
  if (found === undefined || !isAsPatched(found, change.merge)) return 'foreign'
  await changes.merge({ collection, name, merge: change.undo, dryRun })
  return 'restored'
}
