import { expect, test } from 'vitest'
import { createPatchPace } from '../../src/kubernetes/patch-pace.ts'

test('the first patch goes out at once, each further one waits twice as long, up to a bound', () => {
  const pace = createPatchPace({ firstMs: 100, maxMs: 800 })
  let now = 5_000
  const pauses = Array.from({ length: 6 }, () => {
    const pause = pace.pauseAt(now)
    now += pause
    pace.onPatch(now)
    return pause
  })
  expect(pauses).toEqual([0, 100, 200, 400, 800, 800])
  expect(pace.streak()).toBe(6)
})

test('time that has passed since counts, and after a long quiet it begins anew', () => {
  const pace = createPatchPace({ firstMs: 100, maxMs: 800 })
  pace.onPatch(0)
  pace.onPatch(0)
  expect(pace.pauseAt(150)).toBe(50)
  expect(pace.pauseAt(1_000)).toBe(0)
  expect(pace.streak()).toBe(2)
  expect(pace.pauseAt(1_601)).toBe(0)
  expect(pace.streak()).toBe(0)
})
