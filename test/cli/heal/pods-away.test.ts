import { describe, expect, test } from 'vitest'
import { podsAway } from '../../../src/cli/heal/pods-away.ts'

const away = (kind: string, spec: object, status: object = {}) => podsAway({ kind, object: { spec, status } }).away

describe('Deployment: a share is rounded down', () => {
  test.each([
    [10, {}, 2],
    [3, {}, 0],
    [undefined, {}, 0],
    [3, { maxUnavailable: '50%' }, 1],
    [3, { maxUnavailable: 5 }, 3],
    [3, { maxUnavailable: 0, maxSurge: 1 }, 0],
    // Nothing may be there beside the old ones, and a share of nothing away: one is.
    [3, { maxUnavailable: '25%', maxSurge: 0 }, 1],
    [0, {}, 0],
  ])('of %s, %j: %i', (replicas, rollingUpdate, count) => {
    expect(away('Deployment', { replicas, strategy: { type: 'RollingUpdate', rollingUpdate } })).toBe(count)
  })

  test('Recreate takes all', () => {
    expect(away('Deployment', { replicas: 3, strategy: { type: 'Recreate' } })).toBe(3)
  })
})

test.each([
  [3, {}, 1],
  [10, { maxUnavailable: '25%' }, 2],
  [3, { maxUnavailable: '1%' }, 1],
])('StatefulSet of %i, %j: %i, never fewer than one', (replicas, rollingUpdate, count) => {
  expect(away('StatefulSet', { replicas, updateStrategy: { rollingUpdate } })).toBe(count)
})

test.each([
  [3, {}, 1],
  [10, { maxUnavailable: '25%' }, 3],
  [3, { maxUnavailable: 0, maxSurge: 1 }, 0],
])('DaemonSet on %i nodes, %j: %i, a share is rounded up', (desiredNumberScheduled, rollingUpdate, count) => {
  expect(away('DaemonSet', { updateStrategy: { rollingUpdate } }, { desiredNumberScheduled })).toBe(count)
})

test('what is not understood takes all', () => {
  expect(away('Deployment', { replicas: 3, strategy: { rollingUpdate: { maxUnavailable: 'many' } } })).toBe(3)
  expect(away('Rollout', { replicas: 3 })).toBe(3)
})
