import type { ServerResponse } from 'node:http'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { openJaegerApi } from '../../../src/cli/read-traces/jaeger-api.ts'
import { type ReadParts, readTraces, type TraceQuery } from '../../../src/cli/read-traces/read-traces.ts'
import type { Trace } from '../../../src/spans/span.ts'
import {
  type ServedJaeger,
  type ServeOptions,
  type StoredSpan,
  type StoredTraces,
  sendJson,
  serve,
  serveJaeger,
} from './served-jaeger.ts'

let served: ServedJaeger | undefined
afterEach(() => served?.close())

const START_US = 1_795_000_000_000_000
const NO_LIMITS = { spans: 1e9, milliseconds: 1e9 }

async function read(query: TraceQuery, parts: Partial<ReadParts> = {}) {
  const api = openJaegerApi({ url: served?.url ?? '', isCompressed: false })
  const all = { limits: NO_LIMITS, now: () => performance.now(), onProgress: () => {}, ...parts }
  const reading = readTraces(api, query, all)
  const traces: Trace[] = []
  try {
    for await (const trace of reading.traces) traces.push(trace)
  } finally {
    api.close()
  }
  return { traces, ids: traces.map(({ traceId }) => traceId), outcome: reading.outcome() }
}

async function serving(traces: StoredTraces, options: ServeOptions = {}): Promise<void> {
  served?.close()
  served = await serveJaeger(traces, options)
}

/** One trace of one span for each microsecond after the start. */
function tracesAt(microseconds: readonly number[], service = 'web'): StoredTraces {
  const spans = microseconds.map((us): [string, StoredSpan[]] => [
    `a${us}`,
    [{ service, startNs: BigInt(START_US + us) * 1000n }],
  ])
  return Object.fromEntries(spans)
}

const SECOND_US = 1_000_000
const HOUR_US = 3_600 * SECOND_US
const HOUR = { fromUs: START_US, untilUs: START_US + HOUR_US }

