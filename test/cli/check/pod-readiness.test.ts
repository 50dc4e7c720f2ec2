import { expect, test } from 'vitest'
import { exitCodeOf, isEnding, podReadiness } from '../../../src/cli/check/pod-readiness.ts'

const CONTAINERS = [{ name: 'web' }, { name: 'linkerd-proxy' }]
const podOf = (status: object, spec: object = { containers: CONTAINERS }) => ({ metadata: { name: 'p' }, spec, status })
const stateOf = (state: object, more: object = {}) => ({
  containerStatuses: [{ name: 'web', ready: false, state, ...more }],
})

test.each<[string, object, string | undefined]>([
  ['ready', { conditions: [{ type: 'Ready', status: 'True' }] }, undefined],
  ['nothing is known', {}, 'has not started yet'],
  ['no node', { conditions: [{ type: 'PodScheduled', status: 'False', message: 'taints' }] }, 'has no node: taints'],
  ['no node, nobody says why', { conditions: [{ type: 'PodScheduled', status: 'False' }] }, 'has no node: none fits'],
  ['has a node', { conditions: [{ type: 'PodScheduled', status: 'True' }] }, 'has not started yet'],
  ['is created', stateOf({ waiting: { reason: 'ContainerCreating' } }), 'has containers that are not ready: web'],
  ['cannot pull', stateOf({ waiting: { reason: 'ErrImagePull' } }), 'has a container web with ErrImagePull'],
  [
    'crashes',
    stateOf({ waiting: { reason: 'CrashLoopBackOff' } }, { lastState: { terminated: { exitCode: 2 } } }),
    'has a container web with CrashLoopBackOff (exit code 2)',
  ],
  [
    'has ended',
    stateOf({ terminated: { reason: 'OOMKilled', exitCode: 137 } }),
    'has a container web with OOMKilled (exit code 137)',
  ],
  [
    'an init container, too',
    {
      initContainerStatuses: [{ name: 'linkerd-proxy', ready: false, state: { waiting: { reason: 'ErrImagePull' } } }],
    },
    'has a container linkerd-proxy with ErrImagePull',
  ],
])('what keeps a Pod: %s', (_state, status, obstacle) => {
  expect(podReadiness(podOf(status))).toEqual({ name: 'p', hasProxy: true, isReady: obstacle === undefined, obstacle })
})

test('the proxy is found as a native sidecar', () => {
  expect(podReadiness(podOf({}, { containers: [], initContainers: CONTAINERS })).hasProxy).toBe(true)
  expect(podReadiness(podOf({}, { containers: [{ name: 'web' }] })).hasProxy).toBe(false)
})

test('what is deleted, or done, is ending', () => {
  expect(isEnding({ metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } })).toBe(true)
  expect(['Succeeded', 'Failed', 'Running', undefined].map((phase) => isEnding({ status: { phase } }))).toEqual([
    true,
    true,
    false,
    false,
  ])
})

test('a container’s last exit code is the one of now, else the one before', () => {
  expect(exitCodeOf({ state: { terminated: { exitCode: 1 } }, lastState: { terminated: { exitCode: 64 } } })).toBe(1)
  expect(exitCodeOf({ state: { running: {} }, lastState: { terminated: { exitCode: 64 } } })).toBe(64)
  expect(exitCodeOf({ state: { running: {} } })).toBeUndefined()
  expect(exitCodeOf(undefined)).toBeUndefined()
})
