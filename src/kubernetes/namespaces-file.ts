import { readFile } from 'node:fs/promises'
import { LineCounter, parseAllDocuments } from 'yaml'
import type { NamespaceReader } from '../admission/admit-pod.ts'
import type { NamespaceMeta } from '../injection/pod-request.ts'

/** A Namespaces file that cannot be used; the message names file, document and field. */
export class NamespacesFileError extends Error {
  override readonly name = 'NamespacesFileError'
}

/**
 * Takes the path of a YAML file with Namespaces, gives a reader of them; a Namespace that is not in it is unknown.
 * Throws NamespacesFileError when the file cannot be read or holds anything but Namespaces and Lists of them.
 */
export async function readNamespacesFile(path: string): Promise<NamespaceReader> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    throw new NamespacesFileError(`${path} cannot be read: ${(cause as Error).message}`, { cause })
  }
  const namespaces = parseNamespaces(path, text)
  return (name) => namespaces.get(name)
}

/**
 * Takes a file's name (for messages) and its text, gives the Namespaces in it by name. Throws NamespacesFileError.
 */
export function parseNamespaces(path: string, text: string): ReadonlyMap<string, NamespaceMeta> {
  const found = new Map<string, NamespaceMeta>()
  for (const { where, value } of readDocuments(path, text)) collect(found, where, value)
  return found
}

interface Located {
  /** File, document number and field, for messages. */
  readonly where: string
  readonly value: unknown
}

function readDocuments(path: string, text: string): Located[] {
  const lineCounter = new LineCounter()
  const documents = parseAllDocuments(text, { lineCounter })
  // An empty text has no documents; `yaml` gives an empty list with a mark on it.
  if (!Array.isArray(documents)) return []
  return documents.map((document, index) => {
    const where = `${path}, document ${index + 1}`
    const [error] = document.errors
    if (error !== undefined) throw new NamespacesFileError(`${where}: ${error.message.split('\n', 1)[0]}`)
    try {
      return { where, value: document.toJS() as unknown }
    } catch (cause) {
      // Aliases that expand without end are refused by `yaml` here.
      throw new NamespacesFileError(`${where}: ${(cause as Error).message}`, { cause })
    }
  })
}

function collect(found: Map<string, NamespaceMeta>, where: string, value: unknown): void {
  // `---` at the end of a file, or a document of comments only.
  if (value === null || value === undefined) return
  const kind = isMapping(value) ? value['kind'] : undefined
  if (isMapping(value) && kind === 'Namespace') collectNamespace(found, where, value)
  else if (isMapping(value) && (kind === 'List' || kind === 'NamespaceList')) collectList(found, where, value)
  else throw new NamespacesFileError(`${where}: kind must be Namespace or List, not ${shown(kind)}`)
}

function collectList(found: Map<string, NamespaceMeta>, where: string, list: Record<string, unknown>): void {
  const items = list['items'] ?? []
  if (!Array.isArray(items)) throw new NamespacesFileError(`${where}: items must be a list`)
  for (const [index, item] of items.entries()) {
    // Items of a NamespaceList carry no kind of their own.
    const isUntyped = list['kind'] === 'NamespaceList' && isMapping(item)
    collect(found, `${where}, items[${index}]`, isUntyped ? { kind: 'Namespace', ...item } : item)
  }
}

function collectNamespace(found: Map<string, NamespaceMeta>, where: string, value: Record<string, unknown>): void {
  const metadata = value['metadata']
  if (!isMapping(metadata)) throw new NamespacesFileError(`${where}: metadata must be a mapping`)
  const name = metadata['name']
  if (typeof name !== 'string' || name === '') {
    throw new NamespacesFileError(`${where}: metadata.name must be a text, not ${shown(name)}`)
  }
  if (found.has(name)) throw new NamespacesFileError(`${where}: Namespace ${JSON.stringify(name)} is there twice`)
  found.set(name, {
    labels: texts(metadata['labels'], `${where}: metadata.labels`),
    annotations: texts(metadata['annotations'], `${where}: metadata.annotations`),
  })
}

function texts(value: unknown, where: string): Record<string, string> {
  if (value === undefined || value === null) return {}
  if (!isMapping(value)) throw new NamespacesFileError(`${where} must be a mapping`)
  const entries = Object.entries(value).map(([key, text]): [string, string] => {
    // The API server refuses them too: `enabled: true` needs its quotes.
    if (typeof text !== 'string') throw new NamespacesFileError(`${where}[${key}] must be a text, not ${shown(text)}`)
    return [key, text]
  })
  return Object.fromEntries(entries)
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function shown(value: unknown): string {
  return value === undefined ? 'absent' : (JSON.stringify(value) ?? String(value)).slice(0, 60)
}
