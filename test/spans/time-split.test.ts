import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Span } from '../../src/spans/span.ts'
import { type SpanNode, spanTrees } from '../../src/spans/span-tree.ts'
import { TIME_PARTS, type TimeSplit, timeSplit } from '../../src/spans/time-split.ts'
import { shopTraces } from '../traces/shop-traces.ts'
import { madeSpan, madeTrace, WEB_PROXY } from './made-spans.ts'

const APP = { service: 'web', tags: { 'k8s.container.name': 'app' } }
const start = ({ startUs }: Span) => startUs

function split(...spans: readonly Span[]): Partial<TimeSplit> {
  const [root] = spanTrees(madeTrace(...spans))
  if (root === undefined) throw new Error('There is no span.')
  return Object.fromEntries(Object.entries(timeSplit(root, start)).filter(([, us]) => us !== 0))
}

/** From and until in microseconds after the first span’s begin. */
const at = (fromUs: number, untilUs: number) => ({ startUs: 1_000_000 + fromUs, durationUs: untilUs - fromUs })
const inbound = { tags: { direction: 'inbound' } }
const outbound = { tags: { direction: 'outbound' } }

describe('the time of a request goes', () => {
  test('to the proxy as long as it does not wait, to the application as long as the inbound proxy waits', () => {
    const spans = [
      madeSpan({ spanId: 'a', ...inbound, ...at(0, 1_000) }),
      madeSpan({ spanId: 'b', parentId: 'a', kind: 'client', ...inbound, ...at(200, 900) }),
    ]
    expect(split(...spans)).toEqual({ proxy: 300, application: 700 })
  })

  const call = [
    madeSpan({ spanId: 'a', kind: 'client', process: APP, ...at(0, 1_000) }),
    madeSpan({ spanId: 'b', parentId: 'a', ...outbound, ...at(100, 900) }),
    madeSpan({ spanId: 'c', parentId: 'b', kind: 'client', ...outbound, ...at(150, 850) }),
  ]

  test('to the application while it calls its own proxy', () => {
    expect(split(...call)).toEqual({ application: 200, proxy: 100, unseen: 700 })
  })

  test('to the network between two proxies, and to nobody where the other one sent no span', () => {
    const other = { ...WEB_PROXY, service: 'cart' }
    const called = madeSpan({ spanId: 'd', parentId: 'c', process: other, ...inbound, ...at(400, 600) })
    expect(split(...call, called)).toEqual({ application: 200, proxy: 300, network: 500 })
  })

  test('to the network before an application without a proxy', () => {
    const called = madeSpan({
      spanId: 'd',
      parentId: 'c',
      process: { ...APP, service: 'db' },
      ...at(400, 600),
    })
    expect(split(...call, called)).toEqual({ application: 400, proxy: 100, network: 500 })
  })

  test('to the control plane', () => {
    const process = { service: 'linkerd-identity', tags: { 'k8s.container.name': 'identity' } }
    expect(split(madeSpan({ spanId: 'a', process }))).toEqual({ 'control-plane': 1_000 })
  })

  test('to the calls that were waited for: of those at the same time the one that ended last', () => {
    const app = { kind: 'internal', process: APP } as const
    // What c takes is waited for until 900, b only until c begins.
    const spans = [
      madeSpan({ spanId: 'a', ...app, ...at(0, 1_000) }),
      madeSpan({ spanId: 'b', parentId: 'a', ...outbound, ...at(100, 600) }),
      madeSpan({ spanId: 'c', parentId: 'a', ...app, ...at(300, 900) }),
    ]
    expect(split(...spans)).toEqual({ application: 800, proxy: 200 })
  })

  test('to a call that goes on afterwards only as long as it was waited for', () => {
    const app = madeSpan({ spanId: 'a', process: APP, ...at(0, 1_000) })
    expect(split(app, madeSpan({ spanId: 'b', parentId: 'a', ...outbound, ...at(900, 5_000) }))).toEqual({
      application: 900,
      proxy: 100,
    })
  })
})

test('every part has its sentence', () => {
  const root = spanTrees(madeTrace(madeSpan({ spanId: 'a' })))[0]
  expect(Object.keys(root === undefined ? {} : timeSplit(root, start))).toEqual(Object.keys(TIME_PARTS))
})

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0)

test('whatever the spans, the parts make up the whole, and none is negative', () => {
  const ids = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')
  const spans = fc.array(
    fc.record({
      spanId: ids,
      parentId: ids,
      kind: fc.constantFrom('server', 'client', undefined),
      startUs: fc.integer({ min: 1_000, max: 2_000 }),
      durationUs: fc.nat(1_000),
    }),
    { minLength: 1, maxLength: 10 },
  )
  fc.assert(
    fc.property(spans, (fields) => {
      const [root] = spanTrees(madeTrace(...fields.map(madeSpan)))
      const parts = root === undefined ? [] : Object.values(timeSplit(root, start))
      expect(sum(parts)).toBe(root?.span.durationUs)
      expect(Math.min(...parts)).toBeGreaterThanOrEqual(0)
    }),
    { numRuns: Number(process.env['FUZZ_RUNS'] ?? 2_000) },
  )
})

test('in a shop’s requests without calls at the same time it is just what each proxy added', () => {
  const shop = shopTraces({ spans: 5_000 })
  const addedUs = new Map(shop.overheads.map((made) => [made.spanId, made.addedUs]))
  const inSequence = shop.traces.filter(({ spans }) => !spans.some(({ process }) => process.service === 'cart'))
  expect(inSequence.length).toBeGreaterThan(100)
  for (const trace of inSequence) {
    const [root] = spanTrees(trace)
    const proxies = trace.spans.filter(({ kind }) => kind === 'server')
    const added = sum(proxies.map(({ spanId }) => addedUs.get(spanId) ?? 0))
    expect(root && timeSplit(root, start).proxy).toBe(added)
  }
})

test('a tree of 50,000 spans below each other is no trouble', () => {
  const chain = Array.from({ length: 50_000 }, (_, index) =>
    madeSpan({ spanId: `${index}`, parentId: index === 0 ? undefined : `${index - 1}` }),
  )
  expect(split(...chain)).toEqual({ proxy: 1_000 })
})

test('nor is a span with 150,000 children', () => {
  const nodeOf = (children: readonly SpanNode[], fromUs: number, untilUs: number): SpanNode => ({
    ...{ span: madeSpan({ spanId: 'a', ...at(fromUs, untilUs) }), children, lacksParent: false },
  })
  const children = Array.from({ length: 150_000 }, (_, index) => nodeOf([], index, index + 1))
  expect(timeSplit(nodeOf(children, 0, 150_000), start)).toMatchObject({ proxy: 150_000 })
})
