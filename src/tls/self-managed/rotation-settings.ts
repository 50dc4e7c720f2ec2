import type { CertificateFacts } from './stored-certificates.ts'

/** When certificates are made anew. All in milliseconds but for the two fractions. */
export interface RotationSettings {
  readonly caLifetimeMs: number
  readonly caRenewAt: number
  readonly servingLifetimeMs: number
  readonly servingRenewAt: number
  /** How long after a bundle was seen written every API server has learned of it. */
  readonly settleMs: number
  readonly skewMs: number
}

export interface Lifetime {
  readonly renewAt: number
  readonly skewMs: number
  /** Of this replica, in [0, 1): replicas that share a certificate do not all renew it in the same moment. */
  readonly jitter: number
}

/** Of the time that is left after the renewal is due; the rest is for failures. */
const JITTER_PART = 0.1

/**
 * Takes a certificate, gives when this replica renews it. What counts is its own lifetime, not the setting of today, and
 * of that what is left without being dated back.
 */
export function renewalTime({ notBefore, notAfter }: CertificateFacts, { renewAt, skewMs, jitter }: Lifetime): number {
  const lifetime = Math.max(0, notAfter - notBefore - skewMs)
  return notAfter - lifetime * (1 - renewAt) * (1 - JITTER_PART * jitter)
}
