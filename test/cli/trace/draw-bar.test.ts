import { expect, test } from 'vitest'
import { type BarCell, drawBar } from '../../../src/cli/trace/draw-bar.ts'
import type { Span } from '../../../src/spans/span.ts'
import { spanTrees } from '../../../src/spans/span-tree.ts'
import { madeSpan, madeTrace } from '../../spans/made-spans.ts'

const SCALE = { fromUs: 1_000_000, untilUs: 1_001_000, columns: 10, startOf: ({ startUs }: Span) => startUs }
const LETTERS: Partial<Record<BarCell, string>> = { wait: '-', proxy: '=' }

/** The bar of a proxy’s server span over ten columns of 100 µs, with children; each from and until. */
function bar(own: readonly [number, number], ...children: readonly (readonly [number, number])[]): string {
  const at = ([from, until]: readonly [number, number]) => ({ startUs: 1_000_000 + from, durationUs: until - from })
  const spans = [
    madeSpan({ spanId: 'a', ...at(own) }),
    ...children.map((child, index) => madeSpan({ spanId: `b${index}`, parentId: 'a', kind: 'client', ...at(child) })),
  ]
  const node = spanTrees(madeTrace(...spans)).find(({ span }) => span.spanId === 'a')
  return node === undefined
    ? ''
    : `|${drawBar(node, SCALE)
        .map((cell) => LETTERS[cell] ?? cell)
        .join('')}|`
}

test.each([
  ['all its own', bar([0, 1_000]), '|==========|'],
  ['where it lies', bar([200, 500]), '|  ===     |'],
  ['own time before, between and behind its calls', bar([0, 1_000], [200, 400], [600, 900]), '|==--==---=|'],
  ['calls at the same time', bar([0, 1_000], [200, 700], [300, 500]), '|==-----===|'],
  ['no own time at all', bar([0, 1_000], [0, 1_000]), '|----------|'],
  ['too little own time for a column: the longest of it is shown', bar([0, 1_000], [30, 990]), '|=---------|'],
  ['half a column is shown', bar([0, 1_000], [50, 950]), '|=--------=|'],
  ['too short to be seen: one column', bar([501, 502]), '|     =    |'],
  ['no time at all, at the end', bar([1_000, 1_000]), '|         =|'],
  ['a call that goes on behind it', bar([0, 500], [300, 900]), '|===--     |'],
  [
    'before and behind what is shown: at its edges',
    bar([-500, -400]) + bar([2_000, 3_000]),
    '|=         ||         =|',
  ],
])('%s', (_what, drawn, expected) => {
  expect(drawn).toBe(expected)
})
