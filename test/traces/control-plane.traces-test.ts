// The seed of this product: a component of the control plane, with the exporter that Linkerd's components have, shows its
// spans in Jaeger. Client → bridge → collector → Jaeger, each of them the real one with our own configuration.
import { Client, credentials, Metadata } from '@grpc/grpc-js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { waitUntil } from '../cluster/control-plane/wait-until.ts'
import { type StoredSpan, servicesOf, tracesOf } from './jaeger-api.ts'
import type { OtlpSpan } from './otlp/otlp-messages.ts'
import { type OtlpSink, startOtlpSink } from './otlp/otlp-sink.ts'
import { type Bridge, startBridge } from './processes/bridge.ts'
import { type Collector, startCollector } from './processes/collector.ts'
import { type Jaeger, startJaeger } from './processes/jaeger.ts'
import { type MadeSpan, type OpencensusClient, startOpencensusClient } from './processes/opencensus-client.ts'
import { startTraceRun, type TraceRun } from './processes/trace-run.ts'
import { newId } from './proxy-spans.ts'

let run: TraceRun
let jaeger: Jaeger
let sink: OtlpSink
let collector: Collector
let bridge: Bridge
let component: OpencensusClient
beforeAll(async () => {
  run = await startTraceRun()
  jaeger = await startJaeger(run)
  // A second backend beside Jaeger: there times are to the nanosecond, and values have their types.
  sink = await startOtlpSink()
  const beside = { ...jaeger.backend, name: 'sink', endpoint: sink.address }
  collector = await startCollector(run, { settings: { backends: [jaeger.backend, beside] } })
  bridge = await startBridge(run, { collector: collector.grpc })
  component = await startOpencensusClient(run, { collector: bridge.address })
  // Spans that end before its streams are open are dropped by the exporter.
  await waitUntil(
    { what: 'the streams of the client', limitMs: 60_000 },
    async () => (await bridge.count('streams')) >= 3,
  )
})
afterAll(async () => {
  component?.end()
  await sink?.stop()
  await run?.stop()
})

const base = () => `${jaeger.query}/jaeger`

/** Calls the component's health check as a proxy calls its own control plane; gives the code of the answer. */
async function check(service: string, metadata = new Metadata()): Promise<number> {
  const client = new Client(component.address, credentials.createInsecure())
  const asIs = (bytes: Buffer) => bytes
  // HealthCheckRequest { string service = 1 }
  const request = Buffer.concat([Buffer.from([10, service.length]), Buffer.from(service)])
  return new Promise<number>((resolve) => {
    client.makeUnaryRequest('/grpc.health.v1.Health/Check', asIs, asIs, request, metadata, (error) => {
      client.close()
      resolve(error?.code ?? 0)
    })
  })
}

interface Arrived {
  readonly made: MadeSpan
  readonly stored: StoredSpan
  readonly otlp: OtlpSpan
}

/** Does something that makes a span with that name, and waits for it to be everywhere. */
async function arrival(name: string, act: () => Promise<unknown>): Promise<Arrived> {
  const before = component.spans().length
  await act()
  const made = await waitUntil({ what: `the client to end ${name}`, limitMs: 60_000 }, () =>
    component.spans().find((span, index) => index >= before && span.name === name),
  )
  const what = `${name} in Jaeger`
  return waitUntil({ what, limitMs: 60_000, context: bridge.log }, async () => {
    const stored = (await tracesOf(base(), 'linkerd-destination')).find(({ spanId }) => spanId === made.spanId)
    const otlp = sink.spans().find(({ spanId }) => spanId === made.spanId)
    return stored && otlp && { made, stored, otlp }
  })
}

const NAME = 'grpc.health.v1.Health.Check'

