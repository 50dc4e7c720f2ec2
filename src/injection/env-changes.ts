import type { EnvIndex } from './env-index.ts'
import { type JsonObject, textOf } from './json.ts'
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
export function changeEnv(env: EnvIndex, edits: readonly EnvEdit[]): ListChanges<unknown> {
  const replace: { index: number; value: unknown }[] = []
  const remove: number[] = []
  const append: JsonObject[] = []
  for (const { name, entry } of edits) {
    const [first, ...duplicates] = env.placesOf(name)
    remove.push(...duplicates)
    if (entry === undefined) {
      if (first !== undefined) remove.push(first)
    } else if (first === undefined) {
      append.push(entry)
    } else if (standsTooEarly({ env, entry, index: first, appended: append })) {
      remove.push(first)
      append.push(entry)
    } else if (!isSame(env.list[first], entry)) {
      replace.push({ index: first, value: entry })
    }
  }
  return { replace, remove, append }
}

interface Placement {
  readonly env: EnvIndex
  readonly entry: JsonObject
  readonly index: number
  readonly appended: readonly JsonObject[]
}

function standsTooEarly({ env, entry, index, appended }: Placement): boolean {
  const names = referredNames(textOf(entry, 'value') ?? '')
  return names.some((name) => {
    const [first] = env.placesOf(name)
    return first === undefined ? appended.some((added) => added['name'] === name) : first > index
  })
}

function isSame(existing: unknown, entry: JsonObject): boolean {
  const { value, valueFrom } = existing as JsonObject
  return value === entry['value'] && (valueFrom ?? undefined) === (entry['valueFrom'] ?? undefined)
}
