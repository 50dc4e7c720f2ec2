import { namespaceOf, spanOrigin } from '../../spans/proxy-span.ts'
import { answerStatusOf } from '../../spans/span-error.ts'
import type { SpanNode } from '../../spans/span-tree.ts'
import { timePartOf } from '../../spans/time-split.ts'
import { foldTrace } from './fold-trace.ts'
import type { LaidOutTrace } from './lay-out-trace.ts'

/** Takes a trace, gives it as `-o json` shows it, each span before those below it. docs/traces-at-work.md lists the members. Pure. */
export function traceReport(trace: LaidOutTrace): object {
  const { traceId, trees, fromUs, untilUs, split, skews, startOf } = trace
  const rows = foldTrace(trees, { startOf, maxRows: Number.POSITIVE_INFINITY })
  return {
    traceId,
    start: new Date(fromUs / 1000).toISOString(),
    durationUs: untilUs - fromUs,
    trees: trees.length,
    totals: {
      wholeUs: trees[0]?.span.durationUs ?? 0,
      proxyUs: split.proxy,
      applicationUs: split.application,
      networkUs: split.network,
      controlPlaneUs: split['control-plane'],
      unseenUs: split.unseen,
    },
    clocks: [...skews].map(([clock, skew]) => ({ clock, ...skew })),
    spans: rows.flatMap((row) => ('node' in row ? [spanReport(row.node, row.depth, trace)] : [])),
  }
}

function spanReport(node: SpanNode, depth: number, { startOf, clockOf, tries, fromUs }: LaidOutTrace): object {
  const { span, lacksParent } = node
  return {
    spanId: span.spanId,
    parentId: span.parentId ?? null,
    depth,
    lacksParent,
    namespace: namespaceOf(span.process) ?? null,
    service: span.process.service,
    ...spanOrigin(span),
    kind: span.kind ?? null,
    operation: span.operation,
    /** After the begin of the trace. */
    offsetUs: startOf(span) - fromUs,
    durationUs: span.isUnfinished ? null : span.durationUs,
    ownTime: timePartOf(node),
    isError: span.isError,
    status: answerStatusOf(span.tags) ?? null,
    try: tries.get(node) ?? null,
    clock: clockOf(span),
  }
}
