import { type RotationSettings, renewalTime } from './rotation-settings.ts'
import { MAX_OLD, type OldCa, type OwnServing, type StoredCertificates, trustedCas } from './stored-certificates.ts'

/** One change of the Secret; make-change.ts makes it. */
export type Change =
  /** The Secret lost its CA, and this replica remembers what it held. */
  | { readonly kind: 'restore'; readonly contents: StoredCertificates }
  /** Nobody remembers a CA: a new one, in use at once. */
  | { readonly kind: 'create' }
  /** A new CA, to be trusted first and used later. */
  | { readonly kind: 'add-ca' }
  /** The new CA is trusted by every API server: from now on it signs. */
  | { readonly kind: 'use-ca' }
  | { readonly kind: 'issue-serving' }
  /** Serving certificates of a CA that the Secret does not know are in use: it is trusted until they have expired. */
  | { readonly kind: 'keep-ca'; readonly old: OldCa }
  /** The last serving certificates of these CAs have expired. */
  | { readonly kind: 'remove-cas'; readonly ids: readonly string[] }
  /** Something in the Secret is not sound, and nothing depends on it. */
  | { readonly kind: 'clean' }

/** What a replica knows of the caBundles of our entries. */
export interface BundleKnowledge {
  /** For how long, in milliseconds, this CA has been seen in every entry without a break; undefined: it is not in each. */
  readonly inPlaceMs: (id: string) => number | undefined
  /** Whether some entry trusts a CA that has not expired: others may serve with it. */
  readonly isTrustingSomebody: boolean
}

export interface Situation {
  readonly stored: StoredCertificates
  /** The last sound contents that this replica has seen. */
  readonly remembered?: StoredCertificates | undefined
  /** What this replica serves with. */
  readonly mine?: OwnServing | undefined
  readonly bundle: BundleKnowledge
  /** For how long the Secret has been seen without a CA. */
  readonly emptyMs: number
  readonly now: number
  readonly jitter: number
  readonly settings: RotationSettings
}

/**
 * Longest that a replica without memory leaves an empty Secret to others that may remember what it held. They need one
 * watch event and one write for it; ten seconds are those of an API server under load.
 */
const MAX_PATIENCE_MS = 10_000

/**
 * Takes what a replica sees and remembers, gives the change of the Secret that is due; undefined: none. Every condition
 * is something that was observed, so that a replica may die after any step and another goes on (docs/certificates.md).
 */
export function planChange(situation: Situation): Change | undefined {
  const { stored, now } = situation
  if (stored.ca === undefined || stored.ca.notAfter <= now) return withoutCa(situation)
  const { serving } = stored
  if (serving === undefined || serving.notAfter <= now || serving.issuer !== stored.ca.id) {
    return { kind: 'issue-serving' }
  }
  return keepMine(situation) ?? renewal(situation) ?? cleaning(situation)
}

function withoutCa({ stored, remembered, bundle, emptyMs, now, jitter, settings }: Situation): Change | undefined {
  if (remembered?.ca !== undefined && remembered.ca.notAfter > now) return { kind: 'restore', contents: remembered }
  if (stored.next !== undefined && stored.next.notAfter > now) return { kind: 'use-ca' }
  const patienceMs = Math.min(settings.settleMs, MAX_PATIENCE_MS) * (1 + jitter / 2)
  return bundle.isTrustingSomebody && emptyMs < patienceMs ? undefined : { kind: 'create' }
}

function keepMine({ stored, mine, now }: Situation): Change | undefined {
  if (mine === undefined || mine.serving.notAfter <= now) return undefined
  if (trustedCas(stored).some(({ id }) => id === mine.ca.id)) return undefined
  // Where there is no room left, only one whose certificates end earlier makes room.
  const hasRoom = ({ last }: OldCa) => (last?.notAfter ?? 0) < mine.serving.notAfter
  if (stored.old.length >= MAX_OLD && !stored.old.some(hasRoom)) return undefined
  const { keyPem: _, ...last } = mine.serving
  return { kind: 'keep-ca', old: { ca: mine.ca, last } }
}

function renewal(situation: Situation): Change | undefined {
  const { stored, bundle, now, jitter, settings } = situation
  const { next, serving, old, rotate } = stored
  const { servingRenewAt: renewAt, settleMs, skewMs } = settings
  // A tenth more than others wait, at most: promotions of several replicas shall not collide.
  const isSettled = (id: string) => (bundle.inPlaceMs(id) ?? -1) >= settleMs * (1 + jitter / 10)
  if (next !== undefined && next.notAfter > now && isSettled(next.id)) return { kind: 'use-ca' }
  const isServingDue = serving !== undefined && now >= renewalTime(serving, { renewAt, skewMs, jitter })
  if (rotate === 'serving' || isServingDue) return { kind: 'issue-serving' }
  return isCaDue(situation) && old.length < MAX_OLD ? { kind: 'add-ca' } : undefined
}

/** Takes a situation, tells whether another CA is wanted, by its age or by somebody, and none is on its way. Pure. */
export function isCaDue({ stored, now, jitter, settings }: Situation): boolean {
  const { ca, next, rotate } = stored
  const { caRenewAt: renewAt, skewMs } = settings
  if (ca === undefined || (next !== undefined && next.notAfter > now)) return false
  return rotate === 'ca' || now >= renewalTime(ca, { renewAt, skewMs, jitter })
}

function cleaning({ stored, now, settings }: Situation): Change | undefined {
  const isOver = ({ ca, last }: OldCa) => ca.notAfter <= now || (last?.notAfter ?? 0) + settings.skewMs <= now
  const ids = stored.old.filter(isOver).map(({ ca }) => ca.id)
  if (ids.length > 0) return { kind: 'remove-cas', ids }
  const isAnswered = stored.rotate === 'ca' && stored.next !== undefined
  return stored.damage.length > 0 || isAnswered ? { kind: 'clean' } : undefined
}
