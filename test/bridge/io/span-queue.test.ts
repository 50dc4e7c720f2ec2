import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSpanQueue, type SpanRequest } from '../../../src/bridge/span-queue.ts'

const batch = (spans: number, bytes: number) => ({ spans, resourceSpans: new Uint8Array(bytes).fill(spans) })
const LIMITS = { requestSpans: 10, requestBytes: 1000 }
const ROOMY = { maxSpans: 1000, maxBytes: 1_000_000 }

describe('room', () => {
  test('spans: as many as the limit, and not one more', () => {
    const queue = createSpanQueue({ maxSpans: 10, maxBytes: 1_000_000 })
    expect(queue.offer(batch(7, 10), 0)).toBe(true)
    expect(queue.offer(batch(4, 10), 0)).toBe(false)
    expect(queue.offer(batch(3, 10), 0)).toBe(true)
    expect(queue.held().spans).toBe(10)
  })

  test('bytes: each batch counts with what it costs beside its own', () => {
    const queue = createSpanQueue({ maxSpans: 1000, maxBytes: 2 * 420 })
    expect(queue.offer(batch(1, 100), 0)).toBe(true)
    expect(queue.offer(batch(1, 101), 0)).toBe(false)
    expect(queue.offer(batch(1, 100), 0)).toBe(true)
    expect(queue.held().bytes).toBe(840)
  })

  test('the newest is refused, what waits stays', () => {
    const queue = createSpanQueue({ maxSpans: 2, maxBytes: 1_000_000 })
    for (const spans of [1, 1, 1]) queue.offer(batch(spans, 1), 0)
    expect(queue.take(LIMITS)?.spans).toBe(2)
  })

  test('what was taken counts until it is released', () => {
    const queue = createSpanQueue({ maxSpans: 2, maxBytes: 1_000_000 })
    queue.offer(batch(2, 10), 0)
    const request = queue.take(LIMITS) as SpanRequest
    expect(queue.offer(batch(1, 10), 0)).toBe(false)
    queue.release(request)
    expect(queue.held()).toEqual({ spans: 0, bytes: 0 })
    expect(queue.offer(batch(1, 10), 0)).toBe(true)
  })

  test('a view into a larger buffer does not keep that buffer', () => {
    const pool = new Uint8Array(100_000)
    const queue = createSpanQueue(ROOMY)
    queue.offer({ spans: 1, resourceSpans: pool.subarray(5, 15).fill(3) }, 0)
    // Whoever writes into the pool next does not reach what waits.
    pool.fill(9)
    expect(queue.take(LIMITS)?.body).toEqual(Buffer.alloc(10, 3))
  })
})

describe('requests', () => {
  test('hold whole batches, oldest first, up to the number of spans', () => {
    const queue = createSpanQueue(ROOMY)
    for (const spans of [4, 6, 1]) queue.offer(batch(spans, 2), 0)
    expect(queue.take(LIMITS)).toMatchObject({ spans: 10, body: Buffer.from([4, 4, 6, 6]) })
    expect(queue.take(LIMITS)).toMatchObject({ spans: 1, body: Buffer.from([1, 1]) })
    expect(queue.take(LIMITS)).toBeUndefined()
  })

  test('…and up to the bytes; one that is larger goes alone', () => {
    const queue = createSpanQueue(ROOMY)
    for (const bytes of [600, 401, 5000, 1]) queue.offer(batch(1, bytes), 0)
    const sizes = [1, 2, 3, 4].map(() => queue.take(LIMITS)?.body.length)
    expect(sizes).toEqual([600, 401, 5000, 1])
  })

  test('since when the oldest waits', () => {
    const queue = createSpanQueue(ROOMY)
    expect(queue.waiting().sinceMs).toBeUndefined()
    queue.offer(batch(10, 1), 5)
    queue.offer(batch(1, 1), 8)
    expect(queue.waiting()).toMatchObject({ spans: 11, sinceMs: 5 })
    queue.take(LIMITS)
    expect(queue.waiting()).toMatchObject({ spans: 1, sinceMs: 8 })
  })
})

type Step = 'release' | 'take' | { readonly spans: number; readonly bytes: number }

/** Does the steps; gives which batches were accepted and the requests that came out, checking the limits on the way. */
function walk(steps: readonly Step[]) {
  const queue = createSpanQueue({ maxSpans: 100, maxBytes: 10_000 })
  const accepted: number[] = []
  const [out, unreleased]: [SpanRequest[], SpanRequest[]] = [[], []]
  const take = () => {
    const request = queue.take(LIMITS)
    if (request !== undefined) for (const list of [out, unreleased]) list.push(request)
    return request
  }
  const release = () => {
    const request = unreleased.shift()
    if (request !== undefined) queue.release(request)
  }
  for (const [index, step] of steps.entries()) {
    if (step === 'take') take()
    else if (step === 'release') release()
    else if (queue.offer({ spans: step.spans, resourceSpans: new Uint8Array(step.bytes).fill(index) }, index))
      accepted.push(index)
    expect(queue.held().spans).toBeLessThanOrEqual(100)
    expect(queue.held().bytes).toBeLessThanOrEqual(10_000)
  }
  while (take() !== undefined) {}
  while (unreleased.length > 0) release()
  return { queue, accepted, out }
}

test('whatever is offered, taken and released: within the limits, nothing lost, nothing twice, in order', () => {
  const batches = fc.record({ spans: fc.integer({ min: 1, max: 30 }), bytes: fc.integer({ min: 1, max: 3000 }) })
  const step = fc.oneof(batches, fc.constantFrom('take' as const, 'release' as const))
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { queue, accepted, out } = walk(steps)
      expect(out.flatMap(({ body }) => [...new Set(body)])).toEqual(accepted)
      expect(queue.held()).toEqual({ spans: 0, bytes: 0 })
    }),
  )
})
