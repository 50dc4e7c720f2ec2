// Backends of one's own in place of Jaeger: OTLP over gRPC and HTTP, with TLS, and headers from the environment, where a
// Secret is put into the container.
import { writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Backend, headerVariable } from '../../src/install/collector/backend.ts'
import { type KeyPair, makeAuthority, makeServingPair } from '../cluster/control-plane/certificates.ts'
import { waitUntil } from '../cluster/control-plane/wait-until.ts'
import { sumSeries } from '../cluster/prometheus-text.ts'
import { openOtlpClient } from './otlp/otlp-client.ts'
import { decodeRequest, type OtlpSpan } from './otlp/otlp-messages.ts'
import { type OtlpSink, startOtlpSink } from './otlp/otlp-sink.ts'
import { type Collector, startCollector } from './processes/collector.ts'
import { startTraceRun, type TraceRun } from './processes/trace-run.ts'
import { PROXY_RESOURCE, proxySpan } from './proxy-spans.ts'

const KEY = 'key-of-the-vendor'
const HEADER = { name: 'x-api-key', secret: { name: 'vendor', key: 'api-key' } }

let run: TraceRun
let pair: KeyPair
let caFile: string
beforeAll(async () => {
  run = await startTraceRun()
  const authority = await makeAuthority('backend CA')
  pair = await makeServingPair(authority, ['otlp.example', '127.0.0.1'])
  caFile = join(run.folder, 'ca.crt')
  writeFileSync(caFile, authority.cert)
})
afterAll(() => run?.stop())

async function sendThrough(collector: Collector): Promise<OtlpSpan> {
  const client = openOtlpClient(collector.grpc)
  const span = proxySpan()
  await client.send([{ resource: PROXY_RESOURCE, spans: [span] }])
  client.close()
  return span
}

const metricOf = async (collector: Collector, name: string) => sumSeries(await collector.metrics(), name)

test('OTLP over gRPC with TLS: the CA is checked, the header is sent', async () => {
  const sink = await startOtlpSink({ tls: pair })
  const backend: Backend = {
    name: 'vendor',
    protocol: 'grpc',
    endpoint: sink.address,
    tls: { caFile },
    headers: [HEADER],
  }
  const env = { [headerVariable(backend, HEADER)]: KEY }
  const collector = await startCollector(run, { name: 'grpc-tls', settings: { backends: [backend] }, env })
  const span = await sendThrough(collector)
  await waitUntil({ what: 'the span', limitMs: 60_000, context: collector.log }, () => sink.spans().length > 0)
  expect(sink.spans()).toMatchObject([{ spanId: span.spanId }])
  expect(sink.metadata()[0]?.get('x-api-key')).toEqual([KEY])
  expect(collector.log() + (await collector.metrics())).not.toContain(KEY)
  await sink.stop()
})

test('OTLP over HTTPS, with the name that the certificate has', async () => {
  const taken: Array<{ readonly spans: OtlpSpan[]; readonly key: unknown; readonly path: unknown }> = []
  const server: Server = createServer({ cert: pair.cert, key: pair.key }, async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks)
    const plain = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body
    const spans = decodeRequest(plain).flatMap((one) => one.spans)
    taken.push({ spans, key: request.headers['x-api-key'], path: request.url })
    response.setHeader('content-type', 'application/x-protobuf').end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const tls = { caFile, serverName: 'otlp.example' }
  const endpoint = `https://127.0.0.1:${port}/intake`
  const backend: Backend = { name: 'by-http', protocol: 'http', endpoint, tls, headers: [HEADER] }
  const env = { [headerVariable(backend, HEADER)]: KEY }
  const collector = await startCollector(run, { name: 'https', settings: { backends: [backend] }, env })
  const span = await sendThrough(collector)
  await waitUntil({ what: 'the request', limitMs: 60_000, context: collector.log }, () => taken.length > 0)
  expect(taken).toMatchObject([{ spans: [{ spanId: span.spanId }], key: KEY, path: '/intake/v1/traces' }])
  server.close()
})

test('a backend whose certificate nobody vouches for gets nothing; nor does one that speaks plaintext', async () => {
  const stranger = await makeServingPair(await makeAuthority('another CA'), ['127.0.0.1'])
  const sinks = { stranger: await startOtlpSink({ tls: stranger }), plain: await startOtlpSink() }
  const backends = Object.entries(sinks).map(
    ([name, { address }]): Backend => ({ name, protocol: 'grpc', endpoint: address, tls: { caFile } }),
  )
  const collector = await startCollector(run, { name: 'refusing', settings: { backends } })
  await sendThrough(collector)
  const failed = () => collector.log().includes('x509') && collector.log().includes('first record does not look like')
  await waitUntil({ what: 'both to fail', limitMs: 60_000, context: collector.log }, failed)
  const seen = Object.values(sinks).flatMap((sink: OtlpSink) => sink.spans())
  expect(seen).toEqual([])
  for (const sink of Object.values(sinks)) await sink.stop()
})

test('each of several backends gets every span, and one that is away harms no other', async () => {
  const sinks = [await startOtlpSink(), await startOtlpSink()]
  const away: Backend = { name: 'away', protocol: 'grpc', endpoint: '127.0.0.1:1', tls: false }
  const reached = sinks.map(
    ({ address }, index): Backend => ({ name: `s${index}`, protocol: 'grpc', endpoint: address, tls: false }),
  )
  const collector = await startCollector(run, { name: 'several', settings: { backends: [away, ...reached] } })
  const span = await sendThrough(collector)
  const all = () => sinks.every((sink) => sink.spans().length > 0)
  await waitUntil({ what: 'both spans', limitMs: 60_000, context: collector.log }, all)
  for (const sink of sinks) {
    expect(sink.spans()).toMatchObject([{ spanId: span.spanId }])
    await sink.stop()
  }
  // Counted by the collector itself: what waits for the one that is away.
  const waiting = () => metricOf(collector, 'otelcol_exporter_queue_size')
  await waitUntil({ what: 'the queue', limitMs: 60_000 }, async () => (await waiting()) > 0)
})
