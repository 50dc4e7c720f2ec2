import type { Span, SpanProcess, Trace } from '../../src/spans/span.ts'
import { isErrorSpan } from '../../src/spans/span-error.ts'
import { type Random, randomOf } from '../fuzz/random.ts'
import type { Attributes, OtlpSpan, ResourceSpans } from './otlp/otlp-messages.ts'
import { arrive, idBy, type MadeOverhead, type MadeSpan, type Making } from './shop/shop-request.ts'
import { componentSender, INGRESS, onePodOf, type Sender, shopPods } from './shop/shop-senders.ts'
import { SHOP_REQUESTS, shopService } from './shop/shop-services.ts'

export interface ShopOptions {
  readonly seed?: number
  /** At least so many, and no more than the last trace needs. */
  readonly spans: number
  /** Microseconds since 1970 of the first trace. */
  readonly startUs?: number
  /** The traces begin within so many microseconds. */
  readonly withinUs?: number
  /** How far the clocks of nodes are ahead, in microseconds: `node-a`, `node-b` and `node-c`. Without: all agree. */
  readonly aheadUs?: Readonly<Record<string, number>>
  /** Of a thousand spans so many never arrive. */
  readonly missing?: number
}

export interface ShopTraces {
  /** As Jaeger gives them, but for the order, in the order in which they begin. */
  readonly traces: readonly Trace[]
  readonly spans: readonly Span[]
  /** What each proxy really added to each request, those included whose spans never arrive. */
  readonly overheads: readonly MadeOverhead[]
  /** The same spans as requests of OTLP, of about a thousand spans each. */
  readonly requests: () => Generator<ResourceSpans[]>
}

/** 2026-11-28T10:00:00Z. */
const USUAL_START_US = Date.UTC(2026, 10, 28, 10) * 1000
const MINUTES_US = 60_000_000

/**
 * Makes traces of a shop in the shape of what real proxies send: services that call each other, through proxies of today, old
 * ones and none; the applications’ own spans, joined ones of B3 among them; answers of 500, 503 that are retried; the control
 * plane’s spans. The same options give the same traces.
 */
export function shopTraces(options: ShopOptions): ShopTraces {
  const { seed = 1, startUs = USUAL_START_US, withinUs = 10 * MINUTES_US, missing = 0 } = options
  const random = randomOf(seed)
  const lost = randomOf(seed + 1)
  const pods = shopPods()
  const traces: MadeTrace[] = []
  const overheads: MadeOverhead[] = []
  for (let count = 0; count < options.spans; ) {
    const trace = makeTrace({ random, pods }, startUs + random.below(withinUs))
    const kept = trace.spans.filter(() => lost.below(1000) >= missing)
    overheads.push(...trace.overheads)
    if (kept.length > 0) traces.push({ ...trace, spans: kept })
    count += kept.length
  }
  traces.sort((a, b) => a.startUs - b.startUs)
  const clocks = options.aheadUs ?? {}
  const asRead = traces.map((trace) => traceOf(trace, clocks))
  return {
    traces: asRead,
    spans: asRead.flatMap(({ spans }) => spans),
    overheads,
    requests: () => requestsOf(traces, clocks),
  }
}

interface MadeTrace extends Pick<Making, 'spans' | 'overheads'> {
  readonly traceId: string
  readonly startUs: number
}

function makeTrace({ random, pods }: Pick<Making, 'random' | 'pods'>, startUs: number): MadeTrace {
  const traceId = `${idBy(random)}${idBy(random)}`
  const making: Making = { random, pods, spans: [], overheads: [] }
  if (random.below(20) === 0) making.spans.push(controlPlaneSpan(random, startUs))
  else enter(making, startUs)
  return { traceId, startUs, spans: making.spans, overheads: making.overheads }
}

