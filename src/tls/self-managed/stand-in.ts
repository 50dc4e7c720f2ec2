import type { Issuer } from './make-change.ts'
import type { Situation } from './plan-change.ts'
import { renewalTime } from './rotation-settings.ts'
import type { Authority, OwnServing } from './stored-certificates.ts'

/** So much of the time for failures is left to whoever can write the Secret; with a renewal at half it is nine tenths of all. */
const PATIENT_PART = 0.8

/**
 * Takes what a replica sees and remembers, gives the CA by which it has to make itself a serving certificate; undefined:
 * it has not. It has when the one it serves with ends soon and the Secret still holds none to follow it: whatever keeps it
 * from being written (an API server that is away, a deleted Secret, a lost right). Only the CA of the present one will do:
 * every API server trusts that one already. Pure.
 */
export function standInAuthority({
  stored,
  remembered,
  mine,
  now,
  jitter,
  settings,
}: Omit<Situation, 'emptyMs' | 'bundle'>): Authority | undefined {
  if (mine === undefined) return undefined
  const { servingRenewAt, skewMs } = settings
  const renewAt = servingRenewAt + (1 - servingRenewAt) * PATIENT_PART
  if (now < renewalTime(mine.serving, { renewAt, skewMs, jitter })) return undefined
  const ca = [stored.ca, remembered?.ca].find((one) => one?.id === mine.ca.id)
  // Where the CA itself ends there is nothing to be gained.
  return ca !== undefined && ca.notAfter > Math.max(now, mine.serving.notAfter) ? ca : undefined
}

/** Takes that CA, what a replica sees and remembers, and who makes certificates, gives one that the Secret knows nothing of. */
export async function makeStandIn(
  ca: Authority,
  { stored, remembered }: Pick<Situation, 'stored' | 'remembered'>,
  issuer: Issuer,
): Promise<OwnServing> {
  const { keyPem: _, ...trusted } = ca
  // It goes as soon as the Secret holds another than this: so that is noted before time passes.
  const insteadOf = (stored.serving ?? remembered?.serving)?.id
  return { serving: await issuer.issueServing(ca), ca: trusted, insteadOf }
}
