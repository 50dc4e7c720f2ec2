import { describe, expect, test } from 'vitest'
import { clockSkews } from '../../src/spans/clock-skew.ts'
import type { Span, SpanProcess } from '../../src/spans/span.ts'
import { clocksOf } from '../../src/spans/span-clock.ts'
import { spanTrees } from '../../src/spans/span-tree.ts'
import { shopTraces } from '../traces/shop-traces.ts'
import { madeSpan, madeTrace } from './made-spans.ts'

const on = (node: string): SpanProcess => ({ service: 'web', tags: { 'k8s.node.name': node } })

/** A wait of 1,000 µs on `from`, and within it a call of 400 µs on `to`, whose clock says that it began so much later. */
function call(ids: readonly [string, string], [from, to]: readonly [string, string], laterUs: number): Span[] {
  const [wait, called] = ids
  const start = 1_000_000
  return [
    madeSpan({ spanId: wait, kind: 'client', startUs: start, durationUs: 1_000, process: on(from) }),
    madeSpan({ spanId: called, parentId: wait, startUs: start + laterUs, durationUs: 400, process: on(to) }),
  ]
}

function skews(...spans: readonly Span[]) {
  return Object.fromEntries(clockSkews(spanTrees(madeTrace(...spans)), clocksOf(spans)))
}

const RIGHT = { comparedWith: 'one', aheadUs: 0, withinUs: 0, isContradictory: false }

describe('a clock', () => {
  test('is right where every call lies within the wait for it', () => {
    expect(skews(...call(['a', 'b'], ['one', 'two'], 0))).toEqual({ one: RIGHT, two: RIGHT })
    expect(skews(...call(['a', 'b'], ['one', 'two'], 600))).toEqual({ one: RIGHT, two: RIGHT })
  })

  test('is ahead by what brings the call into the middle of the wait, more or less by half of the rest', () => {
    const { two } = skews(...call(['a', 'b'], ['one', 'two'], 7_000_000))
    expect(two).toEqual({ comparedWith: 'one', aheadUs: 7_000_000 - 300, withinUs: 300, isContradictory: false })
  })

  test('may be behind as well', () => {
    expect(skews(...call(['a', 'b'], ['one', 'two'], -5_000))['two']?.aheadUs).toBe(-5_300)
  })

  test('is known the better the more calls there are', () => {
    const both = [...call(['a', 'b'], ['one', 'two'], 7_000), ...call(['c', 'd'], ['one', 'two'], 7_500)]
    expect(skews(...both)['two']).toEqual({ comparedWith: 'one', aheadUs: 6_950, withinUs: 50, isContradictory: false })
  })

  test('is known from calls in the other direction too', () => {
    const { two } = skews(...call(['a', 'b'], ['one', 'two'], 7_000), ...call(['c', 'd'], ['two', 'one'], -6_600))
    expect(two).toEqual({ comparedWith: 'one', aheadUs: 6_800, withinUs: 200, isContradictory: false })
  })

  test('is known through another one', () => {
    const found = skews(...call(['a', 'b'], ['one', 'two'], 7_000), ...call(['c', 'd'], ['two', 'three'], 300))
    expect(found['three']?.aheadUs).toBe(found['two']?.aheadUs)
  })

  test('is compared with that of its own tree where no call leads to it from the first one', () => {
    const apart = call(['c', 'd'], ['three', 'four'], 7_000_000)
    const found = skews(...call(['a', 'b'], ['one', 'two'], 5_000), ...apart)
    expect(found['two']?.comparedWith).toBe('one')
    expect(found['three']).toEqual({ ...RIGHT, comparedWith: 'three' })
    expect(found['four']).toMatchObject({ comparedWith: 'three', aheadUs: 7_000_000 - 300 })
  })

  test('contradicts itself where no offset fits all calls; the middle is taken', () => {
    const both = [...call(['a', 'b'], ['one', 'two'], 7_000), ...call(['c', 'd'], ['one', 'two'], 9_000)]
    expect(skews(...both)['two']).toEqual({ comparedWith: 'one', aheadUs: 7_700, withinUs: 700, isContradictory: true })
  })

  test('is not judged by what nobody waited for', () => {
    const [wait, called] = call(['a', 'b'], ['one', 'two'], 9_000) as [Span, Span]
    expect(skews(wait, { ...called, durationUs: 2_000 })).toEqual({ one: RIGHT })
    expect(skews(wait, { ...called, kind: 'consumer' })).toEqual({ one: RIGHT })
    expect(skews({ ...wait, kind: 'producer' }, called)).toEqual({ one: RIGHT })
    expect(skews(wait, { ...called, isUnfinished: true })).toEqual({ one: RIGHT })
  })
})

describe('whose clock', () => {
  const clock = (...tags: Record<string, string>[]) => {
    const spans = tags.map((one, index) => madeSpan({ spanId: `${index}`, process: { service: 'web', tags: one } }))
    return spans.map(({ process }) => clocksOf(spans)(process))
  }

  test('the node’s, also for what names only a Pod that others of it place on a node', () => {
    expect(clock({ 'k8s.pod.name': 'web-0', 'k8s.node.name': 'one' }, { 'host.name': 'web-0' })).toEqual(['one', 'one'])
  })

  test('else the Pod’s, else the service’s', () => {
    expect(clock({ 'host.name': 'web-0' }, {})).toEqual(['web-0', 'web'])
  })
})

describe('in a whole shop', () => {
  const aheadUs = { 'node-b': 7_000_000, 'node-c': -3_200_000 }
  const real: Record<string, number> = { 'node-a': 0, 'ingress-0': 0, ...aheadUs }
  const found = shopTraces({ spans: 10_000, aheadUs }).traces.flatMap((trace) => {
    const clockOf = clocksOf(trace.spans)
    const trees = spanTrees(trace).slice(0, 1)
    const first = real[clockOf(trees[0]?.span.process ?? { service: '', tags: {} })] ?? 0
    const known = [...clockSkews(trees, clockOf)].filter(([clock]) => clock in real)
    return known.map(([clock, skew]) => ({ ...skew, realUs: (real[clock] ?? 0) - first }))
  })

  test('each clock is found, as exactly as it says', () => {
    expect(found.filter((skew) => skew.aheadUs !== 0).length).toBeGreaterThan(300)
    const off = ({ realUs, aheadUs: ahead, withinUs }: (typeof found)[number]) => Math.abs(realUs - ahead) > withinUs
    expect(found.filter(off)).toEqual([])
    expect(found.filter(({ isContradictory }) => isContradictory)).toEqual([])
  })

  test('and that is to milliseconds for most', () => {
    const widths = found.map(({ withinUs }) => withinUs).toSorted((a, b) => a - b)
    expect(widths[Math.floor(widths.length * 0.9)]).toBeLessThan(3_000)
  })
})
