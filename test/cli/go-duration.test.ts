import { expect, test } from 'vitest'
import { parseGoDuration } from '../../src/cli/go-duration.ts'

test.each([
  ['5m0s', 300_000],
  ['0s', 0],
  ['0', 0],
  ['1h30m', 5_400_000],
  ['1.5s', 1_500],
  ['300ms', 300],
  ['1µs', 0.001],
  ['5', undefined],
  ['', undefined],
  ['-1s', undefined],
  ['1d', undefined],
  ['1s ', undefined],
])('%j is %s ms', (text, ms) => {
  expect(parseGoDuration(text)).toBe(ms)
})