test('a span of the real exporter is in Jaeger: service, name, kind, times, attributes, message events', async () => {
  const { made, stored, otlp } = await arrival(NAME, async () => expect(await check('')).toBe(0))
  expect(stored).toMatchObject({
    service: 'linkerd-destination',
    name: NAME,
    traceId: made.traceId,
    parentSpanId: undefined,
  })
  expect(stored).toMatchObject({ start: Math.floor(Number(BigInt(made.start) / 1000n)), followsFrom: [] })
  expect(stored.tags).toMatchObject({ Client: false, FailFast: false, 'span.kind': 'server' })
  expect(stored.tags).not.toHaveProperty('error')
  expect(otlp).toMatchObject({
    start: BigInt(made.start),
    end: BigInt(made.end),
    kind: 2,
    parentSpanId: '',
    status: { code: 0 },
  })
  expect(made.messageEvents).toHaveLength(2)
  expect(otlp.events.map(({ nanos, name }) => ({ nanos: `${nanos}`, name }))).toEqual(
    made.messageEvents.map(({ nanos }) => ({ nanos, name: 'message' })),
  )
  expect(otlp.events.map(({ attributes }) => attributes)).toEqual(
    made.messageEvents.map(({ sent, id, uncompressed, compressed }) =>
      expect.objectContaining({
        'message.type': sent ? 'SENT' : 'RECEIVED',
        'messaging.message_id': BigInt(id),
        'messaging.message_payload_size_bytes': BigInt(uncompressed),
        'messaging.message_payload_compressed_size_bytes': BigInt(compressed),
      }),
    ),
  )
})

test('what the exporter says of its process is there as resource attributes', async () => {
  const { stored } = await arrival(NAME, () => check(''))
  expect(stored.processTags).toMatchObject({ 'opencensus.exporterversion': '0.0.1' })
  expect(Object.values(stored.processTags)).toContain(component.pid)
})

test('an incoming trace goes on: the caller’s grpc-trace-bin gives trace and parent', async () => {
  const [traceId, parent] = [newId(16), newId(8)]
  const metadata = new Metadata()
  // Version 0, then fields: 0 trace id, 1 span id, 2 options (1: sampled).
  const context = Buffer.concat([
    Buffer.from([0, 0]),
    Buffer.from(traceId, 'hex'),
    Buffer.from([1]),
    Buffer.from(parent, 'hex'),
    Buffer.from([2, 1]),
  ])
  metadata.set('grpc-trace-bin', context)
  const { stored, otlp } = await arrival(NAME, () => check('', metadata))
  expect(stored).toMatchObject({ traceId })
  expect(otlp).toMatchObject({ traceId, parentSpanId: parent })
})

test('a failed call is an error, with gRPC’s message', async () => {
  const { made, stored, otlp } = await arrival(NAME, async () => expect(await check('unknown')).toBe(5))
  expect(made).toMatchObject({ code: 5, message: 'unknown service' })
  expect(otlp.status).toEqual({ code: 2, message: 'unknown service' })
  expect(stored.tags).toMatchObject({ error: true, 'otel.status_description': 'unknown service' })
})

test('all else that OpenCensus can say arrives too, without secrets', async () => {
  const { made, otlp } = await arrival('rich.span', () => component.tell('rich'))
  expect(otlp).toMatchObject({
    traceId: made.traceId,
    parentSpanId: made.parentSpanId,
    kind: 3,
    start: BigInt(made.start),
    end: BigInt(made.end),
    status: { code: 2, message: 'not yours' },
  })
  expect(otlp.attributes).toMatchObject({ text: 'naïve', whole: -9007199254740993n, yes: true })
  expect(otlp.attributes).toMatchObject({ 'http.url': 'http://shop.example/cart', authorization: '****' })
  const [annotation] = made.annotations
  expect(otlp.events).toContainEqual({
    nanos: BigInt(annotation?.nanos ?? 0),
    name: 'retried',
    attributes: { password: '****', try: 2n },
  })
  const everything = [
    JSON.stringify(await tracesOf(base(), 'linkerd-destination')),
    ...sink.spans().map((span) => JSON.stringify(span, (_, value) => (typeof value === 'bigint' ? `${value}` : value))),
    bridge.log(),
    await bridge.metrics(),
    collector.log(),
    await collector.metrics(),
    jaeger.log(),
  ]
  expect(everything.filter((text) => /secret-in|pass-in-url/.test(text))).toEqual([])
})

test('nothing else arrives: no spans of the exporter’s own streams, no services but this one', async () => {
  await arrival(NAME, () => check(''))
  const made = new Set(component.spans().map(({ spanId }) => spanId))
  expect(sink.spans().filter(({ spanId }) => !made.has(spanId))).toEqual([])
  expect(await servicesOf(base())).toEqual(['linkerd-destination'])
  expect(await bridge.count('spans_invalid_total')).toBe(0)
  expect(await bridge.count('spans_dropped_total')).toBe(0)
})