describe('reading traces', () => {
  // In bursts, at odd nanoseconds, of several services, with spans far apart: as Jaeger gives them, with few at once.
  const span = fc.record({
    service: fc.constantFrom('web', 'cart', 'pay'),
    startNs: fc
      .tuple(fc.constantFrom(0, 1, 2, 7, 3_000_000, 3_599_999_999), fc.nat({ max: 20 }), fc.nat({ max: 999 }))
      .map(([burst, us, ns]) => BigInt(START_US + burst + us) * 1000n + BigInt(ns)),
  })
  const stored = fc
    .array(fc.array(span, { minLength: 1, maxLength: 4 }), { maxLength: 25 })
    .map((traces) => Object.fromEntries(traces.map((spans, index) => [`b${index}`, spans])))

  const serveOptions = fc.record({ searchesAll: fc.boolean(), idComesLast: fc.boolean() })

  test('finds every trace once that has a span within the time, however they lie and few are given at once', async () => {
    const wider = { fromUs: START_US - 50, untilUs: START_US + HOUR_US + 50 }
    await fc.assert(
      fc.asyncProperty(stored, serveOptions, fc.integer({ min: 26, max: 40 }), async (traces, options, atOnce) => {
        await serving(traces, options)
        const { ids, outcome } = await read(wider, { atOnce })
        expect(ids.toSorted()).toEqual(Object.keys(traces).toSorted())
        expect(outcome).toMatchObject({ traces: ids.length, completeFromUs: wider.fromUs, shortfalls: [] })
      }),
      { numRuns: 30 },
    )
  })

  test('cuts slices until each has less than is given at once, and says where that cannot be', async () => {
    await fc.assert(
      fc.asyncProperty(stored, fc.integer({ min: 2, max: 6 }), async (traces, atOnce) => {
        await serving(traces, { searchesAll: true })
        const { ids, outcome } = await read(HOUR, { atOnce })
        expect(new Set(ids).size).toBe(ids.length)
        const within = Object.entries(traces).filter(([, spans]) =>
          spans.some(
            ({ startNs }) => startNs >= BigInt(HOUR.fromUs) * 1000n && startNs <= BigInt(HOUR.untilUs) * 1000n,
          ),
        )
        // Too many in one microsecond are the only ones that may be lacking, and never silently.
        if (outcome.shortfalls.length === 0) expect(ids.toSorted()).toEqual(within.map(([id]) => id).toSorted())
        else expect(outcome.shortfalls.join()).toMatch(/^of more than \d traces that began at 2026-/)
      }),
      { numRuns: 15 },
    )
  })

  test('says when more traces began in one microsecond than are given at once', async () => {
    const at = { service: 'web', startNs: BigInt(START_US + 7) * 1000n }
    await serving({ a1: [at], a2: [at], a3: [at] })
    const { ids, outcome } = await read(HOUR, { atOnce: 2 })
    expect(ids).toHaveLength(2)
    const began = new Date((START_US + 6) / 1000).toISOString()
    expect(outcome.shortfalls).toEqual([`of more than 2 traces that began at ${began} some are left out`])
  })

  test('reads 3,000 traces of one second within 40 requests', async () => {
    const times = Array.from({ length: 3_000 }, (_, index) => 1_800 * SECOND_US + index * 333)
    await serving(tracesAt(times), { searchesAll: true })
    const { ids } = await read(HOUR)
    expect(ids).toHaveLength(3_000)
    expect(served?.asked.length).toBeLessThan(40)
  })

  test('gives the newest slice first', async () => {
    await serving(tracesAt([1, 2_500 * SECOND_US, 3_590 * SECOND_US]))
    expect((await read(HOUR)).ids).toEqual(['a3590000000', 'a2500000000', 'a1'])
  })

  test('asks for one service, and for tags, where they are given', async () => {
    const at = BigInt(START_US + 5) * 1000n
    await serving({
      a1: [{ service: 'web', startNs: at, tags: { app: 'web' } }],
      a2: [{ service: 'web', startNs: at }],
      a3: [{ service: 'cart', startNs: at, tags: { app: 'web' } }],
    })
    expect((await read({ ...HOUR, service: 'web', tags: { app: 'web' } })).ids).toEqual(['a1'])
    expect(served?.asked.every(({ searchParams }) => searchParams.get('service') === 'web')).toBe(true)
  })

  test('asks for less at once where Jaeger keeps fewer traces', async () => {
    await serving(tracesAt([1, 2, 3, 4]), { maxDepth: 20 })
    expect((await read(HOUR)).ids).toHaveLength(4)
    expect(served?.asked.at(-1)?.searchParams.get('limit')).toBe('10')
  })

  test('ends at a limit, with the newest, and says so', async () => {
    await serving(tracesAt([1, 2_500 * SECOND_US, 3_590 * SECOND_US]))
    const bySpans = await read(HOUR, { limits: { ...NO_LIMITS, spans: 1 } })
    expect(bySpans.ids).toEqual(['a3590000000', 'a2500000000'])
    expect(bySpans.outcome.shortfalls).toEqual(['there are more than 1 spans (--max-spans)'])
    expect(bySpans.outcome.completeFromUs).toBeGreaterThan(START_US + 2_500 * SECOND_US)
    let now = 0
    const slow = { now: () => (now += 1_000), limits: { ...NO_LIMITS, milliseconds: 2_000 } }
    expect((await read(HOUR, slow)).outcome.shortfalls).toEqual(['reading took more than 2 s (--timeout)'])
  })

  test.each([
    ['has not begun to answer', () => {}],
    [
      'goes on answering without end',
      (response: ServerResponse) => {
        response.writeHead(200, { 'content-type': 'application/json' }).write('{"data":[')
        const dribble = setInterval(() => response.write(' '), 20)
        response.on('close', () => clearInterval(dribble))
      },
    ],
  ])('ends in time with a Jaeger that %s, and says so', async (_, answer) => {
    served?.close()
    served = await serve((_url, response) => answer(response))
    const { outcome } = await read({ ...HOUR, service: 'web' }, { limits: { ...NO_LIMITS, milliseconds: 300 } })
    expect(outcome).toMatchObject({ traces: 0, shortfalls: ['reading took more than 0.3 s (--timeout)'] })
    expect(outcome.completeFromUs).toBe(HOUR.untilUs)
  })

  test('a fault of Jaeger within the time is no end of it', async () => {
    served?.close()
    served = await serve((_url, response) => void response.destroy())
    await expect(read(HOUR)).rejects.toThrow('gives no answer')
  })

  test('does not ask for spans that name no service where that is refused, and says so', async () => {
    const at = BigInt(START_US + 5) * 1000n
    await serving({ a1: [{ service: 'web', startNs: at }], a2: [{ service: '', startNs: at }] })
    const { ids, outcome } = await read(HOUR)
    expect(ids).toEqual(['a1'])
    expect(outcome.shortfalls).toEqual([
      'traces of nothing but spans without a service name are left out: this Jaeger cannot search for them',
    ])
  })

  test('passes on what Jaeger says is wrong beside the traces', async () => {
    served?.close()
    served = await serve((_, response) =>
      sendJson(response, 200, { data: [], errors: [{ msg: 'a shard\u009b is away' }] }),
    )
    expect((await read(HOUR)).outcome.shortfalls).toEqual(['Jaeger says: a shard\\u009b is away'])
  })

  test('does not go on with a trace that is none', async () => {
    served?.close()
    served = await serve((_, response) => sendJson(response, 200, { data: [{ traceID: 'x' }] }))
    await expect(read(HOUR)).rejects.toThrow(/traceID = "x": must be hexadecimal/)
  })

  test('of an empty Jaeger gives nothing', async () => {
    await serving({})
    expect(await read(HOUR)).toMatchObject({ ids: [], outcome: { spans: 0, completeFromUs: START_US, shortfalls: [] } })
  })
})
