import { isJsonObject, type JsonObject, listOf, objectOf, textOf } from '../../injection/json.ts'
import type { Collection } from '../../kubernetes/cluster-view.ts'
import { nameOf } from '../check/entries.ts'
import { BACKUP_FORMAT, type BackedUpChange, type Backup } from './backup.ts'

/** Takes the text of a file, gives the backup in it. Throws an Error that names member, value and rule. Pure. */
export function parseBackup(text: string): Backup {
  const value = parseJson(text)
  const format = textOf(value, 'format')
  if (format !== BACKUP_FORMAT)
    throw new Error(`format is ${JSON.stringify(format ?? null)}, and must be ${JSON.stringify(BACKUP_FORMAT)}`)
  const cluster = textOf(value, 'cluster')
  if (cluster === undefined) throw new Error('cluster is absent, and must be the uid of a Namespace kube-system')
  const namespaces = listOf(value, 'namespaces').filter(isJsonObject)
  return { cluster, changes: listOf(value, 'changes').map(parseChange), namespaces }
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
  const [kind, object] = [textOf(change, 'kind'), objectOf(change, 'object')]
  const [merge, undo] = [objectOf(change, 'merge'), objectOf(change, 'undo')]
  const collection = parseCollection(objectOf(change, 'collection'))
  if (kind !== undefined && collection !== undefined && object !== undefined && nameOf(object) !== '') {
    const found = { kind, collection, object }
    if (change['do'] === 'delete') return { do: 'delete', ...found }
    if (change['do'] === 'change' && merge !== undefined && undo !== undefined)
      return { do: 'change', ...found, merge, undo }
  }
  throw new Error(
    `changes[${index}] must be a deletion or a change with kind, collection and object, as --apply writes it`,
  )
}

/** A path of the API and no other text: it is put behind the address of the server, to which credentials are sent. */
function parseCollection(value: JsonObject | undefined): Collection | undefined {
  const [root = '', plural = '', namespace] = [
    textOf(value, 'root'),
    textOf(value, 'plural'),
    textOf(value, 'namespace'),
  ]
  const isInNamespace = value?.['namespace'] !== undefined
  if (!ROOT.test(root) || !PLURAL.test(plural) || (isInNamespace && !NAMESPACE.test(namespace ?? ''))) return undefined
  return { root, plural, ...(namespace !== undefined && { namespace }) }
}

const PLURAL = /^[a-z]+$/
const NAMESPACE = /^[a-z0-9-]+$/
const ROOT = /^\/(api|apis\/[a-z0-9.-]+)\/v[a-z0-9]+$/
