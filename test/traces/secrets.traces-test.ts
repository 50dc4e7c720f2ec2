// Secrets in spans: none of them is found anywhere behind the collector's door. Each case puts the same word into another
// place of a span; without redaction each of them does come out, so that the cases are known to be real ones.
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CollectorConfig } from '../../src/install/collector/collector-config.ts'
import { DEFAULT_REDACTION, type RedactionSettings } from '../../src/install/collector/redaction-settings.ts'
import type { ServerProcess } from '../cluster/control-plane/server-process.ts'
import { waitUntil } from '../cluster/control-plane/wait-until.ts'
import { textOfTraces, tracesOf } from './jaeger-api.ts'
import { openOtlpClient } from './otlp/otlp-client.ts'
import type { OtlpSpan, OtlpValue, ResourceSpans } from './otlp/otlp-messages.ts'
import { type OtlpSink, startOtlpSink } from './otlp/otlp-sink.ts'
import { type Collector, startCollector } from './processes/collector.ts'
import { type Jaeger, startJaeger } from './processes/jaeger.ts'
import { startTraceRun, type TraceRun } from './processes/trace-run.ts'
import { newId, PROXY_RESOURCE, proxySpan, requestAttributes } from './proxy-spans.ts'

const SECRET = 'hush-1f6e9'

type Case = Partial<OtlpSpan> & {
  readonly resource?: Record<string, OtlpValue>
  readonly scope?: Record<string, OtlpValue>
}

const attribute = (key: string, value: OtlpValue): Case => ({ attributes: { [key]: value } })

const CASES: Readonly<Record<string, Case>> = {
  'query of a request, as the proxy writes it': { attributes: requestAttributes(`/cart?token=${SECRET}`) },
  'value of a parameter with a harmless name': { attributes: requestAttributes(`/cart?a=1&b=${SECRET}`) },
  'query that was encoded': attribute('url.full', `http://shop/cart%3Ftoken=${SECRET}`),
  'query that was encoded twice': attribute('url.full', `http://shop/cart%253Ftoken=${SECRET}`),
  fragment: attribute('url.full', `http://shop/cart#access_token=${SECRET}`),
  'parameter of a path': attribute('url.path', `/cart;jsessionid=${SECRET}/items`),
  'user info': attribute('url.full', `http://joe:${SECRET}@shop/cart`),
  'password with an @ in it': attribute('url.full', `http://joe:x@${SECRET}@shop/cart`),
  'password with a / in it': attribute('url.full', `http://joe:x/${SECRET}@shop/cart`),
  'user without a password': attribute('url.full', `https://${SECRET}@shop/cart`),
  'http.url': attribute('http.url', `http://shop/cart?token=${SECRET}`),
  'http.target': attribute('http.target', `/cart?token=${SECRET}`),
  'http.path, of OpenCensus': attribute('http.path', `/cart?token=${SECRET}`),
  'url.query': attribute('url.query', `token=${SECRET}`),
  'URL in any other attribute': attribute('peer', `http://shop/cart?token=${SECRET}`),
  'name of the span': { name: `GET /cart?token=${SECRET}` },
  'header, as OpenTelemetry writes it': attribute('http.request.header.authorization', [`Basic ${SECRET}`]),
  cookie: attribute('http.request.header.cookie', [`a=${SECRET}`]),
  'name in capitals': attribute('X-API-KEY', SECRET),
  'name in one word': attribute('accessKey', SECRET),
  'number with a secret name': attribute('password', 42n),
  'list with a secret name': attribute('tokens', [SECRET, SECRET]),
  'map in an attribute': attribute('settings', { database: { password: SECRET } }),
  'arguments of a program': attribute('process.command_args', ['serve', '--token', SECRET]),
  'JSON in a text': attribute('body', `{"user":"joe","password":"${SECRET}"}`),
  'form in a text': attribute('body', `user=joe&password=${SECRET}`),
  'header in a text': attribute('message', `Authorization: Bearer ${SECRET}`),
  'bearer in a text': attribute('message', `sent Bearer ${SECRET}`),
  'label of the Pod': { resource: { 'shop.example/db-password': SECRET } },
  'label with a URL in it': { resource: { upstream: `http://joe:${SECRET}@shop` } },
  'attribute of a library': { scope: { token: SECRET } },
  'form in an attribute of a library': { scope: { settings: `user=joe&password=${SECRET}` } },
  'map below a secret name': attribute('settings', { password: { first: SECRET } }),
  'attribute of an event': { events: [{ nanos: 1n, name: 'retry', attributes: { cookie: SECRET } }] },
  'URL in an event': { events: [{ nanos: 1n, name: 'retry', attributes: { 'url.full': `http://a/b?c=${SECRET}` } }] },
  'name of an event': { events: [{ nanos: 1n, name: `GET /cart?token=${SECRET}`, attributes: {} }] },
  'attribute of a link': { links: [{ traceId: newId(16), spanId: newId(8), attributes: { token: SECRET } }] },
  'message of the status': { status: { code: 2, message: `dial http://joe:${SECRET}@shop/cart failed` } },
  'parameter in the message of the status': { status: { code: 2, message: `GET /cart?token=${SECRET}: 500` } },
}

