import { namespaceOf } from '../../spans/proxy-span.ts'
import { shownDuration } from '../../spans/shown-duration.ts'
import { nodesOf } from '../../spans/span-tree.ts'
import { type TimePart, timePartOf } from '../../spans/time-split.ts'
import { asAscii } from '../plain-text.ts'
import type { LaidOutTrace } from './lay-out-trace.ts'
import { paintText, type TextPart } from './text-parts.ts'
import { splitLines, traceNotes } from './trace-notes.ts'
import { drawWaterfall, PART_LOOKS, type WaterfallLook } from './waterfall.ts'

export interface TraceLook extends WaterfallLook {
  readonly hasUnicode: boolean
}

/** Takes a trace, gives it for a person: its spans as a waterfall, where its time goes, and what is not sure. Pure. */
export function printTrace(trace: LaidOutTrace, look: TraceLook): string {
  const folded = trace.spans > look.maxRows
  const notes = [
    ...(folded
      ? [`${trace.spans} spans are too many to show one by one: failed and long ones are; --all shows all`]
      : []),
    ...traceNotes(trace),
  ]
  const blocks = [
    [headline(trace)],
    drawWaterfall(trace, look),
    legendLines(trace, look),
    splitLines(trace),
    notes.map((note) => `note: ${note}`),
  ]
  const text = `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
  return look.hasUnicode ? text : asAscii(text)
}

function headline({ traceId, trees, spans, fromUs, untilUs }: LaidOutTrace): string {
  const nodes = [...nodesOf(trees)]
  const services = new Set(nodes.map(({ span }) => `${namespaceOf(span.process)}/${span.process.service}`)).size
  const errors = nodes.filter(({ span }) => span.isError).length
  const begun = new Date(fromUs / 1000).toISOString()
  return `Trace ${traceId}: ${counted(spans, 'span')} of ${counted(services, 'service')}, ${errors} failed, ${shownDuration(untilUs - fromUs)} from ${begun}`
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

const LEGEND: Readonly<Record<TimePart | 'wait', string>> = {
  proxy: 'proxy',
  application: 'application',
  network: 'network',
  'control-plane': 'control plane',
  unseen: 'waits for what sent no spans',
  wait: 'waits for what is below',
}

/** Only of what there is. */
function legendLines({ trees }: LaidOutTrace, { columns, hasColour }: WaterfallLook): string[] {
  const there = new Set<TimePart | 'wait'>([...nodesOf(trees)].map(timePartOf))
  if (trees.some(({ children }) => children.length > 0)) there.add('wait')
  const kinds = (Object.keys(LEGEND) as (TimePart | 'wait')[]).filter((kind) => there.has(kind))
  const lines: TextPart[][] = []
  let room = 0
  for (const kind of kinds) {
    const { letter, colour } = PART_LOOKS[kind]
    const width = LEGEND[kind].length + 5
    if (width > room) {
      lines.push([])
      room = columns
    }
    lines.at(-1)?.push({ text: letter, colour }, { text: ` ${LEGEND[kind]}   ` })
    room -= width
  }
  return lines.map((parts) => paintText(parts, hasColour))
}