/** From outside: one in three comes from a caller whose own spans go elsewhere. */
function enter(making: Making, startUs: number): void {
  const { random, pods, spans } = making
  const weighted = SHOP_REQUESTS.flatMap((request) => Array<typeof request>(request.weight).fill(request))
  const { namespace, route } = random.oneOf(weighted)
  const spanId = idBy(random)
  const pod = onePodOf(pods, shopService('web', namespace), random)
  const { endUs, status } = arrive(making, pod, { route, parentId: spanId, atUs: startUs + 400 })
  if (random.below(3) === 0) return
  spans.push({
    sender: INGRESS,
    spanId,
    parentId: undefined,
    name: `ingress ${route}`,
    kind: 'client',
    startUs,
    endUs: endUs + 300,
    isError: status >= 500,
    attributes: { 'http.route': route },
  })
}

function controlPlaneSpan(random: Random, startUs: number): MadeSpan {
  const isIdentity = random.below(2) === 0
  const name = isIdentity
    ? 'io.linkerd.proxy.identity.Identity.Certify'
    : 'io.linkerd.proxy.destination.Destination.Get'
  return {
    sender: componentSender(isIdentity ? 'identity' : 'destination'),
    spanId: idBy(random),
    parentId: undefined,
    name,
    kind: 'server',
    startUs,
    endUs: startUs + 500 + random.below(4_000),
    attributes: { Client: false, FailFast: false },
    isError: random.below(50) === 0,
  }
}

type Clocks = Readonly<Record<string, number>>

function traceOf({ traceId, spans }: MadeTrace, clocks: Clocks): Trace {
  const processes = new Map<Sender, SpanProcess>()
  const processOf = (sender: Sender) => {
    const { 'service.name': service, ...tags } = sender.resource
    const known = processes.get(sender) ?? { service: String(service), tags: textsOf(tags) }
    processes.set(sender, known)
    return known
  }
  return { traceId, spans: spans.map((span) => spanOf(span, { traceId, clocks, process: processOf(span.sender) })) }
}

function spanOf(
  { sender, spanId, parentId, name, kind, startUs, endUs, attributes, isError }: MadeSpan,
  { traceId, clocks, process }: { traceId: string; clocks: Clocks; process: SpanProcess },
): Span {
  const failed = isError ? { error: true, 'otel.status_code': 'ERROR' } : {}
  const tags = textsOf({ ...attributes, ...failed, 'internal.span.format': 'otlp', 'span.kind': kind })
  return {
    traceId,
    spanId,
    parentId,
    operation: name,
    kind,
    tags,
    process,
    isError: isErrorSpan(tags),
    startUs: startUs + (clocks[sender.node] ?? 0),
    durationUs: endUs - startUs,
  }
}

function textsOf(attributes: Attributes): Readonly<Record<string, string>> {
  const texts = Object.entries(attributes).map(([key, value]) => [key, String(value)] as const)
  return Object.assign(Object.create(null), Object.fromEntries(texts))
}

const REQUEST_SPANS = 1_000

function* requestsOf(traces: readonly MadeTrace[], clocks: Clocks): Generator<ResourceSpans[]> {
  let bySender = new Map<Attributes, { resource: Attributes; spans: OtlpSpan[] }>()
  let count = 0
  for (const { traceId, spans } of traces) {
    for (const span of spans) {
      const { resource } = span.sender
      const sent = bySender.get(resource) ?? { resource, spans: [] }
      bySender.set(resource, sent)
      sent.spans.push(otlpSpanOf(span, traceId, clocks[span.sender.node] ?? 0))
    }
    count += spans.length
    if (count < REQUEST_SPANS) continue
    yield [...bySender.values()]
    bySender = new Map()
    count = 0
  }
  if (count > 0) yield [...bySender.values()]
}

const KINDS = { internal: 1, server: 2, client: 3 } as const

function otlpSpanOf(span: MadeSpan, traceId: string, aheadUs: number): OtlpSpan {
  const nanos = (us: number) => BigInt(us + aheadUs) * 1000n
  return {
    traceId,
    spanId: span.spanId,
    parentSpanId: span.parentId ?? '',
    name: span.name,
    kind: KINDS[span.kind],
    start: nanos(span.startUs),
    end: nanos(span.endUs),
    attributes: span.attributes,
    events: [],
    links: [],
    status: span.isError ? { code: 2, message: 'failed' } : { code: 0, message: '' },
  }
}
