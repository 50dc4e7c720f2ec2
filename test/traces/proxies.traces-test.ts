// Spans of proxies: an OTLP client sends what a proxy sends to the collector with our configuration, which exports to
// Jaeger with our configuration; they are looked for in Jaeger's API.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { waitUntil } from '../cluster/control-plane/wait-until.ts'
import { type StoredSpan, servicesOf, tracesOf } from './jaeger-api.ts'
import { type OtlpClient, openOtlpClient } from './otlp/otlp-client.ts'
import { type Collector, startCollector } from './processes/collector.ts'
import { type Jaeger, startJaeger } from './processes/jaeger.ts'
import { startTraceRun, type TraceRun } from './processes/trace-run.ts'
import { asSent, hasRecordedSpans, newId, PROXY_RESOURCE, proxySpan, recordedSpans } from './proxy-spans.ts'

let run: TraceRun
let jaeger: Jaeger
let collector: Collector
let proxy: OtlpClient
beforeAll(async () => {
  run = await startTraceRun()
  jaeger = await startJaeger(run)
  collector = await startCollector(run, { settings: { backends: [jaeger.backend] } })
  proxy = openOtlpClient(collector.grpc)
})
afterAll(async () => {
  proxy?.close()
  await run?.stop()
})

const base = () => `${jaeger.query}/jaeger`

/** Waits until Jaeger has that many spans of a service. */
function stored(service: string, count: number): Promise<StoredSpan[]> {
  const what = `${count} spans of ${service} in Jaeger`
  return waitUntil({ what, limitMs: 60_000, context: collector.log }, async () => {
    const spans = await tracesOf(base(), service)
    return spans.length >= count && spans
  })
}

test('a proxy’s spans are in Jaeger with service, name, parent, kind, attributes and times', async () => {
  const server = proxySpan()
  const client = proxySpan({
    ...server,
    spanId: newId(8),
    parentSpanId: server.spanId,
    kind: 3,
    start: server.start + 86_000n,
  })
  await proxy.send([{ resource: PROXY_RESOURCE, spans: [server, client] }])
  const spans = await stored('web', 2)
  expect(spans.toSorted((a, b) => a.start - b.start)).toEqual([
    expect.objectContaining({ spanId: server.spanId, parentSpanId: server.parentSpanId }),
    expect.objectContaining({ spanId: client.spanId, parentSpanId: server.spanId }),
  ])
  const found = spans.find(({ spanId }) => spanId === server.spanId)
  expect(found).toEqual({
    traceId: server.traceId,
    spanId: server.spanId,
    parentSpanId: server.parentSpanId,
    service: 'web',
    name: '/cart',
    // Jaeger keeps microseconds.
    start: Number(server.start / 1000n),
    duration: Number((server.end - server.start) / 1000n),
    tags: { ...server.attributes, 'span.kind': 'server' },
    processTags: { ...withoutName(), 'process.pid': 31124 },
    logs: [],
    followsFrom: [],
  })
})

const withoutName = () => Object.fromEntries(Object.entries(PROXY_RESOURCE).filter(([key]) => key !== 'service.name'))

test.runIf(process.env['CI'])('the spans of a real proxy are there', () => expect(hasRecordedSpans).toBe(true))

describe.skipIf(!hasRecordedSpans)('spans of a real proxy', () => {
  test('come out as they once came out of the real collector, but for their query strings', async () => {
    const recorded = recordedSpans()
    await proxy.send(
      recorded.map((span) => ({ ...asSent(span), resource: { ...asSent(span).resource, 'service.name': 'recorded' } })),
    )
    const spans = await stored('recorded', recorded.length)
    const expected = recorded.map(({ tags: { 'url.query': _query, ...tags }, ...span }) => ({
      ...span,
      service: 'recorded',
      tags: { ...tags, 'url.full': String(tags['url.full']).replace(/\?.*/, '') },
    }))
    const byId = (a: StoredSpan, b: StoredSpan) => a.spanId.localeCompare(b.spanId)
    expect(spans.toSorted(byId)).toEqual(expected.toSorted(byId))
  })
})

test('failures are seen as such, and events with their own time', async () => {
  const failed = proxySpan({
    status: { code: 2, message: 'upstream is gone' },
    events: [{ nanos: 1_795_365_973_000_000_000n, name: 'retry', attributes: { attempt: 2n } }],
  })
  await proxy.send([{ resource: { 'service.name': 'failing' }, spans: [failed] }])
  const [span] = await stored('failing', 1)
  expect(span?.tags).toMatchObject({
    error: true,
    'otel.status_code': 'ERROR',
    'otel.status_description': 'upstream is gone',
  })
  expect(span?.logs).toEqual([{ timestamp: 1_795_365_973_000_000, fields: { event: 'retry', attempt: 2 } }])
})

test('OTLP over HTTP is taken as well', async () => {
  const body = {
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'by-http' } }] },
        scopeSpans: [
          {
            spans: [
              {
                traceId: newId(16),
                spanId: newId(8),
                name: 'a',
                kind: 1,
                startTimeUnixNano: `${Date.now()}000000`,
                endTimeUnixNano: `${Date.now()}000001`,
              },
            ],
          },
        ],
      },
    ],
  }
  const answer = await fetch(`${collector.http}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  expect(answer.status).toBe(200)
  await stored('by-http', 1)
  expect(await servicesOf(base())).toContain('by-http')
})

test('collector and Jaeger trace nothing of their own, which would come back for ever', async () => {
  expect(await servicesOf(base())).not.toContain('jaeger')
  expect((await servicesOf(base())).filter((name) => name.includes('otelcol'))).toEqual([])
})
