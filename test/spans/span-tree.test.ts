import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Span } from '../../src/spans/span.ts'
import { nodesOf, type SpanNode, spanTrees } from '../../src/spans/span-tree.ts'
import { shopTraces } from '../traces/shop-traces.ts'
import { madeSpan, madeTrace } from './made-spans.ts'

/** The trees as text: `a(b c(d))`, with `?` before what lacks its parent. */
function shown(...spans: readonly Span[]): string {
  const text = ({ span, children, lacksParent }: SpanNode): string => {
    const below = children.map(text).join(' ')
    return `${lacksParent ? '?' : ''}${span.operation}${below === '' ? '' : `(${below})`}`
  }
  return spanTrees(madeTrace(...spans))
    .map(text)
    .join(' ')
}

const span = (spanId: string, parentId?: string, fields: Partial<Span> = {}) =>
  madeSpan({ spanId, parentId, operation: spanId, kind: 'internal', ...fields })

describe('a trace becomes', () => {
  test('one tree, children in the order in which they begin', () => {
    const late = span('b', 'a', { startUs: 2_000_000 })
    expect(shown(late, span('c', 'a'), span('d', 'c'), span('a'))).toBe('a(c(d) b)')
  })

  test('several trees where parents are missing, the longest first', () => {
    const long = span('b', 'gone', { durationUs: 5_000 })
    expect(shown(span('a'), long, span('c', 'b'))).toBe('?b(c) a')
  })

  test('no longer one for a span that was stored twice', () => {
    expect(shown(span('a'), span('b', 'a'), span('b', 'a'))).toBe('a(b)')
  })

  test('and two different spans of one id are both there', () => {
    expect(shown(span('a'), span('b', 'a'), span('b', 'a', { durationUs: 5 }), span('c', 'b'))).toBe('a(b(c) b)')
  })
})

describe('with B3 a server span may have its client’s id', () => {
  const spans = [
    span('a'),
    span('b', 'a', { kind: 'client', operation: 'call' }),
    span('b', 'a', { kind: 'server', operation: 'served' }),
    span('c', 'b'),
  ]

  test('it is below the client span, and what it did is below it', () => {
    expect(shown(...spans)).toBe('a(call(served(c)))')
    expect(shown(...spans.toReversed())).toBe('a(call(served(c)))')
  })

  test('also where it names its client as parent', () => {
    expect(shown(span('b', 'a', { kind: 'client', operation: 'call' }), span('b', 'b', { kind: 'server' }))).toBe(
      '?call(b)',
    )
  })

  test('spans that serve nobody are not moved', () => {
    expect(shown(span('a'), span('b', 'a', { kind: 'server' }), span('c', 'b'))).toBe('a(b(c))')
  })
})

describe('a circle of parents is cut', () => {
  test('of a span that is its own parent', () => {
    expect(shown(span('a', 'a'), span('b', 'a'))).toBe('?a(b)')
  })

  test('of several, with what hangs on it', () => {
    expect(shown(span('d', 'c'), span('a', 'c'), span('b', 'a'), span('c', 'b'))).toBe('?c(d a(b))')
  })
})

describe('whatever the ids', () => {
  const ids = fc.constantFrom('a', 'b', 'c', 'd', 'e')
  const kinds = fc.constantFrom('server', 'client', 'internal', undefined)
  const spans = fc.array(
    fc.record({ spanId: ids, parentId: fc.option(ids, { nil: undefined }), kind: kinds, startUs: fc.nat(99) }),
    { maxLength: 12 },
  )

  test('each span is in one tree, once', () => {
    fc.assert(
      fc.property(spans, (fields) => {
        // Their durations tell them apart: none is another one’s repetition.
        const all = fields.map((one, index) => madeSpan({ ...one, durationUs: index }))
        const found = [...nodesOf(spanTrees(madeTrace(...all)))].map((node) => node.span.durationUs)
        expect(found.toSorted((a, b) => a - b)).toEqual(all.map(({ durationUs }) => durationUs))
      }),
      { numRuns: Number(process.env['FUZZ_RUNS'] ?? 2_000) },
    )
  })
})

test('a trace without losses is one tree, the joined spans of B3 included', () => {
  for (const trace of shopTraces({ spans: 3_000 }).traces) expect(spanTrees(trace)).toHaveLength(1)
})

test('a span may have 150,000 children', () => {
  const leaf: SpanNode = { span: span('b', 'a'), children: [], lacksParent: false }
  const root = { ...leaf, children: Array<SpanNode>(150_000).fill(leaf) }
  expect([...nodesOf([root])]).toHaveLength(150_001)
})

test('50,000 spans below each other, or all of one id, take no longer than others', () => {
  const chain = Array.from({ length: 50_000 }, (_, index) => span(`${index}`, index === 0 ? undefined : `${index - 1}`))
  expect([...nodesOf(spanTrees(madeTrace(...chain)))]).toHaveLength(50_000)
  const alike = chain.map((one, index) => ({ ...one, spanId: 'a', parentId: 'a', durationUs: index }))
  expect([...nodesOf(spanTrees(madeTrace(...alike)))]).toHaveLength(50_000)
})
