import type { Situation } from './plan-change.ts'
import { type OwnServing, trustedCas } from './stored-certificates.ts'

/**
 * Takes what a replica sees, gives what it serves with from now on. What the Secret holds is taken at once when its CA is
 * the one that is trusted for the present certificate; a certificate of another CA only when every API server has
 * learned of that one, or when the present one is good for nothing any more.
 */
export function chooseServing({
  stored,
  mine,
  bundle,
  now,
  settings,
}: Omit<Situation, 'emptyMs' | 'jitter'>): OwnServing | undefined {
  const { serving } = stored
  const ca = trustedCas(stored).find(({ id }) => id === serving?.issuer)
  if (serving === undefined || ca === undefined || serving.notAfter <= now) return mine
  const candidate = { serving, ca }
  if (mine === undefined || mine.serving.notAfter <= now) return candidate
  if (mine.serving.id === serving.id || mine.insteadOf === serving.id) return mine
  // made by a replica whose clock is ahead: API servers would refuse it until its time has come
  if (serving.notBefore > now) return mine
  if (mine.ca.id === ca.id) return candidate
  const inPlaceMs = bundle.inPlaceMs(ca.id)
  const isSettled = (inPlaceMs ?? -1) >= settings.settleMs
  const isLost = inPlaceMs !== undefined && bundle.inPlaceMs(mine.ca.id) === undefined
  return isSettled || isLost ? candidate : mine
}
