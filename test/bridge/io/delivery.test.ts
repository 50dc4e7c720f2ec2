import { status } from '@grpc/grpc-js'
import { afterAll, describe, expect, test } from 'vitest'
import type { BridgeParts } from '../../../src/bridge/build-bridge.ts'
import { type AgentClient, connectAgent, exportMessage, newSpanIds } from './agent-client.ts'
import { partialSuccess, retryInfo, statusDetails } from './collector-answers.ts'
import { type OtlpReceiver, type Reply, startReceiver } from './otlp-receiver.ts'
import { startBridge } from './running-bridge.ts'

const TAKE: Reply = { take: new Uint8Array() }
const clients: AgentClient[] = []
const receivers: OtlpReceiver[] = []
afterAll(() => {
  for (const client of clients) client.close()
  for (const receiver of receivers) receiver.stop()
})

const receive = async (reply?: (request: number) => Reply, port?: number) => {
  const receiver = await startReceiver(reply, port)
  receivers.push(receiver)
  return receiver
}

/** A bridge before such a receiver, with an open stream. */
async function bridgeTo(reply: (request: number) => Reply, parts: Partial<BridgeParts> = {}) {
  const receiver = await receive(reply)
  const bridge = await startBridge(receiver.address, parts)
  return { receiver, bridge, ...connected(bridge.port) }
}

function connected(port: number) {
  const client = connectAgent(port)
  clients.push(client)
  const stream = client.open()
  const send = async (count: number, options: { name?: string } = {}): Promise<string[]> => {
    const ids = newSpanIds(count)
    await stream.send(exportMessage(ids, options))
    return ids
  }
  return { client, stream, send }
}

/** Sends 3 spans to a receiver with these replies; gives the counts once the bridge holds nothing any more. */
async function outcomeOf(replies: readonly Reply[], parts: Partial<BridgeParts> = {}) {
  const { bridge, receiver, send } = await bridgeTo((request) => replies[request] ?? TAKE, parts)
  await send(3)
  await expect.poll(bridge.counts, { timeout: 5000 }).toMatchObject({ received: 3, queued: 0 })
  return { counts: await bridge.counts(), receiver, bridge }
}

describe('requests', () => {
  test('small batches wait for one another', async () => {
    const { receiver, send } = await bridgeTo(() => TAKE)
    const ids = [...(await send(1)), ...(await send(2)), ...(await send(3))]
    await expect.poll(() => receiver.spanIds).toEqual(ids)
    expect(receiver.requests).toEqual([6])
  })

  test('enough spans do not wait', async () => {
    const limits = { requestDelayMs: 60_000, requestSpans: 100 }
    const { receiver, send } = await bridgeTo(() => TAKE, { limits })
    await send(60)
    await send(60)
    await expect.poll(() => receiver.requests).toEqual([60])
    await send(40)
    await expect.poll(() => receiver.requests).toEqual([60, 100])
  })

  test('nor do enough bytes', async () => {
    const limits = { requestDelayMs: 60_000, requestBytes: 100_000 }
    const { receiver, send } = await bridgeTo(() => TAKE, { limits })
    await send(60, { name: 'x'.repeat(2000) })
    await expect.poll(() => receiver.requests).toEqual([60])
  })

  test('none is larger than what a collector takes, whatever a client sends', async () => {
    const { bridge, receiver, send } = await bridgeTo(() => TAKE)
    for (let count = 0; count < 3; count += 1) await send(700, { name: 'x'.repeat(5000) })
    await expect.poll(async () => (await bridge.counts()).sent).toBe(2100)
    expect(Math.max(...receiver.requestBytes)).toBeLessThanOrEqual(1024 * 1024)
  })

  test('so many are in flight and no more', async () => {
    const { bridge, receiver, send } = await bridgeTo(() => ({ ...TAKE, afterMs: 100 }), {
      limits: { requestSpans: 10, requestsInFlight: 3 },
    })
    for (let count = 0; count < 30; count += 1) await send(10)
    await expect.poll(async () => (await bridge.counts()).sent, { timeout: 5000 }).toBe(300)
    expect(receiver.mostAtOnce()).toBe(3)
  })
})

