import { expect, test } from 'vitest'
import { fitSlope, median, quantile } from '../../bench/statistics.ts'

test('a quantile is one of the values, by nearest rank', () => {
  const values = [40, 10, 30, 20]
  expect([0, 0.25, 0.5, 0.75, 0.99, 1].map((part) => quantile(values, part))).toEqual([10, 10, 20, 30, 40, 40])
  expect(median([3, 1, 2])).toBe(2)
})

const series = (rise: number, noise: (index: number) => number) =>
  Array.from({ length: 40 }, (_, index) => [index * 1_000, 5e6 + rise * index * 1_000 + noise(index)] as const)

test('the slope of a straight line is its rise, and certain', () => {
  const { slope, within } = fitSlope(series(3, () => 0))
  expect(slope).toBeCloseTo(3, 9)
  expect(within).toBeCloseTo(0, 6)
})

test('a rise that noise hides is within the bounds; one that stands out of it is outside of those of no rise', () => {
  const noise = (index: number) => 20_000 * Math.sin(index * 7.3)
  const flat = fitSlope(series(0, noise))
  expect(Math.abs(flat.slope)).toBeLessThan(flat.within)
  const leak = fitSlope(series(10, noise))
  expect(leak.slope - leak.within).toBeGreaterThan(0)
  expect(Math.abs(leak.slope - 10)).toBeLessThan(leak.within)
})
