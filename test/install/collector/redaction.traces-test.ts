// The real collector, with our configuration, between a client and a sink: what of a span gets through.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { DEFAULT_REDACTION } from '../../../src/install/collector/redaction-settings.ts'
import { waitUntil } from '../../cluster/control-plane/wait-until.ts'
import { type OtlpClient, openOtlpClient } from '../../traces/otlp/otlp-client.ts'
import type { OtlpSpan, OtlpValue, ResourceSpans } from '../../traces/otlp/otlp-messages.ts'
import { type OtlpSink, startOtlpSink } from '../../traces/otlp/otlp-sink.ts'
import { type Collector, startCollector } from '../../traces/processes/collector.ts'
import { startTraceRun, type TraceRun } from '../../traces/processes/trace-run.ts'
import { newId, proxySpan } from '../../traces/proxy-spans.ts'

interface Case {
  readonly rule: string
  readonly key: string
  readonly in: unknown
  readonly out?: unknown
}

const CASES = parse(readFileSync(join(import.meta.dirname, 'redaction-cases.yaml'), 'utf8')) as Case[]

let run: TraceRun
let sink: OtlpSink
let collector: Collector
let client: OtlpClient
beforeAll(async () => {
  run = await startTraceRun()
  sink = await startOtlpSink()
  const backends = [{ name: 'sink', protocol: 'grpc', endpoint: sink.address, tls: false } as const]
  collector = await startCollector(run, { settings: { backends } })
  client = openOtlpClient(collector.grpc)
})
afterAll(async () => {
  client?.close()
  await run?.stop()
  await sink?.stop()
})

/** Sends a span and waits until it comes out. */
async function through(span: OtlpSpan, resource: ResourceSpans['resource'] = {}): Promise<ResourceSpans> {
  await client.send([{ resource, spans: [span] }])
  return waitUntil(
    { what: 'the span', limitMs: 60_000, context: collector.log },
    async () => sink.requests().find(({ spans }) => spans.some(({ spanId }) => spanId === span.spanId)) ?? false,
  )
}

/** YAML has one kind of numbers, OTLP two. */
function otlp(value: unknown): OtlpValue {
  if (typeof value === 'number') return BigInt(value)
  if (Array.isArray(value)) return value.map(otlp)
  if (typeof value !== 'object' || value === null) return value as OtlpValue
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, otlp(member)]))
}

const wanted = ({ in: value, out = value, key }: Case) => (out === null ? {} : { [key]: otlp(out) })

describe('an attribute', () => {
  // one span for each, in one request: the collector is asked once
  const sent = CASES.map((one) => ({ one, span: proxySpan({ attributes: { [one.key]: otlp(one.in) } }) }))
  const eventsSent = CASES.map((one) => ({
    one,
    span: proxySpan({
      attributes: {},
      events: [{ nanos: 1n, name: 'event', attributes: { [one.key]: otlp(one.in) } }],
    }),
  }))
  beforeAll(async () => {
    const spans = [...sent, ...eventsSent].map(({ span }) => span)
    await client.send([{ resource: {}, spans }])
    await waitUntil({ what: 'all spans', limitMs: 60_000, context: collector.log }, async () => {
      const ids = sink.spans().map(({ spanId }) => spanId)
      return spans.every(({ spanId }) => ids.includes(spanId))
    })
  })
  const out = (id: string) => sink.spans().find(({ spanId }) => spanId === id)

  test.each(sent)('of a span: $one.rule ($one.key)', ({ one, span }) => {
    expect(out(span.spanId)?.attributes).toEqual(wanted(one))
  })

  test.each(eventsSent)('of an event: $one.rule ($one.key)', ({ one, span }) => {
    expect(out(span.spanId)?.events[0]?.attributes).toEqual(wanted(one))
  })

  test('that is a secret is nowhere', () => {
    expect(
      JSON.stringify(
        sink.requests(),
        (_key, value) => String(value) && (typeof value === 'bigint' ? `${value}` : value),
      ),
    ).not.toContain('SECRET')
  })
})

test.each([
  ['/cart?token=SECRET', '/cart'],
  ['/cart%3ftoken=SECRET', '/cart'],
  ['/cart;jsessionid=SECRET/3?q=SECRET and SECRET', '/cart/3'],
  ['GET https://joe:SECRET@web.shop/cart?q=SECRET', 'GET https://web.shop/cart'],
  ['HTTP GET /cart#SECRET', 'HTTP GET /cart'],
  ['login password=SECRET', 'login password=****'],
  ['with Bearer SECRETSECRET', 'with ****'],
  ['/io.linkerd.proxy.identity.Identity/Certify', '/io.linkerd.proxy.identity.Identity/Certify'],
  ['SELECT shop.cart WHERE id = ?', 'SELECT shop.cart WHERE id = ?'],
])('the name of a span %s', async (name, out) => {
  const span = proxySpan({ name })
  expect((await through(span)).spans[0]?.name).toBe(out)
})

test('status messages, names of events and labels are redacted', async () => {
  const span = proxySpan({
    status: { code: 2, message: 'GET http://joe:SECRET@a/b?SECRET: token=SECRET refused' },
    events: [{ nanos: 1n, name: 'called /a?SECRET', attributes: {} }],
  })
  const labels = {
    app: 'web',
    'shop/api-key': 'SECRET',
    'ci.example.com/clone-url': 'https://ci:SECRET@git.example.com/a',
  }
  const { resource, spans } = await through(span, labels)
  expect(spans[0]?.status.message).toBe('GET http://a/b token=**** refused')
  expect(spans[0]?.events[0]?.name).toBe('called /a')
  expect(resource).toEqual({
    app: 'web',
    'shop/api-key': '****',
    'ci.example.com/clone-url': 'https://git.example.com/a',
  })
})

test('links go, as their attributes could not be redacted', async () => {
  const span = proxySpan({ links: [{ traceId: newId(16), spanId: newId(8), attributes: { token: 'SECRET' } }] })
  expect((await through(span)).spans[0]?.links).toEqual([])
})

test('words, names, values and links are settings', async () => {
  const other = await startCollector(run, {
    name: 'own-redaction',
    settings: {
      backends: [{ name: 'sink', protocol: 'grpc', endpoint: sink.address, tls: false }],
      redaction: {
        ...DEFAULT_REDACTION,
        secretNames: ['customer-no'],
        keptNames: ['customer.no.kept'],
        secretValues: ['\\b[0-9]{4}(?: [0-9]{4}){3}$'],
        links: 'keep',
      },
    },
  })
  const asked = openOtlpClient(other.grpc)
  const link = { traceId: newId(16), spanId: newId(8), attributes: {} }
  const attributes = { customer_no: '17', 'customer.no.kept': '18', token: 'kept', card: 'no 1111 2222 3333 4444' }
  const span = proxySpan({ attributes, links: [link] })
  await asked.send([{ resource: {}, spans: [span] }])
  asked.close()
  const found = await waitUntil(
    { what: 'the span', limitMs: 60_000, context: other.log },
    async () => sink.spans().find(({ spanId }) => spanId === span.spanId) ?? false,
  )
  expect(found.attributes).toEqual({ customer_no: '****', 'customer.no.kept': '18', token: 'kept', card: 'no ****' })
  expect(found.links).toEqual([link])
})
