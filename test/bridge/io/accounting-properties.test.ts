import { status } from '@grpc/grpc-js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { connectAgent, exportMessage, newSpanIds } from './agent-client.ts'
import { partialSuccess } from './collector-answers.ts'
import { type Reply, startReceiver } from './otlp-receiver.ts'
import { startBridge } from './running-bridge.ts'

const RUNS = Math.min(500, Number(process.env['FUZZ_RUNS'] ?? 10))

const taken = fc.constant<Reply>({ take: new Uint8Array() })
const reply: fc.Arbitrary<Reply> = fc.oneof(
  { weight: 3, arbitrary: taken },
  fc.record({ take: taken.map(() => new Uint8Array()), afterMs: fc.integer({ min: 0, max: 100 }) }),
  fc.integer({ min: 1, max: 20 }).map((rejected) => ({ take: partialSuccess(rejected, 'no') })),
  fc.constantFrom(...Object.values(status).filter((code) => typeof code === 'number' && code !== 0)).map((code) => ({
    code: Number(code),
  })),
  fc.boolean().map((butKeep) => ({ never: true as const, butKeep })),
)

const message = fc.record({
  spans: fc.integer({ min: 0, max: 40 }),
  invalid: fc.nat(3),
  ownStream: fc.nat(3),
  isGarbage: fc.boolean(),
  restartsReceiver: fc.integer({ min: 0, max: 9 }).map((chance) => chance === 0),
})

test('whatever clients send and the collector does: every span is in one count, at any time, and none arrives twice', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(message, { maxLength: 20 }),
      fc.array(reply, { minLength: 1 }),
      async (messages, replies) => {
        const answer = (request: number): Reply => replies[request % replies.length] as Reply
        let receiver = await startReceiver(answer)
        const arrived: string[] = []
        const bridge = await startBridge(receiver.address, {
          queue: { maxSpans: 150, maxBytes: 20_000 },
          limits: { requestSpans: 25, requestDelayMs: 5, answerMs: 150, retryForMs: 60 },
          pauseMs: () => 5,
        })
        const client = connectAgent(bridge.port)
        const stream = client.open()
        let sent = 0
        for (const { spans, isGarbage, restartsReceiver, ...others } of messages) {
          const bytes = isGarbage ? Buffer.from('ffffff', 'hex') : exportMessage(newSpanIds(spans), others)
          if (!isGarbage) sent += spans + others.invalid + others.ownStream
          await stream.send(bytes)
          const counts = await bridge.counts()
          expect(counts.unaccounted).toBe(0)
          expect(counts.queued).toBeLessThanOrEqual(150)
          expect(counts.queuedBytes).toBeLessThanOrEqual(20_000)
          if (!restartsReceiver) continue
          receiver.stop()
          arrived.push(...receiver.spanIds)
          receiver = await startReceiver(answer, receiver.port)
        }
        await expect
          .poll(bridge.counts, { timeout: 10_000 })
          .toMatchObject({ received: sent, queued: 0, unaccounted: 0 })
        const counts = await bridge.counts()
        arrived.push(...receiver.spanIds)
        expect(new Set(arrived).size).toBe(arrived.length)
        // What a receiver "rejects" in part it has kept here; what is unconfirmed it may have kept.
        const { unconfirmed = 0, rejected = 0 } = counts.dropped
        expect(arrived.length).toBeGreaterThanOrEqual(counts.sent)
        expect(arrived.length).toBeLessThanOrEqual(counts.sent + rejected + unconfirmed)
        expect(stream.isOpen()).toBe(true)
        client.close()
        await bridge.close(0)
        receiver.stop()
      },
    ),
    { numRuns: RUNS, endOnFailure: true },
  )
}, 3_600_000)
