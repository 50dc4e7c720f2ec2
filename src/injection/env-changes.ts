import { indexesByName, type JsonObject, textOf } from './json.ts'
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
  for (const { name, entry } of edits) {
    const [first, ...duplicates] = indexesByName(env, name)
    remove.push(...duplicates)
    if (entry === undefined) {
      if (first !== undefined) remove.push(first)
    } else if (first === undefined) {
      append.push(entry)
    } else if (standsTooEarly({ env, entry, index: first, appended: append })) {
      remove.push(first)
      append.push(entry)
    } else if (!isSame(env[first], entry)) {
      replace.push({ index: first, value: entry })
    }
  }
  return { replace, remove, append }
}

interface Placement {
  readonly env: readonly unknown[]
  readonly entry: JsonObject
  readonly index: number
  readonly appended: readonly JsonObject[]
}

function standsTooEarly({ env, entry, index, appended }: Placement): boolean {
  return referredNames(textOf(entry, 'value') ?? '').some((name) => {
    if (name === textOf(entry, 'name')) return false
    const [first] = indexesByName(env, name)
    return first === undefined ? indexesByName(appended, name).length > 0 : first > index
  })
}

function isSame(existing: unknown, entry: JsonObject): boolean {
  const { value, valueFrom } = existing as JsonObject
  return value === entry['value'] && (valueFrom ?? undefined) === (entry['valueFrom'] ?? undefined)
}