describe('a collector that says no', () => {
  test.each(['UNAVAILABLE', 'ABORTED', 'OUT_OF_RANGE', 'DATA_LOSS'] as const)('%s: is asked again', async (name) => {
    const { counts, receiver } = await outcomeOf([{ code: status[name] }, { code: status[name] }])
    expect(counts).toMatchObject({ sent: 3, droppedInAll: 0, exports: { [name]: 2, OK: 1 } })
    expect(receiver.requests).toEqual([3, 3, 3])
    expect(receiver.spanIds).toHaveLength(3)
  })

  test.each(['INVALID_ARGUMENT', 'PERMISSION_DENIED', 'UNIMPLEMENTED', 'INTERNAL', 'RESOURCE_EXHAUSTED'] as const)(
    '%s: is for good',
    async (name) => {
      const { counts, receiver, bridge } = await outcomeOf([{ code: status[name], details: 'because' }])
      expect(counts).toMatchObject({ sent: 0, dropped: { refused: 3 }, unaccounted: 0 })
      expect(receiver.requests).toEqual([3])
      expect(bridge.lines).toContainEqual({
        level: 'warn',
        message: 'spans dropped',
        fields: { reason: 'refused', spans: 3, answer: `${name}: because` },
      })
    },
  )

  test('RESOURCE_EXHAUSTED with RetryInfo: is asked again, and not before the time', async () => {
    const trailers = { 'grpc-status-details-bin': statusDetails(retryInfo(0, 400_000_000)) }
    const times: number[] = []
    const { bridge, send } = await bridgeTo((request) => {
      times.push(performance.now())
      return request === 0 ? { code: status.RESOURCE_EXHAUSTED, trailers } : TAKE
    })
    await send(3)
    await expect.poll(async () => (await bridge.counts()).sent).toBe(3)
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(395)
  })

  test('the pause holds for other requests too', async () => {
    const trailers = { 'grpc-status-details-bin': statusDetails(retryInfo(0, 500_000_000)) }
    const times: number[] = []
    const { bridge, send } = await bridgeTo(
      (request) => {
        times.push(performance.now())
        return request === 0 ? { code: status.UNAVAILABLE, trailers } : TAKE
      },
      { limits: { requestSpans: 1 } },
    )
    await send(1)
    await expect.poll(() => times.length).toBe(1)
    await expect.poll(async () => (await bridge.counts()).exports['UNAVAILABLE']).toBe(1)
    await send(1)
    await expect.poll(async () => (await bridge.counts()).sent).toBe(2)
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(495)
  })

  test('pauses grow with each failure', async () => {
    const asked: number[] = []
    const pauseMs = (failures: number) => {
      asked.push(failures)
      return 1
    }
    const no = { code: status.UNAVAILABLE }
    await outcomeOf([no, no, no], { pauseMs })
    expect(asked).toEqual([0, 1, 2])
  })

  test('for too long: the spans are given up', async () => {
    const no = { code: status.UNAVAILABLE, details: 'memory' }
    const { counts, bridge } = await outcomeOf(Array(1000).fill(no), {
      limits: { retryForMs: 300 },
      pauseMs: () => 100,
    })
    expect(counts).toMatchObject({ sent: 0, dropped: { 'retries-exhausted': 3 } })
    expect(counts.exports['UNAVAILABLE']).toBe(3)
    expect(bridge.lines.at(-1)?.fields).toMatchObject({ answer: 'UNAVAILABLE: memory' })
  })

  test('to a part: that part is counted', async () => {
    const { counts, bridge } = await outcomeOf([{ take: partialSuccess(2, 'too old') }])
    expect(counts).toMatchObject({ sent: 1, dropped: { rejected: 2 }, unaccounted: 0 })
    expect(bridge.lines.at(-1)?.fields).toEqual({ reason: 'rejected', spans: 2, answer: 'too old' })
  })

  test('to more than there was: to all of it', async () => {
    const { counts } = await outcomeOf([{ take: partialSuccess(200, '') }])
    expect(counts).toMatchObject({ sent: 0, dropped: { rejected: 3 }, unaccounted: 0 })
  })

  test('a warning with nothing rejected is told', async () => {
    const { counts, bridge } = await outcomeOf([{ take: partialSuccess(0, 'deprecated') }])
    expect(counts).toMatchObject({ sent: 3, droppedInAll: 0 })
    expect(bridge.lines.at(-1)?.fields).toMatchObject({ answer: 'deprecated' })
  })
})

describe('a collector that does not answer', () => {
  test('within the time: the spans may have arrived, and are not sent again', async () => {
    const { counts, receiver } = await outcomeOf([{ never: true, butKeep: true }], { limits: { answerMs: 200 } })
    expect(counts).toMatchObject({ sent: 0, dropped: { unconfirmed: 3 }, exports: { DEADLINE_EXCEEDED: 1 } })
    expect(receiver.spanIds).toHaveLength(3)
    expect(receiver.requests).toEqual([3])
  })

  test('because it ends in the middle: the same', async () => {
    const { bridge, receiver, send } = await bridgeTo(() => ({ never: true }))
    await send(3)
    await expect.poll(() => receiver.requests).toEqual([3])
    receiver.stop()
    await expect.poll(bridge.counts).toMatchObject({ queued: 0, dropped: { unconfirmed: 3 } })
    const again = await receive(undefined, receiver.port)
    const ids = await send(2)
    await expect.poll(() => again.spanIds, { timeout: 10_000 }).toEqual(ids)
  })
})

