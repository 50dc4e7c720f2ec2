import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type StoredSpan, spansOf } from './jaeger-api.ts'
import type { Attributes, OtlpSpan, OtlpValue, ResourceSpans } from './otlp/otlp-messages.ts'

/** What a proxy says of its Pod: the labels file, extra attributes, and what it knows of itself. */
export const PROXY_RESOURCE: Attributes = {
  'service.name': 'web',
  app: 'web',
  'app.kubernetes.io/name': 'web',
  'host.name': 'web-0',
  'k8s.container.name': 'linkerd-proxy',
  'k8s.pod.ip': '10.99.0.11',
  'k8s.pod.uid': '0cc388f8-d93a-4026-8e5d-039adff51df3',
  'linkerd.io/control-plane-ns': 'linkerd',
  'linkerd.io/workload-ns': 'shop',
  'process.pid': 31124n,
}

/** Gives a random id of 8 bytes, or of 16 for a trace. */
export function newId(bytes: 8 | 16): string {
  return randomBytes(bytes).toString('hex')
}

/** Gives the server span that an inbound proxy makes of a request to `/cart`, with these fields in place of its own. */
export function proxySpan(fields: Partial<OtlpSpan> = {}): OtlpSpan {
  const start = BigInt(Date.now()) * 1_000_000n + 123_456n
  return {
    traceId: newId(16),
    spanId: newId(8),
    parentSpanId: newId(8),
    name: '/cart',
    kind: 2,
    start,
    end: start + 1_375_789n,
    attributes: requestAttributes('/cart'),
    events: [],
    links: [],
    status: { code: 0, message: '' },
    ...fields,
  }
}

/** What a proxy says of a request for this path, which may have a query. */
export function requestAttributes(target: string): Attributes {
  const [path = '', query] = target.split('?')
  return {
    direction: 'inbound',
    'http.request.method': 'GET',
    'http.response.status_code': '200',
    'network.transport': 'tcp',
    'server.address': 'web.shop.svc.cluster.local',
    'url.full': `http://web.shop.svc.cluster.local${target}`,
    'url.path': path,
    ...(query !== undefined && { 'url.query': query }),
    'url.scheme': 'http',
    'user_agent.original': 'curl/7.88.1',
  }
}

const shared = process.env['LINKERD_TRACING_SHARED'] ?? join(import.meta.dirname, '..', '..', '..', 'shared')
const recorded = join(shared, 'spans', 'proxy-spans.jaeger.json')

/** Whether the spans of a real proxy are on this machine. */
export const hasRecordedSpans = existsSync(recorded)

/** Spans of a real proxy, as Jaeger stored them. */
export function recordedSpans(): StoredSpan[] {
  return spansOf(recordedAnswer())
}

/** The answer of Jaeger that they were read from. */
export function recordedAnswer(): { readonly data: readonly object[] } {
  return JSON.parse(readFileSync(recorded, 'utf8')) as { readonly data: readonly object[] }
}

const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer']

/** Takes a stored span, gives what the proxy has sent: Jaeger keeps microseconds, and writes the kind as a tag. */
export function asSent(span: StoredSpan): ResourceSpans {
  const { 'span.kind': kind, ...tags } = span.tags
  const start = BigInt(span.start) * 1000n
  return {
    resource: { ...attributesOf(span.processTags), 'service.name': span.service },
    spans: [
      {
        ...proxySpan(),
        traceId: span.traceId,
        spanId: span.spanId,
        parentSpanId: span.parentSpanId ?? '',
        name: span.name,
        kind: KINDS.indexOf(String(kind)),
        start,
        end: start + BigInt(span.duration) * 1000n,
        attributes: attributesOf(tags),
      },
    ],
  }
}

function attributesOf(tags: StoredSpan['tags']): Attributes {
  const exact = ([key, value]: [string, string | number | boolean]): [string, OtlpValue] => [
    key,
    typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value,
  ]
  return Object.fromEntries(Object.entries(tags).map(exact))
}
