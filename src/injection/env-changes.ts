import { indexesByName, isJsonObject, type JsonObject, textOf } from './json.ts'
import { referredNames } from './kubelet-expansion.ts'
import type { ListChanges } from './pod-changes.ts'

/** What one variable is to be; without an entry it is to be absent. */
export interface EnvEdit {
  readonly name: string
  readonly entry?: JsonObject
}

/**
 * Edits a list of variables: what is there is replaced in place, later duplicates of it are removed, new ones are
 * appended. An entry that stands before a variable that it refers to is removed and appended, because the kubelet
 * expands only what stands earlier. An edit may refer to the variables of the edits before it.
 */
export function changeEnv(env: readonly unknown[], edits: readonly EnvEdit[]): ListChanges<unknown> {
  const replace: { index: number; value: unknown }[] = []
  const remove: number[] = []
  const append: JsonObject[] = []
  const places = firstPlaces(env)
  for (const { name, entry } of edits) {
    const [first, ...duplicates] = indexesByName(env, name)
    remove.push(...duplicates)
    if (entry === undefined) {
      if (first !== undefined) remove.push(first)
    } else if (first === undefined) {
      append.push(entry)
    } else if (standsTooEarly({ places, entry, index: first, appended: append })) {
      remove.push(first)
      append.push(entry)
    } else if (!isSame(env[first], entry)) {
      replace.push({ index: first, value: entry })
    }
  }
  return { replace, remove, append }
}

/** Where each name stands first; a list may have thousands of entries, and a value thousands of references. */
function firstPlaces(env: readonly unknown[]): ReadonlyMap<string, number> {
  const places = new Map<string, number>()
  for (const [index, entry] of env.entries()) {
    const name = isJsonObject(entry) ? textOf(entry, 'name') : undefined
    if (name !== undefined && !places.has(name)) places.set(name, index)
  }
  return places
}

interface Placement {
  readonly places: ReadonlyMap<string, number>
  readonly entry: JsonObject
  readonly index: number
  readonly appended: readonly JsonObject[]
}

function standsTooEarly({ places, entry, index, appended }: Placement): boolean {
  const names = referredNames(textOf(entry, 'value') ?? '')
  return names.some((name) => {
    const first = places.get(name)
    return first === undefined ? appended.some((added) => added['name'] === name) : first > index
  })
}

function isSame(existing: unknown, entry: JsonObject): boolean {
  const { value, valueFrom } = existing as JsonObject
  return value === entry['value'] && (valueFrom ?? undefined) === (entry['valueFrom'] ?? undefined)
}
