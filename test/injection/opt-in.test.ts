import { describe, expect, test } from 'vitest'
import { decide, meshedPod } from './samples.ts'

const labelled = (inject?: string) => ({
  labels: inject === undefined ? {} : { 'tracing.linkerd.io/inject': inject },
  annotations: {},
})

describe('opt in', () => {
  test.each([
    { label: 'enabled', all: false, outcome: 'traced' },
    { label: 'disabled', all: false, outcome: 'skipped' },
    { label: undefined, all: false, outcome: 'skipped' },
    { label: 'true', all: false, outcome: 'skipped' },
    { label: 'enabled', all: true, outcome: 'traced' },
    { label: 'disabled', all: true, outcome: 'skipped' },
    { label: undefined, all: true, outcome: 'traced' },
    { label: 'Disabled', all: true, outcome: 'traced' },
  ])('Namespace label $label, --all-namespaces $all: $outcome', ({ label, all, outcome }) => {
    const { decision } = decide(meshedPod(), { namespace: labelled(label), settings: { allNamespaces: all } })
    expect(decision.outcome).toBe(outcome)
  })
  test.each([
    { label: undefined, controlPlane: true, outcome: 'traced' },
    { label: 'disabled', controlPlane: true, outcome: 'skipped' },
    { label: undefined, controlPlane: false, outcome: 'skipped' },
    { label: 'enabled', controlPlane: false, outcome: 'skipped' },
  ])(
    'control-plane namespace with label $label, --control-plane $controlPlane: $outcome',
    ({ label, controlPlane, outcome }) => {
      const context = { namespace: labelled(label), settings: { controlPlane }, request: { namespace: 'linkerd' } }
      expect(decide(meshedPod(), context).decision.outcome).toBe(outcome)
    },
  )
  test('a value that is neither enabled nor disabled is told at each place', () => {
    const pod = meshedPod({
      labels: { 'tracing.linkerd.io/inject': 'yes' },
      annotations: { 'tracing.linkerd.io/inject': 'True' },
    })
    const optedOut = meshedPod({
      labels: { 'tracing.linkerd.io/inject': 'yes' },
      annotations: { 'tracing.linkerd.io/inject': 'disabled' },
    })
    expect(decide(optedOut).decision).toMatchObject({
      reason: 'opted-out',
      warnings: [expect.stringContaining('"yes"')],
    })
    expect(decide(pod, { namespace: labelled('ENABLED') }).decision.warnings).toEqual([
      'Pod label tracing.linkerd.io/inject "yes" is as if unset: only enabled and disabled count',
      'Pod annotation tracing.linkerd.io/inject "True" is as if unset: only enabled and disabled count',
      'Namespace label tracing.linkerd.io/inject "ENABLED" is as if unset: only enabled and disabled count',
    ])
  })
})