describe('a collector that is away', () => {
  test('nothing is dropped, streams stay, and all of it arrives when it comes', async () => {
    const away = await receive()
    away.stop()
    const bridge = await startBridge(away.address)
    const { stream, send } = connected(bridge.port)
    const ids: string[] = []
    for (let count = 0; count < 20; count += 1) ids.push(...(await send(100)))
    await expect.poll(bridge.counts).toMatchObject({ queued: 2000, droppedInAll: 0 })
    expect((await bridge.counts()).metric('collector_connected')).toBe(0)
    const back = await receive(undefined, away.port)
    await expect.poll(() => back.spanIds.length, { timeout: 10_000 }).toBe(2000)
    expect(back.spanIds.toSorted()).toEqual(ids.toSorted())
    await expect.poll(bridge.counts).toMatchObject({ sent: 2000, queued: 0, queuedBytes: 0, droppedInAll: 0 })
    expect((await bridge.counts()).metric('collector_connected')).toBe(1)
    expect(stream.isOpen()).toBe(true)
  })

  test('and ends and comes again: what it was not asked to take is not lost', async () => {
    const { bridge, receiver, send } = await bridgeTo(() => TAKE)
    await send(10)
    // Not only arrived: answered, too.
    await expect.poll(async () => (await bridge.counts()).sent).toBe(10)
    receiver.stop()
    await expect.poll(async () => (await bridge.counts()).metric('collector_connected')).toBe(0)
    const second = await send(10)
    const back = await receive(undefined, receiver.port)
    await expect.poll(() => back.spanIds, { timeout: 10_000 }).toEqual(second)
    await expect.poll(bridge.counts).toMatchObject({ sent: 20, droppedInAll: 0 })
  })

  test('longer than the queue has room: the newest are dropped and counted, to the span', async () => {
    const away = await receive()
    away.stop()
    const bridge = await startBridge(away.address, { queue: { maxSpans: 1000, maxBytes: 64 * 1024 * 1024 } })
    const { stream, send } = connected(bridge.port)
    const ids: string[] = []
    for (let count = 0; count < 30; count += 1) ids.push(...(await send(70)))
    await expect.poll(bridge.counts).toMatchObject({ received: 2100, queued: 980, dropped: { 'queue-full': 1120 } })
    expect(stream.isOpen()).toBe(true)
    const back = await receive(undefined, away.port)
    await expect.poll(() => back.spanIds.length, { timeout: 10_000 }).toBe(980)
    expect(back.spanIds.toSorted()).toEqual(ids.slice(0, 980).toSorted())
    // With room again, new ones are taken.
    await send(70)
    await expect.poll(async () => (await bridge.counts()).sent).toBe(1050)
  })
})

describe('the end', () => {
  test('what is queued is sent before streams end', async () => {
    const { bridge, receiver, stream, send } = await bridgeTo(() => TAKE, { limits: { requestDelayMs: 60_000 } })
    const ids = await send(10)
    await expect.poll(async () => (await bridge.counts()).queued).toBe(10)
    expect(await bridge.close(5000)).toBe(0)
    expect(receiver.spanIds).toEqual(ids)
    expect((await bridge.counts()).sent).toBe(10)
    await stream.ended
  })

  test('what cannot be sent in time is counted', async () => {
    const away = await receive()
    away.stop()
    const bridge = await startBridge(away.address)
    await connected(bridge.port).send(10)
    await expect.poll(async () => (await bridge.counts()).queued).toBe(10)
    expect(await bridge.close(200)).toBe(10)
    expect(await bridge.counts()).toMatchObject({ queued: 0, dropped: { shutdown: 10 }, unaccounted: 0 })
  })

  test('an answer that is waited for then may have meant yes', async () => {
    const { bridge, receiver, send } = await bridgeTo(() => ({ never: true }))
    await send(10)
    await expect.poll(() => receiver.requests).toEqual([10])
    expect(await bridge.close(200)).toBe(10)
    expect(await bridge.counts()).toMatchObject({ queued: 0, dropped: { unconfirmed: 10 } })
  })

  test('a client that never pauses does not keep it from ending', async () => {
    const { bridge, receiver, stream } = await bridgeTo(() => ({ ...TAKE, afterMs: 20 }))
    let isSending = true
    const sending = (async () => {
      while (isSending && stream.isOpen()) {
        void stream.send(exportMessage(newSpanIds(100)))
        await new Promise((resolve) => setImmediate(resolve))
      }
    })()
    await expect.poll(() => receiver.spanIds.length).toBeGreaterThan(1000)
    const start = performance.now()
    expect(await bridge.close(4000)).toBe(0)
    expect(performance.now() - start).toBeLessThan(4000)
    isSending = false
    await sending
    const counts = await bridge.counts()
    expect(counts).toMatchObject({ queued: 0, unaccounted: 0 })
    expect(receiver.spanIds).toHaveLength(counts.sent)
  })
})
