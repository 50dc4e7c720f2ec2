import { describe, expect, test } from 'vitest'
import { foldTrace } from '../../../src/cli/trace/fold-trace.ts'
import type { Span } from '../../../src/spans/span.ts'
import { spanTrees } from '../../../src/spans/span-tree.ts'
import { madeSpan, madeTrace } from '../../spans/made-spans.ts'

const startOf = ({ startUs }: Span) => startUs

/** The rows as text: name by depth, and what is folded. */
function rows(spans: readonly Span[], maxRows: number): string[] {
  return foldTrace(spanTrees(madeTrace(...spans)), { startOf, maxRows }).map((row) => {
    const indent = ' '.repeat(row.depth)
    if ('node' in row) return `${indent}${row.node.span.spanId}`
    const { spans: count, errors, longestUs } = row.folded
    return `${indent}${count} folded, ${errors} failed, ${longestUs}`
  })
}

const span = (spanId: string, parentId?: string, fields: Partial<Span> = {}) =>
  madeSpan({ spanId, parentId, durationUs: 100, ...fields })

test('each span has its row, children in the order in which they began', () => {
  const spans = [span('a'), span('c', 'a', { startUs: 2_000_000 }), span('b', 'a'), span('d', 'b')]
  expect(rows(spans, 4)).toEqual(['a', ' b', '  d', ' c'])
})

describe('where that makes too many', () => {
  test('the long ones stay, with all above them; the others of a parent are one row', () => {
    const spans = [
      span('a', undefined, { durationUs: 1_000 }),
      span('b', 'a', { durationUs: 200 }),
      span('c', 'b', { durationUs: 150 }),
      ...['d', 'e', 'f', 'g'].map((id) => span(id, 'a')),
    ]
    expect(rows(spans, 6)).toEqual(['a', ' b', '  1 folded, 0 failed, 150', ' 4 folded, 0 failed, 100'])
  })

  test('failed ones go before long ones', () => {
    const spans = [
      span('a', undefined, { durationUs: 1_000 }),
      span('b', 'a', { durationUs: 900 }),
      ...['c', 'd', 'e', 'f'].map((id) => span(id, 'a', { isError: id === 'e' })),
    ]
    expect(rows(spans, 5)).toEqual(['a', ' e', ' 4 folded, 0 failed, 900'])
  })

  test('a row that folds failed ones says how many', () => {
    const spans = [
      span('a', undefined, { durationUs: 900 }),
      ...['b', 'c'].map((id) => span(id, 'a', { isError: true })),
    ]
    expect(rows(spans, 2)).toEqual(['3 folded, 2 failed, 900'])
  })

  test.each([
    ['below each other', (index: number) => `${index - 1}`],
    ['beside each other', () => '0'],
    ['each a tree of its own', (index: number) => `gone ${index}`],
  ])('50,000 spans %s become no more rows than asked for, and none is lost', (_what, parentOf) => {
    const spans = Array.from({ length: 50_000 }, (_, index) =>
      span(`${index}`, index === 0 ? undefined : parentOf(index), { isError: index % 100 === 99 }),
    )
    const folded = foldTrace(spanTrees(madeTrace(...spans)), { startOf, maxRows: 200 })
    expect(folded.length).toBeLessThanOrEqual(200)
    const counts = folded.map((row) => ('node' in row ? 1 : row.folded.spans))
    expect(counts.reduce((a, b) => a + b, 0)).toBe(50_000)
  })
})
