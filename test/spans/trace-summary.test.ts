import { describe, expect, test } from 'vitest'
import { summarizeTrace } from '../../src/spans/trace-summary.ts'
import { shopTraces } from '../traces/shop-traces.ts'
import { madeSpan, madeTrace } from './made-spans.ts'

const root = madeSpan({
  spanId: '1',
  operation: 'GET /',
  startUs: 100,
  durationUs: 50,
  tags: {},
  process: { service: 'ingress', tags: {} },
})
const proxy = madeSpan({ spanId: '2', parentId: '1', startUs: 110, durationUs: 60, isError: true })

test('a trace begins where its root does, and ends with its last span', () => {
  expect(summarizeTrace(madeTrace(proxy, root))).toEqual({
    traceId: '0af7651916cd43dd8448eb211c80319c',
    startUs: 100,
    durationUs: 70,
    service: 'ingress',
    namespace: undefined,
    operation: 'GET /',
    spans: 2,
    services: 2,
    errors: 1,
  })
})

test('also when a longer part of it has lost its parent', () => {
  const lost = madeSpan({ spanId: '4', parentId: '9', startUs: 120, durationUs: 900 })
  expect(summarizeTrace(madeTrace(lost, root))).toMatchObject({ service: 'ingress', durationUs: 920 })
})

test('without its root it begins with the longest of what is there', () => {
  const later = madeSpan({ spanId: '3', parentId: '9', operation: '/short', durationUs: 5 })
  expect(summarizeTrace(madeTrace(later, proxy))).toMatchObject({ service: 'web', namespace: 'shop', operation: '/' })
  expect(summarizeTrace(madeTrace())).toBeUndefined()
})

describe('by clocks that do not agree', () => {
  const far = { service: 'cart', tags: { 'k8s.node.name': 'node-b' } }
  const wait = madeSpan({ spanId: '5', kind: 'client', startUs: 1_000_000, durationUs: 1_000 })
  const called = madeSpan({ spanId: '6', parentId: '5', durationUs: 400, process: far })

  test.each([7_000_000, -7_000_000])('a trace is as long as it was, with one %i µs ahead', (aheadUs) => {
    const trace = madeTrace(wait, { ...called, startUs: 1_000_300 + aheadUs })
    expect(summarizeTrace(trace)).toMatchObject({ startUs: 1_000_000, durationUs: 1_000 })
  })

  test('so is every trace of a shop, spans missing or not', () => {
    const durations = (aheadUs: Record<string, number>) =>
      shopTraces({ spans: 5_000, missing: 10, aheadUs }).traces.map((trace) => summarizeTrace(trace)?.durationUs)
    expect(durations({ 'node-b': 7_000_000, 'node-c': -3_200_000 })).toEqual(durations({}))
  })

  test('what comes later by a clock that is known counts', () => {
    const later = madeSpan({ spanId: '7', parentId: '9', startUs: 3_000_000, durationUs: 500 })
    const onFar = { ...later, spanId: '8', startUs: 11_000_000, process: far }
    expect(summarizeTrace(madeTrace(wait, later))).toMatchObject({ startUs: 1_000_000, durationUs: 2_000_500 })
    const through = madeTrace(wait, { ...called, startUs: 8_000_300 }, onFar)
    expect(summarizeTrace(through)).toMatchObject({ startUs: 1_000_000, durationUs: 3_000_500 })
  })

  test('what lies apart by a clock that nothing is known of does not', () => {
    const apart = madeSpan({ spanId: '7', parentId: '9', startUs: 8_000_000, process: far })
    expect(summarizeTrace(madeTrace(wait, apart))).toMatchObject({ startUs: 1_000_000, durationUs: 1_000, spans: 2 })
    const beside = { ...apart, startUs: 1_000_900 }
    expect(summarizeTrace(madeTrace(wait, beside))).toMatchObject({ startUs: 1_000_000, durationUs: 1_900 })
  })
})

test('spans that were sent twice are counted once', () => {
  const failed = { ...root, isError: true }
  expect(summarizeTrace(madeTrace(failed, { ...failed }))).toMatchObject({ spans: 1, errors: 1 })
})
