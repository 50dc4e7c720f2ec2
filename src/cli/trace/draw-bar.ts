import type { Span } from '../../spans/span.ts'
import type { SpanNode } from '../../spans/span-tree.ts'
import { type TimePart, timePartOf } from '../../spans/time-split.ts'

/** What a column of a bar shows: nothing, that the span waits for those below it, or where its own time goes. */
export type BarCell = ' ' | 'wait' | TimePart

/** The time that a bar’s columns share. */
export interface BarScale {
  readonly fromUs: number
  readonly untilUs: number
  readonly columns: number
  readonly startOf: (span: Span) => number
}

/** Takes a span with those below it, and the scale, gives a cell for each column. Pure. */
export function drawBar(node: SpanNode, scale: BarScale): BarCell[] {
  const cells = Array<BarCell>(scale.columns).fill(' ')
  const whole = stretchOf(node.span, scale.startOf)
  paint(cells, columnsOf(whole, scale), 'wait')
  const own = ownStretches(node, whole, scale.startOf)
  const part = timePartOf(node)
  const columnUs = (scale.untilUs - scale.fromUs) / scale.columns
  const wide = own.filter(({ fromUs, untilUs }) => untilUs - fromUs >= columnUs / 2)
  // However short, its own time is shown: who waits for nobody is all bar.
  const [longest] = own.toSorted((a, b) => b.untilUs - b.fromUs - (a.untilUs - a.fromUs))
  for (const stretch of wide.length > 0 || longest === undefined ? wide : [longest]) {
    paint(cells, columnsOf(stretch, scale), part)
  }
  return cells
}

interface Stretch {
  readonly fromUs: number
  readonly untilUs: number
}

function stretchOf(span: Span, startOf: BarScale['startOf']): Stretch {
  const fromUs = startOf(span)
  return { fromUs, untilUs: fromUs + span.durationUs }
}

/** When none of those below it ran. */
function ownStretches({ children }: SpanNode, whole: Stretch, startOf: BarScale['startOf']): Stretch[] {
  if (children.length === 0) return [whole]
  const own: Stretch[] = []
  let fromUs = whole.fromUs
  for (const child of children.map(({ span }) => stretchOf(span, startOf)).toSorted((a, b) => a.fromUs - b.fromUs)) {
    const untilUs = Math.min(child.fromUs, whole.untilUs)
    if (untilUs > fromUs) own.push({ fromUs, untilUs })
    fromUs = Math.max(fromUs, child.untilUs)
  }
  if (whole.untilUs > fromUs) own.push({ fromUs, untilUs: whole.untilUs })
  return own
}

/** First column and the one behind the last: one at least; what is out of the scale is at its edge. */
function columnsOf({ fromUs, untilUs }: Stretch, scale: BarScale): readonly [number, number] {
  const perUs = scale.columns / Math.max(1, scale.untilUs - scale.fromUs)
  const first = Math.floor((fromUs - scale.fromUs) * perUs)
  const behind = Math.ceil((untilUs - scale.fromUs) * perUs)
  const from = Math.min(Math.max(first, 0), scale.columns - 1)
  return [from, Math.min(Math.max(behind, from + 1), scale.columns)]
}

function paint(cells: BarCell[], [from, behind]: readonly [number, number], cell: BarCell): void {
  cells.fill(cell, from, behind)
}
