import { isJsonObject, type JsonObject, listOf, objectOf, textOf } from '../../injection/json.ts'
import type { Collection } from '../../kubernetes/cluster-view.ts'
import type { FoundObject } from './migration-facts.ts'
import type { Step } from './migration-plan.ts'
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
}

/** The first member of the file: what later versions write may be another. */
const FORMAT = 'linkerd-tracing/migrate/v1'

/** Takes the steps that are to be done, gives what has to be kept to take them back; restarts are for good. Pure. */
export function backupOf(steps: readonly Step[], cluster: string): Backup {
  const changes = steps.flatMap(({ action }): BackedUpChange[] => {
    if (action.do !== 'delete' && action.do !== 'change') return []
    const { kind, collection, object } = action.target
    if (action.do === 'delete') return [{ do: 'delete', kind, collection, object: restorable(action.target) }]
    const { merge, undo } = action
    return [{ do: 'change', kind, collection, object: nameOnly(object), merge, undo }]
  })
  return { cluster, changes }
}

function nameOnly(object: JsonObject): JsonObject {
  const { name, namespace } = objectOf(object, 'metadata') ?? {}
  return { metadata: { name, ...(namespace !== undefined && { namespace }) } }
}

/** Takes a backup, gives the text of its file. Pure. */
export function backupText(backup: Backup): string {
  return `${JSON.stringify({ format: FORMAT, ...backup }, null, 2)}\n`
}

/** Takes the text of a file, gives the backup in it. Throws an Error that names member, value and rule. Pure. */
export function parseBackup(text: string): Backup {
  const value = parseJson(text)
  const format = textOf(value, 'format')
  if (format !== FORMAT)
    throw new Error(`format is ${JSON.stringify(format ?? null)}, and must be ${JSON.stringify(FORMAT)}`)
  const cluster = textOf(value, 'cluster')
  if (cluster === undefined) throw new Error('cluster is absent, and must be the uid of a Namespace kube-system')
  return { cluster, changes: listOf(value, 'changes').map(parseChange) }
}

function parseJson(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function parseChange(value: unknown, index: number): BackedUpChange {
  const change = isJsonObject(value) ? value : {}
  const [kind, collection, object] = [
    textOf(change, 'kind'),
    objectOf(change, 'collection'),
    objectOf(change, 'object'),
  ]
  const [merge, undo] = [objectOf(change, 'merge'), objectOf(change, 'undo')]
  const found = { kind: kind ?? '', collection: collection as unknown as Collection, object: object ?? {} }
  const isWhole =
    kind !== undefined && textOf(collection, 'root') !== undefined && textOf(collection, 'plural') !== undefined
  if (isWhole && change['do'] === 'delete') return { do: 'delete', ...found }
  if (isWhole && change['do'] === 'change' && merge !== undefined && undo !== undefined)
    return { do: 'change', ...found, merge, undo }
  throw new Error(
    `changes[${index}] must be a deletion or a change with kind, collection and object, as --apply writes it`,
  )
}
