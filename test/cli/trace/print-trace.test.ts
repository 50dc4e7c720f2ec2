import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { textWidth } from '../../../src/cli/text-width.ts'
import { layOutTrace } from '../../../src/cli/trace/lay-out-trace.ts'
import { printTrace, type TraceLook } from '../../../src/cli/trace/print-trace.ts'
import { traceReport } from '../../../src/cli/trace/trace-report.ts'
import { drawWaterfall } from '../../../src/cli/trace/waterfall.ts'
import type { Span, Trace } from '../../../src/spans/span.ts'
import { madeSpan, madeTrace } from '../../spans/made-spans.ts'
import { shopTraces } from '../../traces/shop-traces.ts'

const golden = (name: string) => join(import.meta.dirname, 'golden', name)
const LOOK: TraceLook = { columns: 100, maxRows: 200, hasColour: false, hasUnicode: true }
const print = (trace: Trace, look: Partial<TraceLook> = {}) => printTrace(layOutTrace(trace), { ...LOOK, ...look })

/** A checkout with a retry, by three clocks of which one is 7 s ahead. */
const shop = shopTraces({ spans: 3_000, aheadUs: { 'node-b': 7_000_000 } })
const isRetried = ({ traceId, spans }: Trace) =>
  spans.some(({ process }) => process.service === 'payment') &&
  spans.some(({ spanId }) => shop.overheads.some((made) => made.spanId === spanId && made.tries > 1)) &&
  traceId !== ''
const checkout = shop.traces.find(isRetried) as Trace

