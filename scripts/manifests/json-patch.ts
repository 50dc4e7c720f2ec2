import { isJsonObject } from '../../src/injection/json.ts'

/** An operation of a JSON Patch (RFC 6902). */
export interface PatchOperation {
  readonly op: 'add' | 'replace' | 'remove'
  readonly path: string
  readonly value?: unknown
}

/**
 * Takes two values, gives the operations that make the second of the first. A list is descended into when it keeps its
 * length and holds objects; any other list is replaced whole, so that a reader sees what it becomes.
 */
export function jsonPatch(before: unknown, after: unknown, path = ''): PatchOperation[] {
  if (isJsonObject(before) && isJsonObject(after)) return objectPatch(before, after, path)
  if (isListOfObjects(before) && isListOfObjects(after) && before.length === after.length) {
    return before.flatMap((item, index) => jsonPatch(item, after[index], `${path}/${index}`))
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ op: 'replace', path, value: after }]
}

type Fields = Readonly<Record<string, unknown>>

function objectPatch(before: Fields, after: Fields, path: string): PatchOperation[] {
  const at = (key: string) => `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
  const removed = Object.keys(before).filter((key) => !Object.hasOwn(after, key))
  return [
    ...removed.map((key) => ({ op: 'remove', path: at(key) }) as const),
    ...Object.entries(after).flatMap(([key, value]): PatchOperation[] =>
      Object.hasOwn(before, key) ? jsonPatch(before[key], value, at(key)) : [{ op: 'add', path: at(key), value }],
    ),
  ]
}

function isListOfObjects(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.every(isJsonObject)
}
