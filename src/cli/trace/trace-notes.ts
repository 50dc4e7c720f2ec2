import { shownDuration } from '../../spans/shown-duration.ts'
import { nodesOf } from '../../spans/span-tree.ts'
import { TIME_PARTS, type TimePart } from '../../spans/time-split.ts'
import { printable } from '../printable.ts'
import type { LaidOutTrace } from './lay-out-trace.ts'

/** Takes a trace, gives the lines that split its time up. Pure. */
export function splitLines({ trees, split }: LaidOutTrace): string[] {
  const wholeUs = trees[0]?.span.durationUs ?? 0
  const parts = (Object.keys(TIME_PARTS) as TimePart[]).filter((part) => split[part] > 0 || isAlways(part))
  const rows = parts.map((part) => ({
    duration: shownDuration(split[part]),
    percent: `${wholeUs === 0 ? 0 : Math.round((split[part] / wholeUs) * 100)}%`,
    sentence: TIME_PARTS[part],
  }))
  const widest = Math.max(...rows.map(({ duration }) => duration.length))
  const lines = rows.map(
    ({ duration, percent, sentence }) => `  ${duration.padStart(widest)}  ${percent.padStart(4)}  ${sentence}`,
  )
  const of = trees.length === 1 ? '' : `, the longest of ${trees.length} trees`
  return [`Of ${shownDuration(wholeUs)}${of}:`, ...lines]
}

/** Whoever asks for them is told that there is nothing. */
function isAlways(part: TimePart): boolean {
  return part === 'proxy' || part === 'application' || part === 'network'
}

/** Takes a trace, gives a sentence for whatever makes its picture less sure than it looks. Pure. */
export function traceNotes(trace: LaidOutTrace): string[] {
  const nodes = [...nodesOf(trace.trees)]
  const lost = nodes.filter(({ lacksParent }) => lacksParent).length
  const isOutside = ({ span }: (typeof nodes)[number]) => {
    const startUs = trace.startOf(span)
    return startUs > trace.untilUs || startUs + span.durationUs < trace.fromUs
  }
  const outside = nodes.filter(isOutside).length
  return [
    ...(lost === 0 ? [] : [lostNote(lost, trace.trees.length)]),
    ...(outside === 0 ? [] : [`${counted(outside)} at another time than the longest tree, shown at the edge`]),
    ...skewNotes(trace),
  ]
}

function lostNote(lost: number, trees: number): string {
  const reason = 'from a caller that sends its spans elsewhere, not sampled, lost, or not arrived yet'
  return trees === 1 && lost === 1
    ? `the parent of the first span is not there: ${reason}`
    : `${counted(lost)} without the parent that they name: ${reason}`
}

function counted(spans: number): string {
  return spans === 1 ? '1 span is' : `${spans} spans are`
}

function skewNotes({ skews }: LaidOutTrace): string[] {
  return [...skews].flatMap(([clock, { comparedWith, aheadUs, withinUs, isContradictory }]) => {
    if (aheadUs === 0 && !isContradictory) return []
    const way = aheadUs < 0 ? 'behind' : 'ahead of'
    const sure = isContradictory
      ? 'its calls contradict each other, so times between the two are not sure'
      : `± ${shownDuration(withinUs)}`
    return [
      `the clock of ${printable(clock)} is ${shownDuration(Math.abs(aheadUs))} ${way} that of ${printable(comparedWith)} (${sure}): corrected here`,
    ]
  })
}