const HIDDEN = new RegExp(`${SECRET}|"password":(?:"42"|42)`)

function spansOf(all: Readonly<Record<string, Case>>): ResourceSpans[] {
  return Object.entries(all).map(([name, { resource, scope = {}, ...fields }]) => ({
    resource: { ...PROXY_RESOURCE, ...resource, case: name },
    scope,
    spans: [proxySpan({ attributes: {}, ...fields })],
  }))
}

/**
 * A collector that writes down what it exports. Its log level stays as configured: at `debug` the transform processor logs
 * spans as they come in.
 */
function talkative({ service, ...config }: CollectorConfig): object {
  const traces = { ...service.pipelines.traces, exporters: [...service.pipelines.traces.exporters, 'debug'] }
  const debug = { verbosity: 'detailed', sampling_initial: 1000 }
  return { ...config, exporters: { ...config.exporters, debug }, service: { ...service, pipelines: { traces } } }
}

const text = (value: unknown) => JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? `${item}` : item))

interface Pipeline {
  readonly collector: Collector
  readonly sink: OtlpSink
  /** Names of the cases whose secret has come out. */
  readonly leaks: () => unknown[]
}

let run: TraceRun
let jaeger: Jaeger & { readonly process: ServerProcess }
beforeAll(async () => {
  run = await startTraceRun()
  const directory = join(run.folder, 'badger')
  jaeger = await startJaeger(run, { storage: { kind: 'badger', directory, keepHours: 1 } })
})
afterAll(() => run?.stop())

/** Starts a collector between a client and a sink, and Jaeger; sends all cases and waits until all have arrived. */
async function sendCases(name: string, redaction: RedactionSettings): Promise<Pipeline> {
  const sink = await startOtlpSink()
  const toSink = { name: 'sink', protocol: 'grpc', endpoint: sink.address, tls: false } as const
  const backends = redaction.enabled ? [toSink, jaeger.backend] : [toSink]
  const collector = await startCollector(run, { name, settings: { redaction, backends }, change: talkative })
  const all = spansOf(CASES)
  const client = openOtlpClient(collector.grpc)
  await client.send(all)
  client.close()
  const context = () => run.logOf(name).slice(-5000)
  await waitUntil({ what: 'all cases to arrive', limitMs: 60_000, context }, () => sink.spans().length >= all.length)
  const leaking = () => sink.requests().filter((one) => HIDDEN.test(text(one)))
  return { collector, sink, leaks: () => leaking().map(({ resource }) => resource['case']) }
}

test('without redaction every secret comes out: the cases are real ones', async () => {
  const { leaks, sink } = await sendCases('plain', { ...DEFAULT_REDACTION, enabled: false })
  expect(leaks().toSorted()).toEqual(Object.keys(CASES).toSorted())
  await sink.stop()
  rmSync(join(run.folder, 'plain.log'))
})

describe('with redaction, as by default', () => {
  let redacted: Pipeline
  beforeAll(async () => {
    redacted = await sendCases('redacting', DEFAULT_REDACTION)
  })
  afterAll(() => redacted?.sink.stop())

  test('no secret leaves the collector', () => {
    expect(redacted.leaks()).toEqual([])
  })

  test('what is no secret stays', () => {
    const name = 'query of a request, as the proxy writes it'
    const arrived = redacted.sink.requests().find(({ resource }) => resource['case'] === name)
    expect(arrived?.resource).toEqual({ ...PROXY_RESOURCE, case: name })
    const { 'url.query': _query, ...others } = requestAttributes(`/cart?token=${SECRET}`)
    expect(arrived?.spans[0]?.attributes).toEqual({ ...others, 'url.full': 'http://web.shop.svc.cluster.local/cart' })
  })

  test('no secret is in Jaeger’s API', async () => {
    const base = `${jaeger.query}/jaeger`
    const count = Object.keys(CASES).length
    const inJaeger = () => tracesOf(base, 'web')
    await waitUntil({ what: 'all cases in Jaeger', limitMs: 60_000 }, async () => (await inJaeger()).length >= count)
    expect(await textOfTraces(base, 'web')).not.toContain(SECRET)
  })

  test('no secret is in metrics, in a log or in a file of Jaeger’s', async () => {
    expect(redacted.collector.log()).toContain('web.shop.svc.cluster.local/cart')
    expect(await redacted.collector.metrics()).not.toContain(SECRET)
    // Badger gives its files their real size when it is closed; before, they are mostly holes.
    await jaeger.process.end('SIGTERM')
    const files = readdirSync(run.folder, { recursive: true, encoding: 'utf8' }).map((name) => join(run.folder, name))
    const read = files.filter((file) => statSync(file).isFile())
    const stored = read.filter((file) => file.includes('badger'))
    expect(stored.filter((file) => readFileSync(file).includes('/cart'))).not.toEqual([])
    expect(read.filter((file) => readFileSync(file).includes(SECRET))).toEqual([])
  })
})
