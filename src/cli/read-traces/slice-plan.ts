/** A stretch of time, in microseconds since 1970. Jaeger counts both ends to it. */
export interface Slice {
  readonly fromUs: number
  readonly untilUs: number
}

/** Walks from the newest end of a stretch of time to the oldest, in slices of about as many traces as Jaeger gives at once. */
export interface SlicePlan {
  /** The next slice, which ends where the last one began; undefined: there is none. */
  readonly next: () => Slice | undefined
  /** Takes a slice and how many traces of one service were found in it at most: later slices are cut accordingly. */
  readonly found: (slice: Slice, traces: number) => void
}

/** Nothing is known of the first slice: that of an hour takes a minute. */
const FIRST_PART = 64
const MIN_WIDTH_US = 1_000_000
/** Traces come in bursts: a slice that is expected to be half full is seldom full, which would have it asked for again in halves. */
const FILL = 1 / 2
/** One slice with few traces says little about the next. */
const MAX_GROWTH = 8

/** Takes a stretch of time and how many traces Jaeger gives at once, gives the plan. Pure but for what it was told. */
export function createSlicePlan(all: Slice, limit: () => number): SlicePlan {
  let untilUs = all.untilUs
  let widthUs = Math.max(MIN_WIDTH_US, Math.ceil((all.untilUs - all.fromUs) / FIRST_PART))
  let isBegun = false
  return {
    next: () => {
      if (untilUs <= all.fromUs && isBegun) return undefined
      isBegun = true
      const slice = { fromUs: Math.max(all.fromUs, untilUs - widthUs), untilUs }
      untilUs = slice.fromUs
      return slice
    },
    found: (slice, traces) => {
      const width = Math.max(1, slice.untilUs - slice.fromUs)
      const growth = traces === 0 ? MAX_GROWTH : Math.min(MAX_GROWTH, (limit() * FILL) / traces)
      widthUs = Math.max(1, Math.ceil(width * growth))
    },
  }
}

/** Takes a slice that has more traces than Jaeger gives at once, gives its halves, the newer one first; none: it cannot be cut. Pure. */
export function halvesOf({ fromUs, untilUs }: Slice): readonly Slice[] {
  if (untilUs - fromUs <= 1) return []
  const middleUs = Math.floor((fromUs + untilUs) / 2)
  // The microsecond between them is in both: Jaeger keeps nanoseconds, and a span may lie within it.
  return [
    { fromUs: middleUs, untilUs },
    { fromUs, untilUs: middleUs },
  ]
}