describe('a trace with a retry and a clock that is ahead', () => {
  test('on a wide terminal', async () => {
    await expect(print(checkout)).toMatchFileSnapshot(golden('checkout.txt'))
  })

  test('on a narrow one', async () => {
    await expect(print(checkout, { columns: 50 })).toMatchFileSnapshot(golden('checkout-50.txt'))
  })

  test('without room for bars', async () => {
    await expect(print(checkout, { columns: 36 })).toMatchFileSnapshot(golden('checkout-36.txt'))
  })

  test('in ASCII: nothing else is in it, and the lines are as wide', async () => {
    const text = print(checkout, { hasUnicode: false })
    await expect(text).toMatchFileSnapshot(golden('checkout-ascii.txt'))
    expect(text).toMatch(/^\p{ASCII}*$/u)
    expect(text.split('\n').map(textWidth)).toEqual(print(checkout).split('\n').map(textWidth))
  })

  test('in colours: the same text', async () => {
    const text = print(checkout, { hasColour: true })
    await expect(text.replaceAll('\u001b', '^')).toMatchFileSnapshot(golden('checkout-colours.txt'))
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what colours are switched by
    expect(text.replaceAll(/\u001b\[\d+m/g, '')).toBe(print(checkout))
  })

  test('as JSON', async () => {
    const text = `${JSON.stringify(traceReport(layOutTrace(checkout)), null, 2)}\n`
    await expect(text).toMatchFileSnapshot(golden('checkout.json.txt'))
  })
})

describe('a line has room', () => {
  test('for a name in letters of two columns, whole', () => {
    expect(print(madeTrace(madeSpan({ spanId: 'a', operation: '/商店街の店' })))).toMatch(
      /^web {2}proxy in {2}\/商店街の店 ▓/m,
    )
  })

  test('for bars beside a long mark, which is cut', () => {
    const tags = { 'http.response.status_code': 'x'.repeat(200) }
    const text = print(madeTrace(madeSpan({ spanId: 'a', isError: true, tags })))
    expect(text).toMatch(/^web {2}proxy in {2}\/ ▓{16,} × 1 ms failed x{16}…$/m)
  })

  test('however deep it is: then a number says how deep', () => {
    const parentOf = (index: number) => (index === 0 ? undefined : `${index - 1}`)
    const chain = Array.from({ length: 150 }, (_, index) => madeSpan({ spanId: `${index}`, parentId: parentOf(index) }))
    expect(print(madeTrace(...chain), { columns: 50 })).toMatch(/^ +\+149 web /m)
  })
})

test('services of one name in two Namespaces are two', () => {
  const other = { service: 'web', tags: { 'k8s.namespace.name': 'staging' } }
  const text = print(
    madeTrace(madeSpan({ spanId: 'a' }), madeSpan({ spanId: 'b', parentId: 'a', durationUs: 10, process: other })),
  )
  expect(text).toContain(': 2 spans of 2 services, 0 failed')
})

describe('what is not sure is said', () => {
  test('spans whose parents are missing, and that lie at another time', () => {
    const text = print(
      madeTrace(
        madeSpan({ spanId: 'a', durationUs: 5_000 }),
        madeSpan({ spanId: 'b', parentId: 'gone', startUs: 1_002_000 }),
        madeSpan({ spanId: 'c', parentId: 'gone', startUs: 9_000_000, process: { service: 'far', tags: {} } }),
      ),
    )
    expect(text).toContain('5 ms from 1970')
    expect(text).toContain('Of 5 ms, the longest of 3 trees:')
    expect(text).toContain('note: 2 spans are without the parent that they name: ')
    expect(text).toContain('note: 1 span is at another time than the longest tree, shown at the edge\n')
  })

  test('calls that contradict each other', () => {
    const process = { service: 'cart', tags: { 'k8s.node.name': 'node-b' } }
    const called = (spanId: string, parentId: string, startUs: number) =>
      madeSpan({ spanId, parentId, startUs, durationUs: 100, process })
    const wait = (spanId: string) => madeSpan({ spanId, parentId: 'a', kind: 'client' })
    const spans = [madeSpan({ spanId: 'a', durationUs: 5_000 }), wait('b'), wait('c')]
    const text = print(madeTrace(...spans, called('d', 'b', 3_000_000), called('e', 'c', 5_000_000)))
    expect(text).toContain('(its calls contradict each other, so times between the two are not sure): corrected here')
  })

  test('10,000 spans are folded, and --all shows them', () => {
    const many = madeTrace(
      madeSpan({ spanId: 'a', durationUs: 90_000 }),
      ...Array.from({ length: 9_999 }, (_, index) =>
        madeSpan({ spanId: `b${index}`, parentId: 'a', startUs: 1_000_000 + 9 * index, isError: index === 5_000 }),
      ),
    )
    const text = print(many)
    expect(text.split('\n').length).toBeLessThan(215)
    expect(text).toContain(
      'note: 10000 spans are too many to show one by one: failed and long ones are; --all shows all',
    )
    expect(text).toMatch(/^ … 99\d\d more spans, folded .* ≤ +1 ms$/m)
    expect(text).toContain('failed')
    expect(print(many, { maxRows: Number.POSITIVE_INFINITY }).split('\n').length).toBeGreaterThan(10_000)
  })
})

describe('whatever the trace', () => {
  const ids = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')
  const names = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 60 }),
    fc.constantFrom('商店街の店', 'a\u001b[2Jb', '🛒🛒🛒'),
  )
  const spans: fc.Arbitrary<Span> = fc
    .record({
      spanId: ids,
      parentId: fc.option(ids, { nil: undefined }),
      operation: names,
      kind: fc.constantFrom('server', 'client', 'internal', undefined),
      startUs: fc.nat(100_000_000),
      durationUs: fc.oneof(fc.nat(5_000), fc.nat(1e12)),
      isError: fc.boolean(),
      process: fc.record({ service: names, tags: fc.record({ 'k8s.node.name': fc.constantFrom('one', 'two') }) }),
    })
    .map(madeSpan)
  const traces = fc.array(spans, { minLength: 1, maxLength: 12 }).map((all) => madeTrace(...all))

  test('no line of the waterfall is wider than asked for, and none has a control character', () => {
    fc.assert(
      fc.property(
        traces,
        fc.integer({ min: 20, max: 200 }),
        fc.integer({ min: 3, max: 20 }),
        (trace, columns, maxRows) => {
          const lines = drawWaterfall(layOutTrace(trace), { columns, maxRows, hasColour: false })
          expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(columns)
          expect(lines.join('')).not.toMatch(/\p{Control}/u)
        },
      ),
      { numRuns: Number(process.env['FUZZ_RUNS'] ?? 1_000) },
    )
  })
})
