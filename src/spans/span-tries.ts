import { spanOrigin } from './proxy-span.ts'
import { nodesOf, type SpanNode } from './span-tree.ts'

/** Which of a proxy’s tries a span is. */
export interface Try {
  readonly number: number
  readonly of: number
}

/** Takes trees, gives which try it is for each client span of a proxy whose request was tried more than once. Pure. */
export function spanTries(trees: readonly SpanNode[]): ReadonlyMap<SpanNode, Try> {
  const tries = new Map<SpanNode, Try>()
  for (const node of nodesOf(trees)) {
    if (!isOf('server', node)) continue
    const tried = node.children.filter((child) => isOf('client', child))
    if (tried.length < 2) continue
    for (const [index, child] of tried.entries()) tries.set(child, { number: index + 1, of: tried.length })
  }
  return tries
}

function isOf(side: 'server' | 'client', { span }: SpanNode): boolean {
  const origin = spanOrigin(span)
  return origin.from === 'proxy' && origin.side === side
}
