import { type JsonObject, objectOf } from '../../injection/json.ts'
import { NAMESPACES } from '../check/check-context.ts'
import { nameOf } from '../check/entries.ts'
import type { FoundObject, MigrationFacts } from './migration-facts.ts'
import type { Step } from './migration-plan.ts'
import { isJaegerNamespace } from './old-collector.ts'
import { restorable } from './restorable.ts'

/** What was changed of an object, or the whole object where it was deleted. */
export type BackedUpChange =
  | ({ readonly do: 'delete' } & BackedUpObject)
  | ({ readonly do: 'change'; readonly merge: JsonObject; readonly undo: JsonObject } & BackedUpObject)

type BackedUpObject = FoundObject

/** What `--restore` goes by. */
export interface Backup {
  /** The uid of the Namespace kube-system, by which a cluster is known. */
  readonly cluster: string
  readonly changes: readonly BackedUpChange[]
  /** Namespaces of linkerd-jaeger: somebody may delete them by hand afterwards, as the plan says. */
  readonly namespaces: readonly JsonObject[]
}

export interface BackupQuestion {
  /** What is to be done. */
  readonly steps: readonly Step[]
  readonly cluster: string
  readonly facts: Pick<MigrationFacts, 'namespaces'>
}

/** The first member of the file: what later versions write may be another. */
export const BACKUP_FORMAT = 'linkerd-tracing/migrate/v1'

/** Takes what is to be done, gives what has to be kept to take it back; restarts are for good. Pure. */
export function backupOf({ steps, cluster, facts }: BackupQuestion): Backup {
  const changes = steps.flatMap(({ action }): BackedUpChange[] => {
    if (action.do !== 'delete' && action.do !== 'change') return []
    const { kind, collection, object } = action.target
    if (action.do === 'delete') return [{ do: 'delete', kind, collection, object: restorable(action.target) }]
    const { merge, undo } = action
    return [{ do: 'change', kind, collection, object: nameOnly(object), merge, undo }]
  })
  const emptied = new Set(changes.filter((one) => one.do === 'delete').map(({ collection }) => collection.namespace))
  const namespaces = facts.namespaces.filter((one) => isJaegerNamespace(one) && emptied.has(nameOf(one)))
  return { cluster, changes, namespaces: namespaces.map(restorableNamespace) }
}

function restorableNamespace(object: JsonObject): JsonObject {
  return restorable({ kind: 'Namespace', collection: NAMESPACES, object })
}

function nameOnly(object: JsonObject): JsonObject {
  const { name, namespace } = objectOf(object, 'metadata') ?? {}
  return { metadata: { name, ...(namespace !== undefined && { namespace }) } }
}

/** Takes a backup, gives the text of its file. Pure. */
export function backupText(backup: Backup): string {
  return `${JSON.stringify({ format: BACKUP_FORMAT, ...backup }, null, 2)}\n`
}
