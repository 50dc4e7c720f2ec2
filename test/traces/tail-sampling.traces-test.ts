// The preset of tail sampling on the real collector: whole traces are kept when something in them failed or was slow, and of
// all others a share.
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DEFAULT_TAIL_SAMPLING } from '../../src/install/collector/collector-settings.ts'
import { waitUntil } from '../cluster/control-plane/wait-until.ts'
import { openOtlpClient } from './otlp/otlp-client.ts'
import type { OtlpSpan } from './otlp/otlp-messages.ts'
import { type OtlpSink, startOtlpSink } from './otlp/otlp-sink.ts'
import { startCollector } from './processes/collector.ts'
import { startTraceRun, type TraceRun } from './processes/trace-run.ts'
import { newId, PROXY_RESOURCE, proxySpan, requestAttributes } from './proxy-spans.ts'

const SHARE = 20
/** Much longer than a request takes on its way here. */
const QUIET_MS = 2_000
const ORDINARY = 2000

let run: TraceRun
let sink: OtlpSink
let kept: Set<string>
beforeAll(async () => {
  run = await startTraceRun()
  sink = await startOtlpSink()
  const backends = [{ name: 'sink', protocol: 'grpc', endpoint: sink.address, tls: false } as const]
  const tailSampling = { ...DEFAULT_TAIL_SAMPLING, percent: SHARE, waitSeconds: 3 }
  const collector = await startCollector(run, { settings: { backends, tailSampling } })
  const client = openOtlpClient(collector.grpc)
  // The two spans of a trace come in different requests, as those of two proxies do.
  const traces = Object.values(TRACES).flat()
  await client.send([{ resource: PROXY_RESOURCE, spans: traces.map(([first]) => first) }])
  await client.send([
    { resource: { ...PROXY_RESOURCE, 'service.name': 'other' }, spans: traces.map(([, second]) => second) },
  ])
  // Sent last, so decided last.
  const last = traceOf({ status: { code: 2, message: '' } })
  await client.send([{ resource: PROXY_RESOURCE, spans: [...last] }])
  client.close()
  const arrived = () => sink.spans().some(({ traceId }) => traceId === last[0].traceId)
  await waitUntil({ what: 'the last trace', limitMs: 60_000, context: collector.log }, arrived)
  // Requests are sent at the same time, and a small one may overtake those with the others.
  await waitUntil({ what: 'the sink to be quiet', limitMs: 60_000 }, async () => {
    const before = sink.spans().length
    await pause(QUIET_MS)
    return sink.spans().length === before
  })
  kept = new Set(sink.spans().map(({ traceId }) => traceId))
})
afterAll(async () => {
  await sink?.stop()
  await run?.stop()
})

type Trace = readonly [OtlpSpan, OtlpSpan]

/** A trace of two spans, the second of which has these fields. */
function traceOf(fields: Partial<OtlpSpan>): Trace {
  const first = proxySpan()
  return [first, proxySpan({ ...fields, traceId: first.traceId, parentSpanId: first.spanId })]
}

function responding(status: string): Trace {
  return traceOf({ attributes: { ...requestAttributes('/cart'), 'http.response.status_code': status } })
}

function lasting(ms: number): Trace {
  const start = BigInt(Date.now()) * 1_000_000n
  const traceId = newId(16)
  const times = { traceId, start, end: start + BigInt(ms) * 1_000_000n }
  return [proxySpan({ ...times, end: start }), proxySpan(times)]
}

const TRACES = {
  ordinary: Array.from({ length: ORDINARY }, () => traceOf({})),
  failed: Array.from({ length: 20 }, () => traceOf({ status: { code: 2, message: '' } })),
  'of status 503, as a proxy says it': Array.from({ length: 20 }, () => responding('503')),
  slow: Array.from({ length: 20 }, () => lasting(1100)),
  'almost slow': Array.from({ length: 20 }, () => lasting(900)),
  'of status 404': Array.from({ length: 20 }, () => responding('404')),
} satisfies Record<string, Trace[]>

test.each(['failed', 'of status 503, as a proxy says it', 'slow'] as const)(
  'all traces that are %s are kept, whole',
  (kind) => {
    const wanted = TRACES[kind].flatMap((trace) => trace.map(({ spanId }) => spanId))
    const found = new Set(sink.spans().map(({ spanId }) => spanId))
    expect(wanted.filter((id) => !found.has(id))).toEqual([])
  },
)

test(`of the others ${SHARE} % are kept`, () => {
  const count = TRACES.ordinary.filter(([{ traceId }]) => kept.has(traceId)).length
  // Five standard deviations: once in a million runs it is outside by chance.
  const deviation = Math.sqrt(ORDINARY * (SHARE / 100) * (1 - SHARE / 100))
  expect(Math.abs(count - (ORDINARY * SHARE) / 100)).toBeLessThan(5 * deviation)
})

test('a trace is kept whole or not at all', () => {
  const found = new Set(sink.spans().map(({ spanId }) => spanId))
  const halves = Object.values(TRACES)
    .flat()
    .filter(([a, b]) => found.has(a.spanId) !== found.has(b.spanId))
  expect(halves).toEqual([])
})

test.each(['almost slow', 'of status 404'] as const)('traces that are %s are like all others', (kind) => {
  // That all 20 are kept by chance happens once in 10^14 runs.
  expect(TRACES[kind].every(([{ traceId }]) => kept.has(traceId))).toBe(false)
})
