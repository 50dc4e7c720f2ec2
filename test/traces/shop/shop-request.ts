import type { Random } from '../../fuzz/random.ts'
import type { Attributes } from '../otlp/otlp-messages.ts'
import { onePodOf, type Sender, type ShopPod } from './shop-senders.ts'
import { type ShopRoute, type ShopService, shopService } from './shop-services.ts'

/** A span as it happened: by one clock for all, in whole microseconds. */
export interface MadeSpan {
  readonly sender: Sender
  readonly spanId: string
  readonly parentId: string | undefined
  readonly name: string
  readonly kind: 'server' | 'client' | 'internal'
  readonly startUs: number
  readonly endUs: number
  readonly attributes: Attributes
  readonly isError: boolean
}

/** What a proxy really added to a request, known because the request was made so. */
export interface MadeOverhead {
  readonly service: string
  readonly namespace: string
  readonly direction: 'inbound' | 'outbound'
  /** Its server span’s id. */
  readonly spanId: string
  /** More than one: it was retried. */
  readonly tries: number
  readonly addedUs: number
}

/** One trace while it is made. */
export interface Making {
  readonly random: Random
  readonly pods: readonly ShopPod[]
  readonly spans: MadeSpan[]
  readonly overheads: MadeOverhead[]
}

interface Ask {
  readonly route: string
  readonly parentId: string | undefined
  readonly atUs: number
  /** The parent’s own parent, which B3’s headers name too. */
  readonly joinedParentId?: string
}
interface Answer {
  readonly endUs: number
  readonly status: number
}

/** Gives an id of 8 bytes; of a trace two. */
export function idBy(random: Random): string {
  const half = () =>
    random
      .below(2 ** 32)
      .toString(16)
      .padStart(8, '0')
  return `${half()}${half()}`
}

/** A request comes to a Pod. Gives when its answer left, and which it was. */
export function arrive(making: Making, pod: ShopPod, ask: Ask): Answer {
  if (pod.service.proxy === 'none') return serve(making, pod, ask)
  const { random } = making
  const path = ask.route.replace('{n}', String(random.below(1000)))
  const [serverId, clientId] = [idBy(random), idBy(random)]
  const before = skewed(random, 250)
  const clientStart = ask.atUs + before
  const atUs = clientStart + skewed(random, 20)
  const served = serve(making, pod, { ...ask, parentId: clientId, atUs, joinedParentId: serverId })
  const clientEnd = served.endUs + skewed(random, 20)
  const after = skewed(random, 60)
  const span = proxySpanOf(pod, { path, status: served.status, direction: 'inbound', to: pod.service })
  const inbound = { ...ask, spanId: serverId, startUs: ask.atUs, endUs: clientEnd + after }
  making.spans.push(span({ ...inbound, kind: 'server' }))
  making.spans.push(
    span({ spanId: clientId, parentId: serverId, startUs: clientStart, endUs: clientEnd, kind: 'client' }),
  )
  addOverhead(making, pod, { direction: 'inbound', spanId: serverId, tries: 1, addedUs: before + after })
  return { endUs: clientEnd + after, status: served.status }
}

/** The application works, and asks others. */
function serve(making: Making, pod: ShopPod, ask: Ask): Answer {
  const { random } = making
  const { application, routes } = pod.service
  const route = routes[ask.route] as ShopRoute
  const isJoined = application === 'joined' && ask.parentId !== undefined
  const spanId = isJoined ? String(ask.parentId) : idBy(random)
  const parentId = application === 'silent' ? ask.parentId : spanId
  const called = callAll(making, pod, { route, parentId, atUs: ask.atUs + skewed(random, route.workUs / 2) })
  const endUs = called.endUs + skewed(random, route.workUs / 2)
  const status = statusOf(random, route, called)
  if (application !== 'silent') {
    making.spans.push({
      sender: pod.application,
      spanId,
      parentId: isJoined ? ask.joinedParentId : ask.parentId,
      name: `GET ${ask.route}`,
      kind: 'server',
      startUs: ask.atUs,
      endUs,
      attributes: { 'http.route': ask.route, 'http.response.status_code': BigInt(status) },
      isError: status >= 500,
    })
  }
  return { endUs, status }
}

