import { type ClockSkew, clockSkews } from '../../spans/clock-skew.ts'
import type { Span, Trace } from '../../spans/span.ts'
import { clocksOf } from '../../spans/span-clock.ts'
import { nodesOf, type SpanNode, spanTrees } from '../../spans/span-tree.ts'
import { spanTries, type Try } from '../../spans/span-tries.ts'
import { type TimeSplit, timeSplit } from '../../spans/time-split.ts'

/** A trace with each of its spans in its place. */
export interface LaidOutTrace {
  readonly traceId: string
  /** The longest first. */
  readonly trees: readonly SpanNode[]
  readonly spans: number
  /** What is shown: from the begin of the longest tree to its end, and further where others overlap with it. */
  readonly fromUs: number
  readonly untilUs: number
  /** When a span began by the clock that the longest tree begins by. */
  readonly startOf: (span: Span) => number
  readonly clockOf: (span: Span) => string
  readonly skews: ReadonlyMap<string, ClockSkew>
  readonly tries: ReadonlyMap<SpanNode, Try>
  /** Of the longest tree. */
  readonly split: TimeSplit
}

/** Takes a trace of at least one span, lays it out, clocks of nodes corrected. Pure. */
export function layOutTrace(trace: Trace): LaidOutTrace {
  const trees = spanTrees(trace)
  const [longest] = trees
  if (longest === undefined) throw new Error(`trace ${trace.traceId} has no spans`)
  const clockOf = clocksOf(trace.spans)
  const skews = clockSkews(trees, clockOf)
  const startOf = (span: Span) => span.startUs - (skews.get(clockOf(span.process))?.aheadUs ?? 0)
  return {
    traceId: trace.traceId,
    trees,
    spans: [...nodesOf(trees)].length,
    ...shownTime(trees, startOf),
    startOf,
    clockOf: ({ process: sender }) => clockOf(sender),
    skews,
    tries: spanTries(trees),
    split: timeSplit(longest, startOf),
  }
}

interface Extent {
  readonly fromUs: number
  readonly untilUs: number
}

/** A tree beside it may be by a clock that nothing is known of: hours away, it would leave no room for the longest. */
function shownTime(trees: readonly SpanNode[], startOf: (span: Span) => number): Extent {
  const [longest, ...others] = trees.map((tree) => extentOf(tree, startOf))
  let shown = longest as Extent
  for (const other of others.toSorted((a, b) => a.fromUs - b.fromUs)) {
    const overlaps = other.fromUs <= shown.untilUs && other.untilUs >= shown.fromUs
    if (overlaps) shown = unionOf(shown, other)
  }
  return shown
}

function extentOf(tree: SpanNode, startOf: (span: Span) => number): Extent {
  let extent: Extent = { fromUs: Number.POSITIVE_INFINITY, untilUs: Number.NEGATIVE_INFINITY }
  for (const { span } of nodesOf([tree])) {
    const fromUs = startOf(span)
    extent = unionOf(extent, { fromUs, untilUs: fromUs + span.durationUs })
  }
  return extent
}

function unionOf(a: Extent, b: Extent): Extent {
  return { fromUs: Math.min(a.fromUs, b.fromUs), untilUs: Math.max(a.untilUs, b.untilUs) }
}
