// Jaeger with our configuration: where page and API are, what it keeps, what is left after a restart, and what of the time
// that it is away.
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { waitUntil } from '../cluster/control-plane/wait-until.ts'
import { sumSeries } from '../cluster/prometheus-text.ts'
import { servicesOf, tracesOf } from './jaeger-api.ts'
import { openOtlpClient } from './otlp/otlp-client.ts'
import type { OtlpSpan } from './otlp/otlp-messages.ts'
import { startCollector } from './processes/collector.ts'
import { type Jaeger, prepareJaeger, startJaeger } from './processes/jaeger.ts'
import { startTraceRun, type TraceRun } from './processes/trace-run.ts'
import { PROXY_RESOURCE, proxySpan } from './proxy-spans.ts'

let run: TraceRun
beforeAll(async () => {
  run = await startTraceRun()
})
afterAll(() => run?.stop())

async function store(jaeger: Jaeger, spans: readonly OtlpSpan[]): Promise<void> {
  const client = openOtlpClient(jaeger.backend.endpoint)
  await client.send([{ resource: PROXY_RESOURCE, spans }])
  client.close()
}

/** Waits until these and no other spans are stored. */
async function waitForSpans(base: string, spans: readonly OtlpSpan[]): Promise<void> {
  const wanted = spans.map(({ spanId }) => spanId).toSorted()
  const found = async () => (await tracesOf(base, 'web')).map(({ spanId }) => spanId).toSorted()
  const what = `${spans.length} spans in Jaeger`
  await waitUntil({ what, limitMs: 60_000 }, async () => JSON.stringify(await found()) === JSON.stringify(wanted))
}

test('the API is below /jaeger, where Linkerd’s dashboard looks, and nowhere else', async () => {
  const jaeger = await startJaeger(run)
  expect(await servicesOf(`${jaeger.query}/jaeger`)).toEqual([])
  const above = await fetch(`${jaeger.query}/api/services`)
  expect(above.headers.get('content-type')).not.toContain('json')
  await jaeger.process.end('SIGKILL')
})

test('without base path it is at the root', async () => {
  const jaeger = await startJaeger(run, { basePath: '' })
  expect(await servicesOf(jaeger.query)).toEqual([])
  await jaeger.process.end('SIGKILL')
})

test('in memory the oldest trace gives way to the newest', async () => {
  const jaeger = await startJaeger(run, { storage: { kind: 'memory', maxTraces: 10 } })
  const spans = Array.from({ length: 25 }, () => proxySpan())
  await store(jaeger, spans)
  await waitForSpans(`${jaeger.query}/jaeger`, spans.slice(-10))
  await jaeger.process.end('SIGKILL')
})

test('on a volume traces are there after an orderly restart', async () => {
  const storage = { kind: 'badger', directory: join(run.folder, 'orderly'), keepHours: 1 } as const
  const jaeger = await prepareJaeger(run, { storage })
  const base = `${jaeger.query}/jaeger`
  const first = await jaeger.start()
  const spans = [proxySpan(), proxySpan()]
  await store(jaeger, spans)
  await waitForSpans(base, spans)
  await first.end('SIGTERM')
  const second = await jaeger.start()
  expect(await servicesOf(base)).toEqual(['web'])
  await waitForSpans(base, spans)
  await second.end('SIGKILL')
})

test('on a volume traces are there after a crash too', async () => {
  const storage = { kind: 'badger', directory: join(run.folder, 'crashed'), keepHours: 1 } as const
  const jaeger = await prepareJaeger(run, { storage })
  const base = `${jaeger.query}/jaeger`
  const first = await jaeger.start()
  const spans = [proxySpan(), proxySpan()]
  await store(jaeger, spans)
  await waitForSpans(base, spans)
  await first.end('SIGKILL')
  await jaeger.start()
  await waitForSpans(base, spans)
})

test('while Jaeger is away the collector keeps what comes, and gives it when Jaeger is back', async () => {
  const jaeger = await prepareJaeger(run)
  const collector = await startCollector(run, { settings: { backends: [jaeger.backend] } })
  const client = openOtlpClient(collector.grpc)
  const spans = Array.from({ length: 200 }, () => proxySpan())
  await client.send([{ resource: PROXY_RESOURCE, spans }])
  client.close()
  const waiting = async () => sumSeries(await collector.metrics(), 'otelcol_exporter_queue_size')
  const failed = () => collector.log().includes('Exporting failed. Will retry')
  const what = 'the collector to have tried'
  await waitUntil({ what, limitMs: 60_000, context: collector.log }, async () => failed() && (await waiting()) > 0)
  await jaeger.start()
  await waitForSpans(`${jaeger.query}/jaeger`, spans)
  expect(collector.log()).not.toContain('Dropping data')
})