function statusOf(random: Random, { failing = 0, unavailable = 0 }: ShopRoute, called: Answer): number {
  const chance = random.below(1000)
  if (chance < failing) return 500
  if (chance < failing + unavailable) return 503
  return called.status >= 500 ? 500 : 200
}

function callAll(
  making: Making,
  pod: ShopPod,
  { route, parentId, atUs }: { route: ShopRoute; parentId: string | undefined; atUs: number },
): Answer {
  let last: Answer = { endUs: atUs, status: 200 }
  for (const call of route.calls) {
    const begin = route.areParallel ? atUs + making.random.below(50) : last.endUs + making.random.below(200)
    const answer = leave(making, pod, { service: call.service, ask: { route: call.route, parentId, atUs: begin } })
    last = { endUs: Math.max(last.endUs, answer.endUs), status: Math.max(last.status, answer.status) }
  }
  return last
}

/** A request leaves a Pod: by its proxy, which tries again when the answer is 503. */
function leave(making: Making, pod: ShopPod, { service, ask }: { service: string; ask: Ask }): Answer {
  const { random, spans } = making
  const target = shopService(service)
  const path = ask.route.replace('{n}', String(random.below(1000)))
  const serverId = idBy(random)
  let [at, added, tries] = [ask.atUs, 0, 0]
  let answer: Answer
  const span = (status: number) => proxySpanOf(pod, { path, status, direction: 'outbound', to: target })
  do {
    const clientId = idBy(random)
    // Finding the way costs most; later tries wait a little instead.
    const before = skewed(random, tries === 0 ? 300 : 1_000)
    const startUs = at + before
    const there = startUs + skewed(random, 250)
    answer = arrive(making, onePodOf(making.pods, target, random), { ...ask, parentId: clientId, atUs: there })
    at = answer.endUs + skewed(random, 250)
    spans.push(span(answer.status)({ spanId: clientId, parentId: serverId, startUs, endUs: at, kind: 'client' }))
    added += before
    tries += 1
  } while (answer.status === 503 && tries < 3)
  const after = skewed(random, 70)
  const { parentId, atUs: startUs } = ask
  spans.push(span(answer.status)({ spanId: serverId, parentId, startUs, endUs: at + after, kind: 'server' }))
  addOverhead(making, pod, { direction: 'outbound', spanId: serverId, tries, addedUs: added + after })
  return { endUs: at + after, status: answer.status }
}

function proxySpanOf(
  { service, proxy }: ShopPod,
  { path, status, direction, to }: { path: string; status: number; direction: 'inbound' | 'outbound'; to: ShopService },
) {
  const code = String(status)
  const address = `${to.name}.${to.namespace}.svc.cluster.local`
  const modern: Attributes = {
    direction,
    'http.request.method': 'GET',
    'http.response.status_code': code,
    'network.transport': 'tcp',
    'server.address': address,
    'url.full': `http://${address}${path}`,
    'url.path': path,
    'url.scheme': 'http',
  }
  const older: Attributes = { direction, 'http.path': path, 'http.method': 'GET', 'http.status_code': code }
  const attributes = service.proxy === 'opencensus' ? older : modern
  return (span: Pick<MadeSpan, 'spanId' | 'parentId' | 'startUs' | 'endUs' | 'kind'>): MadeSpan => ({
    sender: proxy,
    name: path,
    attributes,
    isError: false,
    spanId: span.spanId,
    parentId: span.parentId,
    kind: span.kind,
    startUs: span.startUs,
    endUs: span.endUs,
  })
}

function addOverhead(
  { overheads }: Making,
  { service }: ShopPod,
  made: Omit<MadeOverhead, 'service' | 'namespace'>,
): void {
  const name = service.proxy === 'opencensus' ? 'linkerd-proxy' : service.name
  overheads.push({ service: name, namespace: service.namespace, ...made })
}

/** Around the median, with a long tail, as times of servers are. */
function skewed(random: Random, medianUs: number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random.part())) * Math.cos(2 * Math.PI * random.part())
  return Math.max(1, Math.round(medianUs * Math.exp(normal / 2)))
}
