export interface PatchPace {
  /** Milliseconds to wait before the next patch may go out, at this moment. */
  readonly pauseAt: (now: number) => number
  /** Told that a patch went out, or failed to. */
  readonly onPatch: (now: number) => void
  /** How many patches in a row came so soon after the one before that somebody else must be at work. */
  readonly streak: () => number
}

export interface PatchPaceBounds {
  readonly firstMs: number
  readonly maxMs: number
}

/**
 * Gives the pace of patches to one object: the first goes out at once, each one soon after the last waits twice as long,
 * up to a bound. So two writers that disagree do not wear the API server out. After quiet for twice the longest pause
 * it begins anew.
 */
export function createPatchPace({ firstMs, maxMs }: PatchPaceBounds): PatchPace {
  let last = Number.NEGATIVE_INFINITY
  let streak = 0
  return {
    pauseAt: (now) => {
      if (now - last > 2 * maxMs) streak = 0
      if (streak === 0) return 0
      return Math.max(0, last + Math.min(maxMs, firstMs * 2 ** (streak - 1)) - now)
    },
    onPatch: (now) => {
      last = now
      streak += 1
    },
    streak: () => streak,
  }
}
