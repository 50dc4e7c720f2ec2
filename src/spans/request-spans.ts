import { namespaceOf, type SpanOrigin, spanOrigin } from './proxy-span.ts'
import type { Span, Trace } from './span.ts'
import { withoutRepeated } from './span-tree.ts'

/** The span by which a request is counted: once, however many spans it has. */
export interface RequestSpan {
  readonly span: Span
  readonly service: string
  readonly namespace: string | undefined
  readonly isControlPlane: boolean
}

/**
 * Takes a trace, gives a span for each request that a service of it answered: the server span of its inbound proxy. What the
 * application says of the same request is not counted again; where no proxy of the service or its Pod is in the trace, the
 * application’s own server spans are what is counted. Pure.
 */
export function requestSpans({ spans }: Trace): RequestSpan[] {
  const seen = withoutRepeated(spans).map((span) => ({ span, origin: spanOrigin(span) }))
  const inbound = seen.filter(({ origin }) => origin.from === 'proxy' && origin.direction === 'inbound')
  const meshed = new Set(inbound.flatMap(({ span }) => namesOf(span)))
  const proxies = new Set(inbound.map(({ span }) => span.spanId))
  return seen
    .filter(({ span, origin }) => {
      if (span.kind !== 'server') return false
      if (origin.from === 'proxy') return origin.direction === 'inbound'
      // Its parent is the proxy's: the application may have a name of its own.
      return !namesOf(span).some((name) => meshed.has(name)) && !proxies.has(span.parentId ?? '')
    })
    .map(({ span, origin }) => ({
      span,
      service: span.process.service,
      namespace: namespaceOf(span.process),
      isControlPlane: isControlPlane(span, origin),
    }))
}

/** Linkerd’s programs, and the proxies of their Pods. */
function isControlPlane({ process: sender }: Span, { from }: SpanOrigin): boolean {
  return from === 'control-plane' || sender.tags['linkerd.io/control-plane-component'] !== undefined
}

/** By what a proxy and its application are known to belong together: the Pod, the service. */
function namesOf({ process: sender }: Span): string[] {
  const { tags } = sender
  const namespace = namespaceOf(sender) ?? ''
  // A proxy that names no Pod has its host's name, which is the Pod's.
  const pod = tags['k8s.pod.name'] ?? tags['host.name']
  return [
    `service ${namespace}/${sender.service}`,
    ...(pod === undefined ? [] : [`pod ${namespace}/${pod}`]),
    ...(tags['k8s.pod.uid'] === undefined ? [] : [`uid ${tags['k8s.pod.uid']}`]),
  ]
}
