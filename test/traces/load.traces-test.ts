// Many spans through bridge and collector, counted by span id at a sink; and what is lost when a part of the way is away. In
// npm run soak:traces with 100,000 spans instead of 20,000.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { BRIDGE_LIMITS } from '../../src/bridge/bridge-limits.ts'
import type { ServerProcess } from '../cluster/control-plane/server-process.ts'
import { waitUntil } from '../cluster/control-plane/wait-until.ts'
import { sumSeries } from '../cluster/prometheus-text.ts'
import { type OtlpSink, startOtlpSink } from './otlp/otlp-sink.ts'
import { type Bridge, startBridge } from './processes/bridge.ts'
import { type Collector, prepareCollector } from './processes/collector.ts'
import { residentMib } from './processes/memory.ts'
import { type OpencensusClient, startOpencensusClient } from './processes/opencensus-client.ts'
import { startTraceRun, type TraceRun } from './processes/trace-run.ts'

const SPANS = process.env['SOAK'] ? 100_000 : 20_000
const LIMIT_MS = process.env['SOAK'] ? 400_000 : 100_000

let run: TraceRun
beforeAll(async () => {
  run = await startTraceRun()
})
afterAll(() => run?.stop())

let sink: OtlpSink
let collector: Collector
let collecting: ServerProcess
let bridge: Bridge
let client: OpencensusClient

/** Sink, collector, bridge and client, each with the others' addresses. */
async function startAll(bridgeFlags: readonly string[] = []): Promise<void> {
  sink = await startOtlpSink()
  const backends = [{ name: 'sink', protocol: 'grpc', endpoint: sink.address, tls: false } as const]
  collector = await prepareCollector(run, { settings: { backends } })
  collecting = await collector.start()
  bridge = await startBridge(run, { collector: collector.grpc, args: bridgeFlags })
  client = await startOpencensusClient(run, { collector: bridge.address, brief: true })
  await waitUntil({ what: 'the streams', limitMs: 60_000 }, async () => (await bridge.count('streams')) >= 3)
}

async function endAll(): Promise<void> {
  client?.end()
  await bridge?.process.end('SIGKILL')
  await collecting?.end('SIGKILL')
  await sink?.stop()
}
afterEach(endAll)

/** Half of what the bridge's queue takes by default. */
const MANY_WAITING = 30_000

/**
 * Makes spans a thousand at a time and waits until the bridge has them. They come as fast as the collector takes them:
 * faster for long, and the bridge would drop some, as it should.
 */
async function send(count: number): Promise<void> {
  const hasRoom = async () => (await bridge.count('queue_spans')) < MANY_WAITING
  await flood(count, () => waitUntil({ what: 'room in the queue', limitMs: LIMIT_MS, context: bridge.log }, hasRoom))
}

async function flood(count: number, beforeEach: () => Promise<unknown> = async () => {}): Promise<void> {
  const before = await bridge.count('spans_received_total')
  for (let sent = 0; sent < count; sent += 1000) {
    await beforeEach()
    await client.tell('spans 1000')
  }
  await client.tell('flush')
  const received = async () => (await bridge.count('spans_received_total')) >= before + count
  await waitUntil({ what: 'the bridge to have all spans', limitMs: LIMIT_MS, context: bridge.log }, received)
}

/** What the bridge says of all that it has received. */
async function counted() {
  const [sent, dropped, unconfirmed, queued] = await Promise.all([
    bridge.count('spans_sent_total'),
    bridge.count('spans_dropped_total'),
    bridge.count('spans_dropped_total', { reason: 'unconfirmed' }),
    bridge.count('queue_spans'),
  ])
  return { sent, dropped, unconfirmed, queued }
}

const emptyQueue = () =>
  waitUntil(
    { what: 'the bridge’s queue to be empty', limitMs: LIMIT_MS, context: bridge.log },
    async () => (await bridge.count('queue_spans')) === 0,
  )

/** Waits until so many different spans have arrived. */
const arrived = (count: number) =>
  waitUntil(
    { what: `${count} spans at the sink`, limitMs: LIMIT_MS, context: () => `There are ${sink.counts().size}.` },
    () => sink.counts().size >= count,
  )

const doubled = () => [...sink.counts().values()].filter((times) => times > 1).length

