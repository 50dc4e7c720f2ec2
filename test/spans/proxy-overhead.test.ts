import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { percentilesOf } from '../../src/spans/percentile.ts'
import { createOverheadTally, type OverheadFigures, type ProxyOverhead } from '../../src/spans/proxy-overhead.ts'
import { requestOverheads, WITHHELD_REASONS } from '../../src/spans/request-overhead.ts'
import type { Span, Trace } from '../../src/spans/span.ts'
import { type ShopTraces, shopTraces } from '../traces/shop-traces.ts'
import { madeSpan, madeTrace, WEB_PROXY } from './made-spans.ts'

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 2_000)

function overheads(traces: readonly Trace[], isWanted?: (span: Span) => boolean): ProxyOverhead[] {
  const tally = createOverheadTally(isWanted)
  for (const trace of traces) tally.add(trace)
  return tally.overheads()
}

/** What the shop knows of its own requests, as figures. */
function truthOf({ overheads: made }: ShopTraces, of: ProxyOverhead, direction: 'inbound' | 'outbound') {
  const own = made.filter((one) => one.service === of.service && one.namespace === of.namespace)
  const addedUs = own.filter((one) => one.direction === direction).map((one) => one.addedUs)
  return addedUs.length === 0 ? undefined : { requests: addedUs.length, withheld: [], ...percentilesOf(addedUs) }
}

describe('of a whole shop', () => {
  const shop = shopTraces({ spans: 5_000 })

  test('the figures are what its proxies really added, retries included', () => {
    const found = overheads(shop.traces)
    expect(found.map(({ namespace, service }) => `${namespace}/${service}`)).toEqual([
      'pay/linkerd-proxy',
      'pay/payment',
      'shop/cart',
      'shop/catalog',
      'shop/web',
      'staging/web',
    ])
    for (const one of found) {
      expect(one.inbound).toEqual(truthOf(shop, one, 'inbound'))
      expect(one.outbound).toEqual(truthOf(shop, one, 'outbound'))
    }
  })

  test('they are the same whatever the clocks of nodes say', () => {
    const skewed = shopTraces({ spans: 5_000, aheadUs: { 'node-b': 7_000_000, 'node-c': -3_200 } })
    expect(overheads(skewed.traces)).toEqual(overheads(shop.traces))
  })

  test('where spans are missing each request is measured or withheld, and none is made up', () => {
    const lossy = shopTraces({ spans: 5_000, missing: 50 })
    const all = overheads(lossy.traces).flatMap(({ inbound, outbound }) => [inbound, outbound])
    const known = all.filter((figures) => figures !== undefined)
    const withheld = known.flatMap((figures) => figures.withheld)
    expect(new Set(withheld.map(({ reason }) => reason))).toContain('no-client-span')
    expect(new Set(withheld.map(({ reason }) => reason))).toContain('no-server-span')
    const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0)
    const requests = sum(known.map((figures) => figures.requests)) + sum(withheld.map((one) => one.requests))
    // Only where every span of a request is missing nobody knows of it.
    expect(requests).toBeLessThanOrEqual(lossy.overheads.length)
    expect(requests).toBeGreaterThan(0.97 * lossy.overheads.length)
  })

  test('only requests that are asked for count', () => {
    const found = overheads(shop.traces, ({ process }) => process.service === 'cart')
    expect(found.map(({ service }) => service)).toEqual(['cart'])
  })
})

test('reasons are counted, and figures without a request are NaN', () => {
  const tally = overheads([madeTrace(madeSpan({ spanId: 'a' }), madeSpan({ spanId: 'b' }))])
  const none = { requests: 0, p50Us: Number.NaN, p95Us: Number.NaN, p99Us: Number.NaN }
  const inbound = { ...none, withheld: [{ reason: 'no-client-span', requests: 2 }] }
  expect(tally).toEqual([{ service: 'web', namespace: 'shop', inbound }])
})

describe('whatever the spans say', () => {
  const NODES = ['node-a', 'node-b'] as const
  const proxies = NODES.map((node) => ({ ...WEB_PROXY, tags: { ...WEB_PROXY.tags, 'k8s.node.name': node } }))
  const ids = fc.constantFrom('a', 'b', 'c', 'd', 'e')
  const spans: fc.Arbitrary<Span> = fc
    .record({
      spanId: ids,
      parentId: fc.option(ids, { nil: undefined }),
      kind: fc.constantFrom('server', 'client', 'internal', undefined),
      startUs: fc.integer({ min: 10_000, max: 20_000 }),
      durationUs: fc.integer({ min: 0, max: 5_000 }),
      process: fc.constantFrom(...proxies),
      tags: fc.record({ direction: fc.constantFrom('inbound', 'outbound') }),
    })
    .map(madeSpan)
  const traces = fc.array(spans, { maxLength: 8 }).map((all) => madeTrace(...all))
  const figuresOf = (trace: Trace): OverheadFigures[] =>
    overheads([trace]).flatMap(({ inbound, outbound }) => [inbound, outbound].filter((one) => one !== undefined))

  test('no overhead is negative, and every reason has its sentence', () => {
    fc.assert(
      fc.property(traces, (trace) => {
        for (const { requests, p50Us, withheld } of figuresOf(trace)) {
          if (requests > 0) expect(p50Us).toBeGreaterThanOrEqual(0)
          for (const { reason } of withheld) expect(WITHHELD_REASONS).toHaveProperty(reason)
        }
      }),
      { numRuns: RUNS },
    )
  })

  test('spans that Jaeger has moved, each by itself, change no figure: they are the same, or withheld', () => {
    const shop = shopTraces({ spans: 500 })
    const saidOf = (trace: Trace) =>
      new Map(
        requestOverheads(trace).map((said) => [said.span.spanId, 'addedUs' in said ? said.addedUs : said.withheld]),
      )
    fc.assert(
      fc.property(
        fc.constantFrom(...shop.traces),
        fc.infiniteStream(fc.integer({ min: -9_000, max: 9_000 })),
        (trace, by) => {
          const moved = trace.spans.map((span) => ({ ...span, startUs: span.startUs + Number(by.next().value) }))
          const right = saidOf(trace)
          for (const [spanId, said] of saidOf({ ...trace, spans: moved })) {
            expect([right.get(spanId), 'overlapping-tries']).toContain(said)
          }
        },
      ),
      { numRuns: RUNS / 4 },
    )
  })

  test('a node whose clock is shifted changes nothing of the figures of requests within it', () => {
    // Ids of one node only refer to that node: a proxy’s spans of a request are made by one process.
    const within = fc.array(spans, { maxLength: 8 }).map((all) =>
      all.map((span) => {
        const node = span.process.tags['k8s.node.name'] ?? ''
        const parentId = span.parentId === undefined ? undefined : `${span.parentId}${node}`
        return { ...span, spanId: `${span.spanId}${node}`, parentId }
      }),
    )
    fc.assert(
      fc.property(within, fc.integer({ min: -5_000, max: 1e9 }), (all, ahead) => {
        const shifted = all.map((span) =>
          span.process === proxies[0] ? { ...span, startUs: span.startUs + ahead } : span,
        )
        expect(figuresOf(madeTrace(...shifted))).toEqual(figuresOf(madeTrace(...all)))
      }),
      { numRuns: RUNS },
    )
  })
})
