import type { Span } from '../../spans/span.ts'
import { nodesOf, type SpanNode } from '../../spans/span-tree.ts'

/** A line of the waterfall: a span, or many of them in one. */
export type TraceRow = { readonly depth: number } & ({ readonly node: SpanNode } | { readonly folded: FoldedSpans })

/** Spans that are not shown one by one. */
export interface FoldedSpans {
  readonly spans: number
  readonly errors: number
  /** Of the longest one. */
  readonly longestUs: number
}

export interface FoldParts {
  readonly startOf: (span: Span) => number
  readonly maxRows: number
}

/**
 * Takes trees, gives a row for each span, children below their parent in the order in which they began. Where that makes too
 * many, failed and long spans keep their rows, and so does all above them; the others of a parent are one row. Pure.
 */
export function foldTrace(trees: readonly SpanNode[], { startOf, maxRows }: FoldParts): TraceRow[] {
  const shown = chooseShown(trees, maxRows)
  const rows: TraceRow[] = []
  // Without recursion, as everywhere; pushed in reverse, so that the first comes off first.
  const left: TraceRow[] = []
  const pushAll = (nodes: readonly SpanNode[], depth: number) => {
    const isShown = (node: SpanNode) => shown === undefined || shown.has(node)
    const rest = nodes.filter((node) => !isShown(node))
    if (rest.length > 0) left.push({ depth, folded: foldedSpans(rest) })
    const inOrder = nodes.filter(isShown).toSorted((a, b) => startOf(b.span) - startOf(a.span))
    for (const node of inOrder) left.push({ depth, node })
  }
  pushAll(trees, 0)
  for (let row = left.pop(); row !== undefined; row = left.pop()) {
    rows.push(row)
    if ('node' in row) pushAll(row.node.children, row.depth + 1)
  }
  return rows
}

/** Undefined: all of them fit. */
function chooseShown(trees: readonly SpanNode[], maxRows: number): ReadonlySet<SpanNode> | undefined {
  const nodes = [...nodesOf(trees)]
  if (nodes.length <= maxRows) return undefined
  const parents = new Map(nodes.flatMap((node) => node.children.map((child) => [child, node] as const)))
  const shown = new Set<SpanNode>()
  // Each that is shown may have one more row below it, for its children that are not.
  const room = Math.floor((maxRows - 1) / 2)
  for (const node of nodes.toSorted(byInterest)) {
    for (const one of wayTo(node, { parents, shown, room: room - shown.size })) shown.add(one)
  }
  return shown
}

interface Choice {
  readonly parents: ReadonlyMap<SpanNode, SpanNode>
  readonly shown: ReadonlySet<SpanNode>
  readonly room: number
}

/** The span and all above it that is not shown yet; nothing, where there is no room for so many. */
function wayTo(node: SpanNode, { parents, shown, room }: Choice): SpanNode[] {
  const way: SpanNode[] = []
  for (let at: SpanNode | undefined = node; at !== undefined && !shown.has(at); at = parents.get(at)) {
    if (way.length === room) return []
    way.push(at)
  }
  return way
}

function byInterest({ span: a }: SpanNode, { span: b }: SpanNode): number {
  return Number(b.isError) - Number(a.isError) || b.durationUs - a.durationUs
}

function foldedSpans(nodes: readonly SpanNode[]): FoldedSpans {
  let [spans, errors, longestUs] = [0, 0, 0]
  for (const { span } of nodesOf(nodes)) {
    spans++
    if (span.isError) errors++
    longestUs = Math.max(longestUs, span.durationUs)
  }
  return { spans, errors, longestUs }
}
