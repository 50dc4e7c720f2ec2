import { type ClockSkew, clockSkews } from './clock-skew.ts'
import type { Span, Trace } from './span.ts'
import { clocksOf } from './span-clock.ts'
import { nodesOf, type SpanNode, spanTrees } from './span-tree.ts'

/** A trace, and when each of its spans really began. */
export interface TimedTrace {
  /** The longest first. */
  readonly trees: readonly SpanNode[]
  /** From its first begin to its last end. */
  readonly fromUs: number
  readonly untilUs: number
  /** When a span began by the clock that the longest tree begins by. */
  readonly startOf: (span: Span) => number
  readonly clockOf: (span: Span) => string
  readonly skews: ReadonlyMap<string, ClockSkew>
}

/** Takes a trace, gives its times with the clocks of nodes corrected; undefined: it has no spans. Pure. */
export function timeTrace(trace: Trace): TimedTrace | undefined {
  const trees = spanTrees(trace)
  const [longest] = trees
  if (longest === undefined) return undefined
  const clocks = clocksOf(trace.spans)
  const clockOf = ({ process: sender }: Span) => clocks(sender)
  const skews = clockSkews(trees, clocks)
  const startOf = (span: Span) => span.startUs - (skews.get(clockOf(span))?.aheadUs ?? 0)
  const right = clockOf(longest.span)
  const isComparable = ({ span }: SpanNode) => skews.get(clockOf(span))?.comparedWith === right
  return { trees, ...wholeTime(trees, { startOf, isComparable }), startOf, clockOf, skews }
}

interface Extent {
  readonly fromUs: number
  readonly untilUs: number
}

interface ExtentParts {
  readonly startOf: (span: Span) => number
  /** Whether the clock of a root is known beside that of the longest tree. */
  readonly isComparable: (root: SpanNode) => boolean
}

/** A tree by a clock that nothing is known of counts where it overlaps: hours away, it would make the trace so long. */
function wholeTime(trees: readonly SpanNode[], { startOf, isComparable }: ExtentParts): Extent {
  const known = trees.filter(isComparable).map((tree) => extentOf(tree, startOf))
  let whole = known.reduce(unionOf)
  const others = trees.filter((tree) => !isComparable(tree)).map((tree) => extentOf(tree, startOf))
  for (const other of others.toSorted((a, b) => a.fromUs - b.fromUs)) {
    const overlaps = other.fromUs <= whole.untilUs && other.untilUs >= whole.fromUs
    if (overlaps) whole = unionOf(whole, other)
  }
  return whole
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
