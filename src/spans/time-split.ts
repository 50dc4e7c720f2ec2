import { spanOrigin } from './proxy-span.ts'
import type { Span } from './span.ts'
import type { SpanNode } from './span-tree.ts'

/** Where the time of a request goes, each with its sentence. */
export const TIME_PARTS = {
  proxy: 'in Linkerd’s proxies',
  application: 'in applications',
  network: 'between Pods: the network, and what waits in queues before the other proxy begins',
  'control-plane': 'in Linkerd’s control plane',
  unseen: 'waiting for what sent no spans',
} as const
export type TimePart = keyof typeof TIME_PARTS
export type TimeSplit = Readonly<Record<TimePart, number>>

/**
 * Takes a tree, and when its spans really began, splits the time of its root up in microseconds; the parts make up its
 * duration. Of calls at the same time the one counts that was waited for last: the others cost nobody anything. Pure.
 */
export function timeSplit(root: SpanNode, startOf: (span: Span) => number): TimeSplit {
  const split: Record<TimePart, number> = { proxy: 0, application: 0, network: 0, 'control-plane': 0, unseen: 0 }
  const fromUs = startOf(root.span)
  const left: Stretch[] = [{ node: root, fromUs, untilUs: fromUs + root.span.durationUs }]
  // Without recursion: a trace of a loop is as deep as it is long.
  for (let stretch = left.pop(); stretch !== undefined; stretch = left.pop()) {
    const { ownUs, below } = splitStretch(stretch, startOf)
    split[timePartOf(stretch.node)] += ownUs
    for (const one of below) left.push(one)
  }
  return split
}

/** Takes a node, gives where the time goes in which none of its children runs. Pure. */
export function timePartOf({ span, children }: SpanNode): TimePart {
  const origin = spanOrigin(span)
  if (origin.from === 'control-plane') return 'control-plane'
  if (origin.from === 'proxy' && origin.side === 'server') return 'proxy'
  // An inbound proxy waits for its own Pod.
  if (origin.from === 'proxy' && origin.direction === 'inbound') return 'application'
  if (span.kind !== 'client') return 'application'
  if (children.length === 0) return 'unseen'
  return children.some(isOwnProxy) ? 'application' : 'network'
}

interface Stretch {
  readonly node: SpanNode
  readonly fromUs: number
  readonly untilUs: number
}

/** From its end to its begin: whatever ended last is what was waited for. */
function splitStretch(
  { node, fromUs, untilUs }: Stretch,
  startOf: (span: Span) => number,
): { readonly ownUs: number; readonly below: readonly Stretch[] } {
  const endOf = ({ span }: SpanNode) => startOf(span) + span.durationUs
  const below: Stretch[] = []
  let [ownUs, restUs] = [0, untilUs]
  for (const child of node.children.toSorted((a, b) => endOf(b) - endOf(a))) {
    const childUntilUs = Math.min(endOf(child), restUs)
    const childFromUs = Math.max(startOf(child.span), fromUs)
    if (childUntilUs <= childFromUs) continue
    ownUs += restUs - childUntilUs
    restUs = childFromUs
    below.push({ node: child, fromUs: childFromUs, untilUs: childUntilUs })
  }
  return { ownUs: ownUs + restUs - fromUs, below }
}

function isOwnProxy({ span }: SpanNode): boolean {
  const origin = spanOrigin(span)
  return origin.from === 'proxy' && origin.direction === 'outbound'
}
