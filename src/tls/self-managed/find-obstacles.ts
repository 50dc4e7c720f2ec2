import { isCaDue, type Situation } from './plan-change.ts'
import { MAX_OLD } from './stored-certificates.ts'

/**
 * What keeps certificates from being renewed without being a failure of its own. `ca-unsettled`: a new CA is not in every
 * caBundle for long enough. `old-cas`: there is no room for a new CA. `not-stored`: what is served with is not in the Secret.
 */
export type Obstacle = 'ca-unsettled' | 'old-cas' | 'not-stored'

export const OBSTACLES: readonly Obstacle[] = ['ca-unsettled', 'old-cas', 'not-stored']

/** A new CA waits for one settle time, a tenth of it and a write; five are no accident, nor is less than a minute one to speak of. */
const SETTLE_TIMES = 5
const MIN_WAIT_MS = 60_000

/** Takes a clock that never jumps, gives what finds the obstacles of a situation; to be asked again and again. */
export function createObstacleFinder(clock: () => number): (situation: Situation) => Obstacle[] {
  let waiting: string | undefined
  let since = clock()
  return (situation) => {
    const id = waitingCa(situation)
    if (id !== waiting) since = clock()
    waiting = id
    const limitMs = Math.max(MIN_WAIT_MS, SETTLE_TIMES * situation.settings.settleMs)
    const found: Record<Obstacle, boolean> = {
      'ca-unsettled': id !== undefined && clock() - since > limitMs,
      'old-cas': isCaDue(situation) && situation.stored.old.length >= MAX_OLD,
      'not-stored': situation.mine?.insteadOf !== undefined,
    }
    return OBSTACLES.filter((obstacle) => found[obstacle])
  }
}

/** The CA that is to be used next: by everybody, or by this replica. */
function waitingCa({ stored, mine, now }: Situation): string | undefined {
  const { next, ca } = stored
  if (next !== undefined && next.notAfter > now) return next.id
  return mine === undefined || ca?.id === mine.ca.id ? undefined : ca?.id
}
