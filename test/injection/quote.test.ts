import { expect, test } from 'vitest'
import { quote } from '../../src/injection/quote.ts'

test.each([
  ['plain', '"plain"'],
  ['a"b\\c', '"a\\"b\\\\c"'],
  ['a\nb\tc\u0000', '"a\\nb\\tc\\u0000"'],
  ['\u007f\u0085\u2028\u202e\ufeff', '"\\u007f\\u0085\\u2028\\u202e\\ufeff"'],
  ['\ud800x', '"\\ud800x"'],
  ['größe 😀', '"größe 😀"'],
  ['x'.repeat(60), `"${'x'.repeat(60)}"`],
  ['x'.repeat(61), `"${'x'.repeat(60)}…"`],
  ['語'.repeat(40), `"${'語'.repeat(33)}…"`],
  [`${'x'.repeat(59)}\n`, `"${'x'.repeat(59)}…"`],
])('%j', (text, quoted) => {
  expect(quote(text)).toBe(quoted)
})
