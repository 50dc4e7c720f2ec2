import type { OverheadFigures, ProxyOverhead } from '../../spans/proxy-overhead.ts'
import { WITHHELD_REASONS, type WithheldReason } from '../../spans/request-overhead.ts'
import { shownDuration } from '../../spans/shown-duration.ts'
import { shownName } from '../read-traces/shown-name.ts'
import { alignColumns, type Cell } from '../status/columns.ts'

export interface OverheadLook {
  /** How many were read: none at all is another trouble than none of proxies. */
  readonly traces: number
  readonly hasColour: boolean
}

/** Takes what was found, gives it as a table for a person, and below it why figures were withheld. Pure. */
export function printOverhead(overheads: readonly ProxyOverhead[], { traces, hasColour }: OverheadLook): string {
  if (overheads.length === 0) return `${nothingFound(traces)}\n`
  const blocks = [alignColumns([HEAD, ...overheads.flatMap(serviceRows)], hasColour), withheldLines(overheads)]
  const shown = blocks.filter((lines) => lines.length > 0)
  return `${shown.map((lines) => lines.map((line) => line.trimEnd()).join('\n')).join('\n\n')}\n`
}

function nothingFound(traces: number): string {
  if (traces === 0)
    return 'There are no such traces: linkerd-tracing check and explain tell why, --since looks further back.'
  return `Of ${traces} ${traces === 1 ? 'trace' : 'traces'} none has such spans of a proxy: linkerd-tracing status tells who is traced.`
}

const HEAD: readonly Cell[] = ['NAMESPACE', 'SERVICE', 'PROXY', 'REQUESTS', 'P50', 'P95', 'P99', 'WITHHELD'].map(
  (text) => ({ text }),
)
const YELLOW = 33

function serviceRows({ service, namespace, inbound, outbound }: ProxyOverhead): Cell[][] {
  const rows = [
    { proxy: 'inbound', figures: inbound },
    { proxy: 'outbound', figures: outbound },
  ]
  return rows.flatMap(({ proxy, figures }) =>
    figures === undefined
      ? []
      : [[{ text: shownName(namespace ?? '-') }, { text: shownName(service) }, { text: proxy }, ...cellsOf(figures)]],
  )
}

function cellsOf({ requests, withheld, p50Us, p95Us, p99Us }: OverheadFigures): Cell[] {
  const without = sum(withheld.map((one) => one.requests))
  return [
    { text: String(requests) },
    ...[p50Us, p95Us, p99Us].map((us) => ({ text: shownDuration(us) })),
    // More than are measured: then the figures are those of a few.
    { text: String(without), ...(without > requests && { colour: YELLOW }) },
  ]
}

function withheldLines(overheads: readonly ProxyOverhead[]): string[] {
  const all = overheads.flatMap(({ inbound, outbound }) => [
    ...(inbound?.withheld ?? []),
    ...(outbound?.withheld ?? []),
  ])
  const reasons = Object.keys(WITHHELD_REASONS) as WithheldReason[]
  const lines = reasons.flatMap((reason) => {
    const requests = sum(all.filter((one) => one.reason === reason).map((one) => one.requests))
    return requests === 0 ? [] : [`  ${requests}  ${reason}: ${WITHHELD_REASONS[reason]}`]
  })
  return lines.length === 0 ? [] : ['Withheld, as a figure would not be right:', ...lines]
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0)
}
