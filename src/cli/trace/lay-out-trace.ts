import type { Trace } from '../../spans/span.ts'
import { nodesOf, type SpanNode } from '../../spans/span-tree.ts'
import { spanTries, type Try } from '../../spans/span-tries.ts'
import { type TimeSplit, timeSplit } from '../../spans/time-split.ts'
import { type TimedTrace, timeTrace } from '../../spans/timed-trace.ts'

/** A trace with each of its spans in its place. */
export interface LaidOutTrace extends TimedTrace {
  readonly traceId: string
  readonly spans: number
  readonly tries: ReadonlyMap<SpanNode, Try>
  /** Of the longest tree. */
  readonly split: TimeSplit
}

/** Takes a trace of at least one span, lays it out, clocks of nodes corrected. Pure. */
export function layOutTrace(trace: Trace): LaidOutTrace {
  const { traceId } = trace
  const timed = timeTrace(trace)
  const [longest] = timed?.trees ?? []
  if (timed === undefined || longest === undefined) throw new Error(`trace ${traceId} has no spans`)
  const { trees, startOf } = timed
  const spans = [...nodesOf(trees)].length
  return { traceId, ...timed, spans, tries: spanTries(trees), split: timeSplit(longest, startOf) }
}
