import { namespaceOf } from './proxy-span.ts'
import type { Trace } from './span.ts'
import { nodesOf, type SpanNode } from './span-tree.ts'
import { timeTrace } from './timed-trace.ts'

/** One line about a trace. */
export interface TraceSummary {
  readonly traceId: string
  readonly startUs: number
  /** From its first span’s start to its last one’s end, clocks of nodes corrected. */
  readonly durationUs: number
  /** Where it begins, as far as its spans say. */
  readonly service: string
  readonly namespace: string | undefined
  readonly operation: string
  readonly spans: number
  readonly services: number
  readonly errors: number
}

/** Takes a trace with at least one span, gives what one line says of it; undefined: it has none. Pure. */
export function summarizeTrace(trace: Trace): TraceSummary | undefined {
  const timed = timeTrace(trace)
  if (timed === undefined) return undefined
  const { trees, fromUs, untilUs } = timed
  const spans = [...nodesOf(trees)].map(({ span }) => span)
  // One whose parent is missing is where it begins only when there is no better one.
  const { span: first } = trees.find(({ lacksParent }) => !lacksParent) ?? (trees[0] as SpanNode)
  return {
    traceId: trace.traceId,
    startUs: fromUs,
    durationUs: untilUs - fromUs,
    service: first.process.service,
    namespace: namespaceOf(first.process),
    operation: first.operation,
    spans: spans.length,
    services: new Set(spans.map(({ process: sender }) => `${namespaceOf(sender)}/${sender.service}`)).size,
    errors: spans.filter(({ isError }) => isError).length,
  }
}
