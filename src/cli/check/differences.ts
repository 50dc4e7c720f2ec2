import { isJsonObject, type JsonObject, listOf, textOf } from '../../injection/json.ts'

/** A field that is not as it should be. */
export interface Difference {
  /** `rules[0].operations` */
  readonly path: string
  /** `is "Fail", and should be "Ignore"` */
  readonly how: string
}

/**
 * Takes what is wanted and what is there, gives the fields of the first that are different in the second. What is not
 * named there may be anything: the API server and others add fields of their own. Pure.
 */
export function differences(wanted: unknown, live: unknown, path = ''): Difference[] {
  if (isJsonObject(wanted) && isJsonObject(live))
    return Object.keys(wanted).flatMap((key) => ofMember(wanted, live, { key, path }))
  if (Array.isArray(wanted) && Array.isArray(live)) return ofLists(wanted, live, path)
  if (isJsonObject(wanted) && Object.keys(wanted).length === 0 && live === undefined) return []
  return wanted === live ? [] : [{ path, how: `is ${show(live)}, and should be ${show(wanted)}` }]
}

function ofMember(wanted: JsonObject, live: JsonObject, { key, path }: { key: string; path: string }): Difference[] {
  const below = path === '' ? key : `${path}.${key}`
  if (key === 'matchExpressions') return differences(wanted[key], withoutForeign(listOf(live, key)), below)
  return differences(wanted[key], live[key], below)
}

function ofLists(wanted: readonly unknown[], live: readonly unknown[], path: string): Difference[] {
  if (wanted.length === live.length)
    return wanted.flatMap((one, index) => differences(one, live[index], `${path}[${index}]`))
  // One more or one less is easier to see than two long lists.
  const extra = live.filter((one) => !wanted.some((other) => isSame(other, one)))
  const missing = wanted.filter((one) => !live.some((other) => isSame(one, other)))
  const how = [
    ...extra.map((one) => `should not have ${show(one)}`),
    ...missing.map((one) => `should have ${show(one)}`),
  ]
  return [{ path, how: how.length === 0 ? `should have each of its parts once` : how.join(' and ') }]
}

function isSame(wanted: unknown, live: unknown): boolean {
  return differences(wanted, live).length === 0
}

/** AKS adds expressions of its own to every configuration, which keep webhooks out of its own Namespaces. */
function withoutForeign(expressions: readonly unknown[]): unknown[] {
  return expressions.filter((one) => {
    const key = isJsonObject(one) ? (textOf(one, 'key') ?? '') : ''
    return key !== 'control-plane' && !key.startsWith('kubernetes.azure.com/')
  })
}

/** Long enough for a selector. */
const MAX_SHOWN = 200

function show(value: unknown): string {
  if (value === undefined) return 'absent'
  const text = JSON.stringify(value)
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text
}
