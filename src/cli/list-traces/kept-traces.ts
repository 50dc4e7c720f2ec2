import type { TraceSummary } from '../../spans/trace-summary.ts'

/** Which traces come first, and which are left out when there are more than wanted. */
export const TRACE_ORDERS = ['newest', 'slowest'] as const
export type TraceOrder = (typeof TRACE_ORDERS)[number]

/** The first ones by an order, of any number. */
export interface KeptTraces {
  readonly add: (summary: TraceSummary) => void
  readonly list: () => readonly TraceSummary[]
  /** Takes since when all traces have been seen, gives whether an older one cannot be among the first any more. */
  readonly isSettled: (completeFromUs: number) => boolean
}

/** Starts are corrected by what clocks of nodes are wrong; where they are kept at all, that is far less. */
const CORRECTION_US = 1_000_000

/** Takes an order and how many traces are wanted, gives what keeps them, and not many more. */
export function keepTraces(order: TraceOrder, limit: number): KeptTraces {
  const compare = order === 'newest' ? byStart : byDuration
  let kept: TraceSummary[] = []
  const first = () => kept.toSorted(compare).slice(0, limit)
  return {
    add: (summary) => {
      kept.push(summary)
      // Seldom enough for the sorting to cost nothing.
      if (kept.length >= 2 * limit + 100) kept = first()
    },
    list: first,
    isSettled: (completeFromUs) => {
      if (order === 'slowest') return false
      return kept.filter(({ startUs }) => startUs >= completeFromUs + CORRECTION_US).length >= limit
    },
  }
}

function byStart(a: TraceSummary, b: TraceSummary): number {
  return b.startUs - a.startUs
}

function byDuration(a: TraceSummary, b: TraceSummary): number {
  return b.durationUs - a.durationUs
}
