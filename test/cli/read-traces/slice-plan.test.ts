import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createSlicePlan, halvesOf, type Slice } from '../../../src/cli/read-traces/slice-plan.ts'

/** All slices, when so many traces are found in each. */
function slicesOf(all: Slice, found: (slice: Slice) => number): Slice[] {
  const plan = createSlicePlan(all, () => 100)
  const slices: Slice[] = []
  for (let slice = plan.next(); slice !== undefined; slice = plan.next()) {
    slices.push(slice)
    plan.found(slice, found(slice))
  }
  return slices
}

const range = fc
  .tuple(fc.nat({ max: 1e9 }), fc.nat({ max: 4_000_000_000 }))
  .map(([fromUs, width]) => ({ fromUs, untilUs: fromUs + width }))

test('slices follow each other without a gap, from the newest end to the oldest', () => {
  fc.assert(
    fc.property(range, fc.infiniteStream(fc.constantFrom(0, 1, 50, 150)), (all, counts) => {
      const slices = slicesOf(all, () => counts.next().value)
      expect(slices[0]?.untilUs).toBe(all.untilUs)
      expect(slices.at(-1)?.fromUs).toBe(all.fromUs)
      for (const [index, { fromUs }] of slices.slice(0, -1).entries()) expect(slices[index + 1]?.untilUs).toBe(fromUs)
    }),
    // Slices of a few traces each are many.
    { numRuns: 30 },
  )
})

test('slices grow where little is found, and are half full where much is', () => {
  const hour = { fromUs: 0, untilUs: 3_600_000_000 }
  expect(slicesOf(hour, () => 0).length).toBeLessThan(5)
  // Ten traces a second: 5 s each.
  const widths = slicesOf(hour, ({ fromUs, untilUs }) => (untilUs - fromUs) / 100_000).map(
    ({ fromUs, untilUs }) => untilUs - fromUs,
  )
  expect(widths.slice(1, -1).every((width) => Math.abs(width - 5_000_000) <= 1)).toBe(true)
})

test('halves share the microsecond between them, as spans begin within it too', () => {
  expect(halvesOf({ fromUs: 10, untilUs: 20 })).toEqual([
    { fromUs: 15, untilUs: 20 },
    { fromUs: 10, untilUs: 15 },
  ])
  expect(halvesOf({ fromUs: 10, untilUs: 12 })).toHaveLength(2)
  expect(halvesOf({ fromUs: 10, untilUs: 11 })).toEqual([])
})
