/** A JSON object of unknown shape. Raw on purpose: a typed copy would drop fields that we have never heard of. */
export type JsonObject = { readonly [key: string]: unknown }

/** Whether the value is a JSON object: no list, not null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The member as text; undefined when it is absent or anything but a string. */
export function textOf(object: JsonObject | undefined, key: string): string | undefined {
  // what every object inherits, under a key such as "constructor", is no text
  const value = object?.[key]
  return typeof value === 'string' ? value : undefined
}

/** The member as a number; another one when it is absent or no number. */
export function numberOf(object: JsonObject | undefined, key: string, absent = 0): number {
  const value = object?.[key]
  return typeof value === 'number' ? value : absent
}

/** The member as a list; empty when it is absent, null or no list. */
export function listOf(object: JsonObject | undefined, key: string): readonly unknown[] {
  const value = object?.[key]
  return Array.isArray(value) ? value : []
}

/** The member as an object; undefined when it is absent, null or no object. */
export function objectOf(object: JsonObject | undefined, key: string): JsonObject | undefined {
  const value = object?.[key]
  return isJsonObject(value) ? value : undefined
}

/** Finds the places of all objects in a list that carry this `name`. */
export function indexesByName(list: readonly unknown[], name: string): number[] {
  return list.flatMap((entry, index) => (isJsonObject(entry) && textOf(entry, 'name') === name ? [index] : []))
}
