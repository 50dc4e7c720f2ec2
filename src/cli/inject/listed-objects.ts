import { isJsonObject, type JsonObject, textOf } from '../../injection/json.ts'

/** An object of a document, which may stand in a List. */
export interface ListedObject {
  readonly value: JsonObject
  readonly kind: string
  /** Of its apiVersion; empty for core. */
  readonly group: string
  /** JSON Pointer to it. */
  readonly at: string
}

interface ListedKind {
  readonly kind: string
  readonly apiVersion: string
}

interface Place {
  readonly at: string
  readonly listed?: ListedKind
}

/** Takes what a document says, gives the objects in it: itself, or those of a List, also of Lists in Lists. Pure. */
export function listedObjects(value: unknown, { at, listed }: Place = { at: '' }): ListedObject[] {
  if (!isJsonObject(value)) return []
  const kind = textOf(value, 'kind') ?? listed?.kind ?? ''
  const apiVersion = textOf(value, 'apiVersion') ?? listed?.apiVersion ?? ''
  if (kind.endsWith('List') && Array.isArray(value['items'])) {
    // The items of a typed list (`DeploymentList`) need not say what they are.
    const inner = { kind: kind.slice(0, -'List'.length), apiVersion }
    return value['items'].flatMap((item, index) => listedObjects(item, { at: `${at}/items/${index}`, listed: inner }))
  }
  return [{ value, kind, group: groupOf(apiVersion), at }]
}

function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''
}
