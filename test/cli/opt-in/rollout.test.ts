import { describe, expect, test } from 'vitest'
import { rolloutObstacle, rolloutProgress } from '../../../src/cli/opt-in/rollout.ts'

const progress = (kind: string, spec: object, status: object) => {
  const told = rolloutProgress({
    kind,
    object: { metadata: { generation: 2 }, spec, status: { observedGeneration: 2, ...status } },
  })
  return 'because' in told ? `${told.state}: ${told.because}` : told.state
}

test.each(['Deployment', 'StatefulSet', 'DaemonSet'])(
  '%s: nothing counts before its controller has seen it',
  (kind) => {
    expect(progress(kind, { replicas: 0 }, { observedGeneration: 1 })).toBe('going: it has not begun')
  },
)

test.each([
  [{ updatedReplicas: 1, replicas: 3, availableReplicas: 3 }, 'going: 1 of 2 Pods are new'],
  [{ updatedReplicas: 2, replicas: 3, availableReplicas: 3 }, 'going: 1 old Pods are ending'],
  [{ updatedReplicas: 2, replicas: 2, availableReplicas: 1 }, 'going: 1 of 2 new Pods are available'],
  [{ updatedReplicas: 2, replicas: 2, availableReplicas: 2 }, 'done'],
  [{}, 'going: 0 of 2 Pods are new'],
])('Deployment of 2, %j: %s', (status, told) => {
  expect(progress('Deployment', { replicas: 2 }, status)).toBe(told)
})

test('Deployment: one without replicas has one', () => {
  expect(progress('Deployment', {}, { updatedReplicas: 0 })).toBe('going: 0 of 1 Pods are new')
  expect(progress('Deployment', { replicas: 0 }, {})).toBe('done')
})

test('Deployment: past its deadline it has failed', () => {
  const condition = { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }
  const status = { updatedReplicas: 2, conditions: [{ type: 'Available' }, { ...condition, message: 'it timed out' }] }
  expect(progress('Deployment', { replicas: 2 }, status)).toBe('failed: it timed out')
})

test.each([
  [0, { readyReplicas: 2, updatedReplicas: 3 }, 'going: 2 of 3 Pods are ready'],
  [0, { readyReplicas: 3, updatedReplicas: 2 }, 'going: 2 of 3 Pods are new'],
  [0, { readyReplicas: 3, updatedReplicas: 3 }, 'done'],
  [2, { readyReplicas: 3, updatedReplicas: 1 }, 'done'],
])('StatefulSet of 3, partition %i, %j: %s', (partition, status, told) => {
  const spec = { replicas: 3, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition } } }
  expect(progress('StatefulSet', spec, status)).toBe(told)
})

test.each([
  [{ updatedNumberScheduled: 1, numberAvailable: 2 }, 'going: 1 of 2 Pods are new'],
  [{ updatedNumberScheduled: 2, numberAvailable: 1 }, 'going: 1 of 2 Pods are available'],
  [{ updatedNumberScheduled: 2, numberAvailable: 2 }, 'done'],
])('DaemonSet on 2 nodes, %j: %s', (status, told) => {
  expect(progress('DaemonSet', {}, { desiredNumberScheduled: 2, ...status })).toBe(told)
})

describe('what a restart would not replace Pods of', () => {
  const obstacle = (kind: string, spec: object) => rolloutObstacle({ kind, object: { spec } })

  test('a paused Deployment', () => {
    expect(obstacle('Deployment', { paused: true })).toBe('it is paused: kubectl rollout resume')
    expect(obstacle('Deployment', {})).toBeUndefined()
  })

  test.each(['StatefulSet', 'DaemonSet'])('a %s with OnDelete', (kind) => {
    expect(obstacle(kind, { updateStrategy: { type: 'OnDelete' } })).toMatch(/OnDelete/)
    expect(obstacle(kind, { updateStrategy: { type: 'RollingUpdate' } })).toBeUndefined()
  })
})
