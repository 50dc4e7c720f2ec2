import type { Clock } from '../check/run-checks.ts'
import type { RolloutProgress } from './rollout.ts'

export interface FollowParts {
  readonly look: () => Promise<RolloutProgress>
  /** By the clock: when patience ends. */
  readonly deadline: number
  readonly clock: Clock
  /** Told what is waited for, each time that it was looked at in vain. */
  readonly onProgress: (because: string) => void
}

/** How a rollout ended; `late`: patience did before. */
export type RolloutEnd = { readonly state: 'done' } | { readonly state: 'failed' | 'late'; readonly because: string }

/** A controller takes some seconds for a Pod; one request in so long a time is no burden to anyone. */
const PAUSE_MS = 1_000

/** Looks at a rollout until it has ended or the deadline has come, gives how. What `look` throws ends it too. */
export async function followRollout({ look, deadline, clock, onProgress }: FollowParts): Promise<RolloutEnd> {
  for (;;) {
    const progress = await look()
    if (progress.state === 'done') return progress
    const { because } = progress
    if (progress.state === 'failed') return { state: 'failed', because }
    if (clock.now() >= deadline) return { state: 'late', because }
    onProgress(because)
    await clock.pause(Math.min(PAUSE_MS, deadline - clock.now()))
  }
}
