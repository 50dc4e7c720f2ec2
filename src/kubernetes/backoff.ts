export interface Backoff {
  readonly firstMs: number
  readonly maxMs: number
  /** Gives numbers in [0, 1). */
  readonly random?: () => number
}

/**
 * Takes how many failures came in a row (0: the first one), gives the pause before the next attempt: doubled each time
 * and bounded, and of that a random part between half and all, so that replicas that fail together do not return
 * together.
 */
export function backoffMs(failures: number, { firstMs, maxMs, random = Math.random }: Backoff): number {
  // 2 ** 1024 is Infinity, which min() takes well
  const full = Math.min(maxMs, firstMs * 2 ** failures)
  return full / 2 + (random() * full) / 2
}
