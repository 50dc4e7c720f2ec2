import fc from 'fast-check'
import { expect, test } from 'vitest'
import { percentileOf, percentilesOf } from '../../src/spans/percentile.ts'

/** By the definition: the smallest value that at least so many percent of all do not exceed. */
function byDefinition(values: readonly number[], percent: number): number | undefined {
  return [...values]
    .sort((a, b) => a - b)
    .find((value) => values.filter((one) => one <= value).length * 100 >= percent * values.length)
}

test('a percentile is the smallest value that so many percent do not exceed', () => {
  const values = fc.array(fc.nat({ max: 50 }), { minLength: 1, maxLength: 120 })
  fc.assert(
    fc.property(values, fc.constantFrom(1, 50, 90, 95, 99, 100), (some, percent) => {
      const ascending = some.toSorted((a, b) => a - b)
      expect(percentileOf(ascending, percent)).toBe(byDefinition(some, percent))
    }),
  )
})

test('95 % of 20 are 19, in whatever order they come', () => {
  const twenty = Array.from({ length: 20 }, (_, index) => index + 1)
  expect(percentilesOf(twenty.toReversed())).toEqual({ p50Us: 10, p95Us: 19, p99Us: 20 })
})

test('numbers are sorted as numbers, and of none there is no percentile', () => {
  expect(percentilesOf([9, 10, 100]).p50Us).toBe(10)
  expect(percentilesOf([])).toEqual({ p50Us: Number.NaN, p95Us: Number.NaN, p99Us: Number.NaN })
})
