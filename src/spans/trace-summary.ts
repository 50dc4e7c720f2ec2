import { namespaceOf } from './proxy-span.ts'
import type { Trace } from './span.ts'
import { spanTrees } from './span-tree.ts'

/** One line about a trace. */
export interface TraceSummary {
  readonly traceId: string
  readonly startUs: number
  /** From its first span’s start to its last one’s end, by the clocks that their nodes have. */
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
  const { traceId, spans } = trace
  const trees = spanTrees(trace)
  // One whose parent is missing is where it begins only when there is no better one.
  const first = (trees.find(({ lacksParent }) => !lacksParent) ?? trees[0])?.span
  if (first === undefined) return undefined
  // Not Math.min(...): a large trace has more spans than a call has arguments.
  const startUs = spans.reduce((least, span) => Math.min(least, span.startUs), Number.POSITIVE_INFINITY)
  const endUs = spans.reduce((most, span) => Math.max(most, span.startUs + span.durationUs), 0)
  return {
    traceId,
    startUs,
    durationUs: endUs - startUs,
    service: first.process.service,
    namespace: namespaceOf(first.process),
    operation: first.operation,
    spans: spans.length,
    services: new Set(spans.map(({ process: sender }) => `${namespaceOf(sender)}/${sender.service}`)).size,
    errors: spans.filter(({ isError }) => isError).length,
  }
}
