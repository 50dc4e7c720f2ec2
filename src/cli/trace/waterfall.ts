import { shownDuration } from '../../spans/shown-duration.ts'
import type { SpanNode } from '../../spans/span-tree.ts'
import type { TimePart } from '../../spans/time-split.ts'
import { fitText, textWidth } from '../text-width.ts'
import { type BarCell, drawBar } from './draw-bar.ts'
import { type FoldedSpans, foldTrace } from './fold-trace.ts'
import type { LaidOutTrace } from './lay-out-trace.ts'
import { spanMarks, spanText } from './span-text.ts'
import { paintText, type TextPart } from './text-parts.ts'

export interface WaterfallLook {
  /** 20 at least. */
  readonly columns: number
  readonly maxRows: number
  readonly hasColour: boolean
}

const [RED, GREEN, YELLOW, BLUE, MAGENTA, GREY] = [31, 32, 33, 34, 35, 90] as const

/** Told apart by their letter too: not everybody sees colours, and not every output has them. */
export const PART_LOOKS: Readonly<Record<TimePart | 'wait', { readonly letter: string; readonly colour: number }>> = {
  proxy: { letter: '▓', colour: YELLOW },
  application: { letter: '█', colour: GREEN },
  network: { letter: '░', colour: BLUE },
  'control-plane': { letter: '▒', colour: MAGENTA },
  unseen: { letter: '·', colour: GREY },
  wait: { letter: '─', colour: GREY },
}

/** Less room than this, and bars would say nothing. */
const MIN_BAR = 16
const MAX_MARKS = 24

/** Takes a trace, gives a line for each row: names, bar, duration, and what is to be noticed; none is wider than asked. Pure. */
export function drawWaterfall(trace: LaidOutTrace, look: WaterfallLook): string[] {
  const folded = foldTrace(trace.trees, { startOf: trace.startOf, maxRows: look.maxRows })
  const rows = folded.map((row) => ('node' in row ? spanTexts(row, trace) : foldedTexts(row)))
  const widths = columnWidths(rows, look.columns)
  const lines = rows.map((row) => rowParts(row, barParts(row, trace, widths.bar), widths))
  return [headParts(trace, widths), ...lines].map((parts) => paintText(parts, look.hasColour))
}

function headParts({ fromUs, untilUs }: LaidOutTrace, { label, bar }: Widths): TextPart[] {
  const end = shownDuration(untilUs - fromUs)
  return [{ text: fitText('SPAN', label + 1) }, ...(bar === 0 ? [] : [{ text: `0${end.padStart(bar - 1)}` }])]
}

function rowParts(row: RowTexts, bar: readonly TextPart[], widths: Widths): TextPart[] {
  const failed = row.isFailed ? { colour: RED } : {}
  return [
    { text: `${fitText(labelOf(row, widths.label), widths.label)} ` },
    ...bar,
    ...(widths.bar === 0 ? [] : [{ text: ' ' }]),
    { text: `${row.flag} `, ...failed },
    { text: fitText(row.duration.padStart(widths.duration), widths.duration) },
    { text: widths.marks === 0 ? '' : ` ${fitText(row.marks, widths.marks)}`, ...failed },
  ]
}

function barParts({ node }: RowTexts, trace: LaidOutTrace, columns: number): TextPart[] {
  return node === undefined
    ? [{ text: ' '.repeat(columns) }]
    : colouredCells(columns === 0 ? [] : drawBar(node, { ...trace, columns }))
}

interface RowTexts {
  readonly depth: number
  readonly text: string
  readonly duration: string
  /** What is to be noticed, in one letter. */
  readonly flag: string
  readonly marks: string
  readonly isFailed: boolean
  readonly node: SpanNode | undefined
}

function spanTexts(
  { depth, node }: { readonly depth: number; readonly node: SpanNode },
  { tries }: LaidOutTrace,
): RowTexts {
  const { isError, isUnfinished, durationUs } = node.span
  const other = node.lacksParent ? '?' : ' '
  return {
    depth,
    text: spanText(node),
    duration: shownDuration(isUnfinished ? Number.NaN : durationUs),
    flag: isError ? '×' : other,
    marks: spanMarks(node, tries.get(node)),
    isFailed: isError,
    node,
  }
}

function foldedTexts({ depth, folded }: { readonly depth: number; readonly folded: FoldedSpans }): RowTexts {
  const { spans, errors, longestUs } = folded
  const isFailed = errors > 0
  return {
    depth,
    text: `… ${spans} more ${spans === 1 ? 'span' : 'spans'}, folded`,
    duration: `≤ ${shownDuration(longestUs)}`,
    flag: isFailed ? '×' : ' ',
    marks: isFailed ? `${errors} failed` : '',
    isFailed,
    node: undefined,
  }
}

interface Widths {
  readonly label: number
  /** 0: there is no room for bars. */
  readonly bar: number
  readonly duration: number
  readonly marks: number
}

/** Between the parts is a column each; the flag has two. */
function columnWidths(rows: readonly RowTexts[], columns: number): Widths {
  // More rows than a function takes arguments may be wanted.
  const widest = (width: (row: RowTexts) => number) => rows.reduce((most, row) => Math.max(most, width(row)), 0)
  const duration = widest((row) => textWidth(row.duration))
  const wanted = widest((row) => row.depth + textWidth(row.text))
  const marks = Math.min(
    widest((row) => textWidth(row.marks)),
    MAX_MARKS,
  )
  const room = columns - duration - 3
  const label = Math.min(wanted, Math.max(24, Math.floor(columns * 0.45)))
  const bar = room - label - 1 - (marks === 0 ? 0 : marks + 1)
  if (bar >= MIN_BAR) return { label, bar, duration, marks }
  const withoutMarks = room - label - 1
  if (withoutMarks >= MIN_BAR) return { label, bar: withoutMarks, duration, marks: 0 }
  return { label: room, bar: 0, duration, marks: 0 }
}

/** Deep ones would be all indent: how deep they are says a number then. */
function labelOf({ depth, text }: RowTexts, width: number): string {
  const deepest = Math.floor(width / 2)
  return depth <= deepest ? `${' '.repeat(depth)}${text}` : `${' '.repeat(Math.max(0, deepest - 4))}+${depth} ${text}`
}

/** Neighbours of the same kind become one part: a colour is switched on once for them. */
function colouredCells(cells: readonly BarCell[]): TextPart[] {
  const runs: { text: string; cell: BarCell }[] = []
  for (const cell of cells) {
    const letter = cell === ' ' ? ' ' : PART_LOOKS[cell].letter
    const last = runs.at(-1)
    if (last?.cell === cell) last.text += letter
    else runs.push({ text: letter, cell })
  }
  return runs.map(({ text, cell }) => (cell === ' ' ? { text } : { text, colour: PART_LOOKS[cell].colour }))
}
