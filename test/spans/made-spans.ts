import type { Span, SpanProcess, Trace } from '../../src/spans/span.ts'

/** The proxy of a Pod of `web`. */
export const WEB_PROXY: SpanProcess = {
  service: 'web',
  tags: { 'k8s.container.name': 'linkerd-proxy', 'k8s.namespace.name': 'shop', 'k8s.node.name': 'node-a' },
}

/** Gives a span of that proxy, with these fields in place of its own. */
export function madeSpan({ tags, ...fields }: Partial<Span> & Pick<Span, 'spanId'>): Span {
  return {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    parentId: undefined,
    operation: '/',
    kind: 'server',
    startUs: 1_000_000,
    durationUs: 1_000,
    isError: false,
    tags: { direction: 'inbound', ...tags },
    process: WEB_PROXY,
    ...fields,
  }
}

/** Gives the trace of these spans. */
export function madeTrace(...spans: readonly Span[]): Trace {
  return { traceId: '0af7651916cd43dd8448eb211c80319c', spans }
}
