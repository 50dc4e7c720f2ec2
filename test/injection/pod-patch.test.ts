import { describe, expect, test } from 'vitest'
import { podPatch } from '../../src/injection/pod-patch.ts'
import { decide, meshedPod } from './samples.ts'

const STATUS = { 'tracing.linkerd.io/status': 'traced' }

describe('the patch applies to whatever the Pod lacks', () => {
  test.each<[string, unknown, unknown]>([
    ['metadata', undefined, { annotations: STATUS }],
    ['metadata that is null', null, { annotations: STATUS }],
    ['annotations', { name: 'x' }, { name: 'x', annotations: STATUS }],
    ['annotations that are null', { annotations: null }, { annotations: STATUS }],
    ['nothing', { annotations: { a: 'b' } }, { annotations: { a: 'b', ...STATUS } }],
  ])('no %s', (_, metadata, expected) => {
    const { kind, spec } = meshedPod()
    expect(decide({ kind, spec, ...(metadata !== undefined && { metadata }) }).patched.metadata).toEqual(expected)
  })
  test('a mark as well', () => {
    const decision = { outcome: 'marked', warnings: [] } as const
    expect(podPatch({}, decision)).toEqual([
      { op: 'add', path: '/metadata', value: { annotations: { 'linkerd.io/inject': 'enabled' } } },
    ])
    expect(podPatch(null, decision)).toHaveLength(1)
  })
})

test('an annotation that is right is not written again', () => {
  const { patch } = decide(meshedPod({ annotations: STATUS }))
  expect(patch.filter(({ path }) => path.startsWith('/metadata'))).toEqual([])
})

test('a decision that changes nothing gives no operation', () => {
  expect(podPatch(meshedPod(), { outcome: 'skipped', reason: 'not-meshed', warnings: [] })).toEqual([])
})

test('everything else in the Pod stays, fields that nobody knows included', () => {
  const pod = meshedPod({ spec: { future: { deep: [null, { x: 1 }] } } })
  const { patched } = decide({ ...pod, status: { phase: 'Pending' }, unknown: true })
  expect(patched).toMatchObject({
    unknown: true,
    status: { phase: 'Pending' },
    spec: { future: { deep: [null, { x: 1 }] } },
  })
})

test('a Pod that changed since the decision does not make the patch throw', () => {
  const { decision } = decide(meshedPod())
  expect(podPatch({ spec: { containers: 'x' } }, decision).length).toBeGreaterThan(0)
  expect(podPatch({}, decision).length).toBeGreaterThan(0)
})
