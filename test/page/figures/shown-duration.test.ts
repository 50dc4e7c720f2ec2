import { expect, test } from 'vitest'
import { shownDuration } from '../../../src/page/figures/shown-duration.ts'

test.each([
  [0, '0 µs'],
  [7, '7 µs'],
  [999, '999 µs'],
  [1_000, '1 ms'],
  [1_234, '1.23 ms'],
  [45_678, '45.7 ms'],
  [999_400, '999 ms'],
  [999_600, '1 s'],
  [1_000_000, '1 s'],
  [12_345_678, '12.3 s'],
  [3_600_000_000, '3600 s'],
  [null, '–'],
  [undefined, '–'],
])('%s µs is %s', (us, shown) => {
  expect(shownDuration(us)).toBe(shown)
})
