/**
 * Takes values in ascending order and a percentage, gives the percentile by nearest rank: the smallest value that at least
 * so many percent of all values do not exceed. It is always one of the values, and exact: nothing is estimated. NaN of none. Pure.
 */
export function percentileOf(ascending: ArrayLike<number>, percent: number): number {
  // Multiplied first, as whole numbers: a fraction such as 0.95 is not exact, and a rank may not be one too far for that.
  const rank = Math.max(1, Math.ceil((percent * ascending.length) / 100))
  return ascending[rank - 1] ?? Number.NaN
}

/** The figures that stand in every table. */
export interface Percentiles {
  readonly p50Us: number
  readonly p95Us: number
  readonly p99Us: number
}

/** Takes durations in any order, gives their percentiles. Pure. */
export function percentilesOf(durationsUs: Iterable<number> & ArrayLike<number>): Percentiles {
  // Sorted as numbers, without a call for each comparison.
  const ascending = Float64Array.from(durationsUs).sort()
  return {
    p50Us: percentileOf(ascending, 50),
    p95Us: percentileOf(ascending, 95),
    p99Us: percentileOf(ascending, 99),
  }
}
