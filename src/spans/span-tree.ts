import type { Span, Trace } from './span.ts'

export interface SpanNode {
  readonly span: Span
  /** In the order in which they say that they begin. */
  readonly children: readonly SpanNode[]
  /** It names a parent that is not in the trace; or that is, by a circle of parents, its own descendant. */
  readonly lacksParent: boolean
}

/** Takes a trace, gives its trees: one, unless spans are missing. Each span is in one of them, once. The longest is first. Pure. */
export function spanTrees({ spans }: Trace): SpanNode[] {
  const nodes = withoutRepeated(spans).map((span): GrowingNode => ({ span, children: [], lacksParent: false }))
  const byId = holdersOf(nodes)
  const parents = new Map(nodes.map((node) => [node, parentOf(node, byId)]))
  for (const [node, parent] of parents) {
    node.lacksParent = parent === undefined && node.span.parentId !== undefined
    parent?.children.push(node)
  }
  for (const { children } of nodes) children.sort(byStart)
  const roots = nodes.filter((node) => parents.get(node) === undefined)
  return [...roots, ...cutCircles(parents, roots)].toSorted(
    (a, b) => b.span.durationUs - a.span.durationUs || byStart(a, b),
  )
}

/** Takes trees, gives all of their nodes, each before those below it. Pure. */
export function* nodesOf(roots: readonly SpanNode[]): Generator<SpanNode> {
  // Without recursion: a trace of a loop is as deep as it is long.
  const left = [...roots].reverse()
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    yield node
    // One by one: a span may have more children than a function takes arguments.
    for (const child of node.children.toReversed()) left.push(child)
  }
}

interface GrowingNode extends SpanNode {
  readonly children: GrowingNode[]
  lacksParent: boolean
}

/** Takes spans, gives each once: an exporter that saw no answer sends a span again, and Jaeger keeps both. Pure. */
export function withoutRepeated(spans: readonly Span[]): Span[] {
  const key = ({ spanId, kind, startUs, durationUs }: Span) => `${spanId} ${kind} ${startUs} ${durationUs}`
  return [...new Map(spans.map((span) => [key(span), span])).values()]
}

/** Who has an id: with B3 a server span may have that of the client span which it answers. */
interface Holders {
  readonly first: GrowingNode
  readonly client: GrowingNode | undefined
  readonly server: GrowingNode | undefined
}
type HoldersById = ReadonlyMap<string, Holders>

function holdersOf(nodes: readonly GrowingNode[]): HoldersById {
  const byId = new Map<string, Holders>()
  for (const node of nodes) {
    const { spanId, kind } = node.span
    const { first, client, server } = byId.get(spanId) ?? { first: node, client: undefined, server: undefined }
    byId.set(spanId, {
      first,
      client: client ?? (kind === 'client' ? node : undefined),
      server: server ?? (kind === 'server' ? node : undefined),
    })
  }
  return byId
}

function parentOf(node: GrowingNode, byId: HoldersById): GrowingNode | undefined {
  const { spanId, parentId, kind } = node.span
  const caller = kind === 'server' ? byId.get(spanId)?.client : undefined
  if (caller !== undefined) return caller
  const named = byId.get(parentId ?? '')
  // Of a pair with one id the server is the inner one, and what it does is its own.
  return named?.client === undefined ? named?.first : (named.server ?? named.client)
}

type Parents = ReadonlyMap<GrowingNode, GrowingNode | undefined>

/** Gives a root for each circle of parents: one of its spans, no longer a child of anybody. */
function cutCircles(parents: Parents, roots: readonly GrowingNode[]): GrowingNode[] {
  const reached = new Set<SpanNode>(nodesOf(roots))
  const cut: GrowingNode[] = []
  for (const unreached of [...parents.keys()].filter((one) => !reached.has(one))) {
    if (reached.has(unreached)) continue
    const node = onCircle(unreached, parents)
    const siblings = parents.get(node)?.children ?? []
    siblings.splice(siblings.indexOf(node), 1)
    node.lacksParent = true
    cut.push(node)
    for (const below of nodesOf([node])) reached.add(below)
  }
  return cut
}

/** What hangs on a circle leads into it. */
function onCircle(node: GrowingNode, parents: Parents): GrowingNode {
  const passed = new Set<GrowingNode>()
  let at = node
  while (!passed.has(at)) {
    passed.add(at)
    at = parents.get(at) ?? at
  }
  return at
}

function byStart(a: SpanNode, b: SpanNode): number {
  return a.span.startUs - b.span.startUs
}
