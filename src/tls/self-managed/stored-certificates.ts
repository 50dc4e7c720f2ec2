/** What decisions need of a certificate; times in milliseconds since 1970. */
export interface CertificateFacts {
  /** Its fingerprint. */
  readonly id: string
  readonly notBefore: number
  readonly notAfter: number
}

/** A CA's certificate, as it stands in a bundle. */
export interface TrustedCa extends CertificateFacts {
  readonly pem: string
}

/** A CA that we can sign with. */
export interface Authority extends TrustedCa {
  readonly keyPem: string
}

export interface IssuedServing extends CertificateFacts {
  /** The id of the CA that signed it. */
  readonly issuer: string
  readonly pem: string
  readonly keyPem: string
}

/** A CA that signs no more, with the last serving certificate that it signed: it is trusted until that one has expired. */
export interface OldCa {
  readonly ca: TrustedCa
  readonly last?: Omit<IssuedServing, 'keyPem'> | undefined
}

/** What the one Secret holds, as far as it is sound. */
export interface StoredCertificates {
  /** The CA that signs. */
  readonly ca?: Authority | undefined
  /** The CA that will sign next; it is in the bundle already, or about to be. */
  readonly next?: Authority | undefined
  /** Signed by `ca`. */
  readonly serving?: IssuedServing | undefined
  readonly old: readonly OldCa[]
  /** What somebody asked for, in the key `rotate`. */
  readonly rotate?: 'ca' | 'serving' | undefined
  /** What was there and is not sound: a sentence each, never with contents. */
  readonly damage: readonly string[]
}

/** What a server serves with, and the CA to be trusted for it. */
export interface OwnServing {
  readonly serving: IssuedServing
  readonly ca: TrustedCa
  /** Of one that the Secret does not hold: the id of that which it stands in for; see stand-in.ts. */
  readonly insteadOf?: string | undefined
}

/** Of the Secret when it is empty. */
export const NOTHING_STORED: StoredCertificates = { old: [], damage: [] }

/**
 * So many old CAs are kept: each is trusted for one serving lifetime, so that more than one is rare; more mean that somebody
 * replaces the Secret again and again.
 */
export const MAX_OLD = 4

/** Takes what is stored, gives every CA that has to be trusted because of it, the one that signs first. */
export function trustedCas({ ca, next, old }: StoredCertificates): TrustedCa[] {
  const all = [ca, next, ...old.map((one) => one.ca)].filter((one) => one !== undefined)
  const once = all.filter(({ id }, index) => all.findIndex((other) => other.id === id) === index)
  // Without the keys that some of them have: whoever trusts a CA needs none.
  return once.map(({ id, notBefore, notAfter, pem }) => ({ id, notBefore, notAfter, pem }))
}

/** Takes old CAs, gives each once and not more than MAX_OLD: those whose certificates last longest. */
export function mergeOld(old: readonly OldCa[]): OldCa[] {
  const once = old.filter(({ ca }, index) => old.findLastIndex((other) => other.ca.id === ca.id) === index)
  const byEnd = once.sort((a, b) => (b.last?.notAfter ?? 0) - (a.last?.notAfter ?? 0))
  return byEnd.slice(0, MAX_OLD)
}
