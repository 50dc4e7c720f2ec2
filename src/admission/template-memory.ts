import { isOfTemplate, requestUid, type TemplateText } from './template-text.ts'

export interface MemoryLimits {
  /** Of all that is kept. */
  readonly bytes: number
  /** Templates whose texts are as long as each other; all of these are compared. */
  readonly ofOneLength: number
}

/** Some hundred templates: as many as may be rolled out at the same time in a large cluster. */
export const MEMORY_LIMITS: MemoryLimits = { bytes: 4 * 1024 * 1024, ofOneLength: 8 }

/** What is remembered of the templates that came last. */
export interface TemplateMemory<Value> {
  /** Takes a body, gives what is remembered of its template, and the uid in this one. */
  readonly find: (body: Buffer) => { readonly value: Value; readonly uid: string } | undefined
  /** Remembers a value of a template, in place of what was remembered of it; what was not needed for the longest time goes. */
  readonly keep: (template: TemplateText, kept: { readonly value: Value; readonly bytes: number }) => void
}

interface Kept<Value> {
  readonly template: TemplateText
  readonly value: Value
  readonly bytes: number
}

const NONE: readonly never[] = []

/** Takes limits, gives an empty memory. */
export function createTemplateMemory<Value>(limits: MemoryLimits = MEMORY_LIMITS): TemplateMemory<Value> {
  /** In the order of their use. */
  const all = new Set<Kept<Value>>()
  const byLength = new Map<number, readonly Kept<Value>[]>()
  let bytes = 0
  const keptOf = (length: number): readonly Kept<Value>[] => byLength.get(length) ?? NONE

  function forget(kept: Kept<Value>): void {
    const { length } = kept.template.body
    byLength.set(
      length,
      keptOf(length).filter((one) => one !== kept),
    )
    if (keptOf(length).length === 0) byLength.delete(length)
    all.delete(kept)
    bytes -= kept.bytes
  }

  function makeRoom(coming: Kept<Value>): void {
    const likeIt = keptOf(coming.template.body.length)
    if (likeIt[0] !== undefined && likeIt.length >= limits.ofOneLength) forget(likeIt[0])
    for (const oldest of all) {
      if (bytes + coming.bytes <= limits.bytes) break
      forget(oldest)
    }
  }

  const findKept = (body: Buffer): Kept<Value> | undefined =>
    keptOf(body.length).find(({ template }) => isOfTemplate(template, body))

  return {
    find: (body) => {
      const kept = findKept(body)
      if (kept === undefined) return undefined
      all.delete(kept)
      all.add(kept)
      return { value: kept.value, uid: requestUid(kept.template, body) }
    },
    keep: (template, { value, bytes: more }) => {
      const kept = { template, value, bytes: template.body.length + more }
      if (kept.bytes > limits.bytes) return
      const former = findKept(template.body)
      if (former !== undefined) forget(former)
      makeRoom(kept)
      const { length } = template.body
      byLength.set(length, [...keptOf(length), kept])
      all.add(kept)
      bytes += kept.bytes
    },
  }
}
