import { isJsonObject, type JsonObject } from '../../injection/json.ts'

/**
 * Takes two values, gives the second laid over the first: objects are merged field by field, lists and all else are
 * replaced. Pure.
 */
export function mergeValues(below: unknown, above: unknown): unknown {
  if (above === undefined) return below
  if (!isJsonObject(below) || !isJsonObject(above)) return above
  const merged: Record<string, unknown> = { ...below }
  for (const [name, value] of Object.entries(above)) {
    // `__proto__` would be the object's own prototype, were it assigned
    Object.defineProperty(merged, name, {
      value: mergeValues(ownField(below, name), value),
      enumerable: true,
      configurable: true,
      writable: true,
    })
  }
  return merged
}

function ownField(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined
}
