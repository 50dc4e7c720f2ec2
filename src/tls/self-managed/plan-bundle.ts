import type { TrustedCa } from './stored-certificates.ts'

/** The caBundle of one entry, parsed. */
export interface LiveBundle {
  readonly cas: readonly TrustedCa[]
  /** Whether there is anything else in it: text that is no certificate, or one that is no CA. */
  readonly isDirty: boolean
}

export interface BundleSituation {
  /** What has to be trusted, by the Secret. */
  readonly trusted: readonly TrustedCa[]
  readonly live: readonly LiveBundle[]
  /** For how long, in milliseconds, a CA has been seen in some entry that the Secret does not name. */
  readonly unknownMs: (id: string) => number
  readonly now: number
  readonly settleMs: number
}

export interface BundlePlan {
  /** The whole bundle; the same for every entry. */
  readonly wanted: readonly TrustedCa[]
  /** Entries, by their place in `live`, whose bundle differs. */
  readonly differing: readonly number[]
  /** Whether a CA is taken away from some entry: then the Secret is read again first. */
  readonly isRemoving: boolean
  /** Whether somebody else was at some entry: it lacks what has to be trusted, or holds what we never write. */
  readonly isDamaged: boolean
}

/** The CA that signs, the next one and MAX_OLD, and two that are not known yet. A CA takes 0.6 KB: a bundle stays small. */
export const MAX_BUNDLE = 8

/**
 * Takes what is trusted and what stands in the entries, gives the bundle to write; undefined: nothing is known that could
 * be written. A CA that the Secret does not name stays as long as a new one takes to settle: it may be that of a replica
 * that has seen a newer Secret.
 */
export function planBundle({ trusted, live, unknownMs, now, settleMs }: BundleSituation): BundlePlan | undefined {
  if (trusted.length === 0) return undefined
  const named = new Set(trusted.map(({ id }) => id))
  const unknown = new Map(live.flatMap(({ cas }) => cas).map((ca) => [ca.id, ca]))
  const kept = [...unknown.values()].filter(
    ({ id, notAfter }) => !named.has(id) && notAfter > now && unknownMs(id) < settleMs,
  )
  const wanted = [...trusted, ...kept].slice(0, MAX_BUNDLE)
  const ids = new Set(wanted.map(({ id }) => id))
  const differing = live.flatMap((bundle, index) => (isEqual(bundle, ids) ? [] : [index]))
  const isRemoving = live.some(({ cas, isDirty }) => isDirty || cas.some(({ id }) => !ids.has(id)))
  const isDamaged = live.some((bundle) => !isSound(bundle, trusted))
  return { wanted, differing, isRemoving, isDamaged }
}

/** Another CA in it is no damage: it may be that of a replica that knows more. */
function isSound({ cas, isDirty }: LiveBundle, trusted: readonly TrustedCa[]): boolean {
  const live = new Set(cas.map(({ id }) => id))
  return !isDirty && cas.length === live.size && trusted.every(({ id }) => live.has(id))
}

function isEqual({ cas, isDirty }: LiveBundle, ids: ReadonlySet<string>): boolean {
  const live = new Set(cas.map(({ id }) => id))
  // Order is nobody's business, but a certificate that stands twice was put there by somebody else.
  return !isDirty && cas.length === live.size && live.size === ids.size && [...ids].every((id) => live.has(id))
}
