// The made traces that other tests compute with.
import { expect, test } from 'vitest'
import { spanOrigin } from '../../src/spans/proxy-span.ts'
import { shopTraces } from './shop-traces.ts'

const made = shopTraces({ spans: 2_000 })

test('the same options give the same traces, another seed others', () => {
  expect(shopTraces({ spans: 2_000 }).traces).toEqual(made.traces)
  expect(shopTraces({ spans: 2_000, seed: 2 }).spans[0]?.traceId).not.toBe(made.spans[0]?.traceId)
})

test('there is each kind of span, and what goes wrong', () => {
  const origins = new Set(made.spans.map((span) => Object.values(spanOrigin(span)).join(' ')))
  expect([...origins].toSorted()).toEqual([
    'application',
    'control-plane',
    'proxy inbound client',
    'proxy inbound server',
    'proxy outbound client',
    'proxy outbound server',
  ])
  expect(made.overheads.some(({ tries }) => tries > 1)).toBe(true)
  expect(made.spans.some(({ isError }) => isError)).toBe(true)
  expect(made.spans.some(({ process }) => process.service === 'linkerd-proxy')).toBe(true)
  const idsOf = new Set(made.spans.map(({ traceId, spanId }) => `${traceId} ${spanId}`))
  expect(idsOf.size).toBeLessThan(made.spans.length)
})

test('a node’s clock moves its spans and nothing else', () => {
  const skewed = shopTraces({ spans: 2_000, aheadUs: { 'node-b': 7_000 } })
  const ahead = skewed.spans.map(({ startUs }, index) => startUs - (made.spans[index]?.startUs ?? 0))
  expect(new Set(ahead)).toEqual(new Set([0, 7_000]))
  expect(skewed.spans.map(({ durationUs }) => durationUs)).toEqual(made.spans.map(({ durationUs }) => durationUs))
})

test('some spans never arrive where that is asked for', () => {
  const { spans, overheads } = shopTraces({ spans: 2_000, missing: 200 })
  const servers = new Set(spans.map(({ spanId }) => spanId))
  const lost = overheads.filter(({ spanId }) => !servers.has(spanId)).length
  expect(lost / overheads.length).toBeGreaterThan(0.15)
  expect(lost / overheads.length).toBeLessThan(0.25)
})

test('the requests carry each span once', () => {
  const sent = [...made.requests()].flat().flatMap(({ spans }) => spans)
  const key = ({ traceId, spanId, kind }: { traceId: string; spanId: string; kind: unknown }) =>
    `${traceId} ${spanId} ${kind}`
  const kinds = { 1: 'internal', 2: 'server', 3: 'client' } as Record<number, string>
  const asSent = sent.map((span) => key({ ...span, kind: kinds[span.kind] })).toSorted()
  expect(asSent).toEqual(made.spans.map(key).toSorted())
})
