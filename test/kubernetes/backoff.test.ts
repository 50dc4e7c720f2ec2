import { expect, test } from 'vitest'
import { backoffMs } from '../../src/kubernetes/backoff.ts'
import { CLUSTER_TIMING } from '../../src/kubernetes/cluster-timing.ts'

const bounds = { firstMs: CLUSTER_TIMING.backoffMs, maxMs: CLUSTER_TIMING.maxBackoffMs }
const pauses = (random: number) =>
  [0, 1, 2, 3, 4, 5, 6, 7, 5_000].map((failures) => backoffMs(failures, { ...bounds, random: () => random }))

test('pauses double from half a second, and end at 30 seconds, for ever', () => {
  expect(pauses(1)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000])
})

test('a part of each is drawn, so that replicas do not come together', () => {
  expect(pauses(0)).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000])
  expect(new Set(Array.from({ length: 20 }, () => backoffMs(3, bounds))).size).toBeGreaterThan(1)
})