test(`of ${SPANS} spans none is lost, and none is doubled`, async () => {
  await startAll()
  await send(SPANS)
  await arrived(SPANS)
  const made = client.spans().map(({ spanId }) => spanId)
  expect(made).toHaveLength(SPANS)
  expect(new Set(sink.counts().keys())).toEqual(new Set(made))
  expect(doubled()).toBe(0)
  expect(await counted()).toEqual({ sent: SPANS, dropped: 0, unconfirmed: 0, queued: 0 })
})

describe('the collector is restarted in the middle', () => {
  // What comes meanwhile; beside what waits already it fits into the queue.
  const AWAY = 5000

  /** Ends it under load, starts it again under load, and gives what was known while it was away. */
  async function restart(signal: 'SIGTERM' | 'SIGKILL') {
    await startAll()
    await send(SPANS / 2 - AWAY)
    const sending = flood(AWAY)
    await collecting.end(signal)
    await sending
    const away = { sent: await bridge.count('spans_sent_total'), arrived: sink.counts().size }
    collecting = await collector.start()
    await send(SPANS / 2)
    await emptyQueue()
    return away
  }

  test('by SIGTERM, as an update does it: no span is lost but those that the bridge calls unconfirmed', async () => {
    await restart('SIGTERM')
    const { sent, dropped, unconfirmed } = await counted()
    expect(sent + dropped).toBe(SPANS)
    expect(dropped).toBe(unconfirmed)
    expect(unconfirmed).toBeLessThanOrEqual(BRIDGE_LIMITS.requestsInFlight * BRIDGE_LIMITS.requestSpans)
    await arrived(sent)
    expect(sink.counts().size).toBeLessThanOrEqual(sent + unconfirmed)
    expect(doubled()).toBe(0)
  })

  test('by SIGKILL: lost is what it held and what the bridge calls unconfirmed, to the span', async () => {
    const away = await restart('SIGKILL')
    const { sent, dropped, unconfirmed } = await counted()
    expect(sent + dropped).toBe(SPANS)
    expect(dropped).toBe(unconfirmed)
    expect(unconfirmed).toBeLessThanOrEqual(BRIDGE_LIMITS.requestsInFlight * BRIDGE_LIMITS.requestSpans)
    // It had said that it took them, and they had not arrived; of the unconfirmed some may have.
    const held = away.sent - away.arrived
    await arrived(sent - held)
    expect(sink.counts().size).toBe(SPANS - held - dropped)
    expect(doubled()).toBe(0)
  })
})

test('a collector that stands still costs the bridge no more memory than its queue may take', async () => {
  await startAll(['--queue-bytes', '8Mi'])
  await send(5000)
  // A request of the collector's own that it cannot see answered in time it would send again: its exporter may double spans.
  const passedOn = async () => sumSeries(await collector.metrics(), 'otelcol_exporter_sent_spans') >= 5000
  await waitUntil({ what: 'the collector to have passed on all', limitMs: LIMIT_MS, context: collector.log }, passedOn)
  const before = residentMib(bridge.process.pid)
  process.kill(collecting.pid, 'SIGSTOP')
  await flood(4 * SPANS)
  const after = residentMib(bridge.process.pid)
  const full = await counted()
  // The client's three, the first ones: each that ended would have become a span of the exporter's own.
  expect(await bridge.count('streams')).toBe(3)
  expect(await bridge.count('spans_own_stream_total')).toBe(0)
  expect(full.dropped).toBeGreaterThan(0)
  expect(await bridge.count('queue_bytes')).toBeLessThanOrEqual(8 * 1024 * 1024)
  // The queue, its encoded requests beside it, and what V8 has not collected yet.
  expect(after - before).toBeLessThan(8 * 2 + 64)
  process.kill(collecting.pid, 'SIGCONT')
  await emptyQueue()
  const { sent, dropped, unconfirmed } = await counted()
  expect(sent + dropped).toBe(5000 + 4 * SPANS)
  await arrived(sent)
  expect(sink.counts().size).toBeLessThanOrEqual(sent + unconfirmed)
  expect(doubled()).toBe(0)
})

test('a bridge that is told to end sends what it has', async () => {
  await startAll()
  process.kill(collecting.pid, 'SIGSTOP')
  await flood(5000)
  const ending = bridge.process.end('SIGTERM')
  process.kill(collecting.pid, 'SIGCONT')
  await ending
  await arrived(5000)
  expect(doubled()).toBe(0)
})
