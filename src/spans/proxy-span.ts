import type { Span, SpanProcess } from './span.ts'

/** Who made a span, and of a proxy's: for which way of a request, and at which end of the proxy. */
export type SpanOrigin =
  | { readonly from: 'proxy'; readonly direction: Direction; readonly side: Side }
  | { readonly from: 'control-plane' }
  | { readonly from: 'application' }

/** Of a request to the Pod, or of one that the Pod makes. */
export type Direction = 'inbound' | 'outbound'
/** `server`: as the caller of the proxy sees it; `client`: what the proxy itself waited for. */
export type Side = 'server' | 'client'

const PROXY_CONTAINER = 'linkerd-proxy'

/** As Linkerd's programs name themselves; from 2.10 on the last ones belong to its viz extension. */
const CONTROL_PLANE_SERVICES: ReadonlySet<string> = new Set([
  'linkerd-destination',
  'linkerd-identity',
  'linkerd-proxy-injector',
  'linkerd-public-api',
  'linkerd-metrics-api',
  'linkerd-tap',
  'linkerd-web',
])

/**
 * Takes a span, gives who made it. A span is a proxy's when it has a proxy's `direction` and kind, and its process does not
 * name another container: proxies up to Linkerd 2.18 name none. Pure.
 */
export function spanOrigin({ tags, kind, process: sender }: Pick<Span, 'tags' | 'kind' | 'process'>): SpanOrigin {
  const direction = tags['direction']
  const isProxys = (sender.tags['k8s.container.name'] ?? PROXY_CONTAINER) === PROXY_CONTAINER
  if (isProxys && isDirection(direction) && (kind === 'server' || kind === 'client')) {
    return { from: 'proxy', direction, side: kind }
  }
  return { from: CONTROL_PLANE_SERVICES.has(sender.service) ? 'control-plane' : 'application' }
}

/** Takes who sent spans, gives the Namespace that it names: as OpenTelemetry does, else by the label of every meshed Pod. Pure. */
export function namespaceOf({ tags }: Pick<SpanProcess, 'tags'>): string | undefined {
  return tags['k8s.namespace.name'] ?? tags['linkerd.io/workload-ns']
}

function isDirection(text: string | undefined): text is Direction {
  return text === 'inbound' || text === 'outbound'
}
