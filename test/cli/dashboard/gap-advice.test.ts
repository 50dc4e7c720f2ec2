import { describe, expect, test } from 'vitest'
import { coverageAnswer } from '../../../src/cli/dashboard/coverage-answer.ts'
import { workloadAdvice } from '../../../src/cli/dashboard/gap-advice.ts'
import { madeCoverage } from './made-coverage.ts'

const web = { namespace: 'shop', group: 'apps', kind: 'Deployment', name: 'web' }

describe('what is to be done about a workload', () => {
  test.each([
    ['waiting', { command: 'kubectl rollout restart -n shop deployment/web' }],
    ['missed', { command: 'kubectl rollout restart -n shop deployment/web' }],
    ['untraced', { command: 'kubectl rollout restart -n shop deployment/web' }],
    [
      'invalid',
      {
        command: 'linkerd-tracing explain deployment/web -n shop',
        sentence: 'Correct what is named here, then restart it.',
      },
    ],
    ['not-meshed', { sentence: 'Mesh it: annotate its Namespace or its Pods with linkerd.io/inject: enabled.' }],
    ['out', { command: 'linkerd-tracing enable shop --restart' }],
    ['traced', {}],
    ['opted-out', {}],
    ['own-component', {}],
  ] as const)('%s', (state, advice) => {
    expect(workloadAdvice(web, state)).toEqual(advice)
  })

  test('what kubectl cannot roll has a sentence instead', () => {
    expect(workloadAdvice({ ...web, group: '', kind: 'Pod' }, 'missed')).toEqual({
      sentence: 'pod/web in shop: nothing makes it anew: delete it, and create it again',
    })
  })

  test('explain is not named for a kind that it does not know', () => {
    const rollout = { ...web, group: 'argoproj.io', kind: 'Rollout' }
    expect(workloadAdvice(rollout, 'invalid')).toEqual({ sentence: expect.stringMatching(/^Correct/) })
  })

  test('Namespaces of Kubernetes itself are never opted in', () => {
    expect(workloadAdvice({ ...web, namespace: 'kube-system' }, 'out')).toEqual({})
  })
})

describe('coverage as the page gets it', () => {
  const report = coverageAnswer(
    madeCoverage([
      { ...web, pods: { traced: 3, missed: 1 } },
      { ...web, name: 'vote', pods: { waiting: 1 } },
      { ...web, name: 'db', kind: 'StatefulSet', namespace: 'plain', pods: { out: 2 } },
    ]),
  )

  test('a row for each state that Pods of a workload are in', () => {
    expect(report.workloads.map(({ namespace, workload, state, pods }) => [namespace, workload, state, pods])).toEqual([
      ['plain', 'statefulset/db', 'out', 2],
      ['shop', 'deployment/vote', 'waiting', 1],
      ['shop', 'deployment/web', 'traced', 3],
      ['shop', 'deployment/web', 'missed', 1],
    ])
  })

  test('one command for all gaps of a Namespace; one that is not opted in can be', () => {
    expect(report.namespaces).toEqual([
      expect.objectContaining({
        name: 'plain',
        optedIn: 'no',
        coveragePercent: null,
        gaps: 0,
        advice: { command: 'linkerd-tracing enable plain --restart' },
      }),
      expect.objectContaining({
        name: 'shop',
        coveragePercent: 60,
        pods: 5,
        traced: 3,
        gaps: 2,
        advice: { command: 'kubectl rollout restart -n shop deployment/vote deployment/web' },
      }),
    ])
  })

  test('only states that there are, in the order of all tables, with what they mean', () => {
    expect(report.states.map(({ state, pods, isGap }) => [state, pods, isGap])).toEqual([
      ['traced', 3, false],
      ['waiting', 1, true],
      ['missed', 1, true],
      ['out', 2, false],
    ])
    expect(report.states[3]?.meaning).toBe('its Namespace is not opted in')
  })
})
