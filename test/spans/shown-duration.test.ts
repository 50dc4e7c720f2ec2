import { expect, test } from 'vitest'
import { shownDuration } from '../../src/spans/shown-duration.ts'

test.each([
  [0, '0 µs'],
  [7, '7 µs'],
  [999, '999 µs'],
  [1_000, '1 ms'],
  [1_375, '1.38 ms'],
  [12_345, '12.3 ms'],
  [999_499, '999 ms'],
  [999_600, '1 s'],
  [61_000_000, '61 s'],
  [3_612_345_678, '3610 s'],
  [-3_200, '-3.2 ms'],
  [Number.NaN, '-'],
])('%s µs are shown as %s', (us, shown) => {
  expect(shownDuration(us)).toBe(shown)
})
