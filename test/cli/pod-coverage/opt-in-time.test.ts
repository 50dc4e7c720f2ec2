// The entries are those that a 1.37 API server wrote.
import { describe, expect, test } from 'vitest'
import { optInTime } from '../../../src/cli/pod-coverage/opt-in-time.ts'

const CREATED = '2026-11-28T09:20:21Z'
const LABELLED = '2026-11-28T09:20:25Z'
const at = (time: string) => Date.parse(time)

interface Entry {
  readonly manager: string
  readonly time?: string
  readonly labels?: readonly string[]
  readonly annotations?: readonly string[]
}

function namespace(...entries: readonly Entry[]) {
  const fields = (names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name === '.' ? name : `f:${name}`, {}]))
  const managedFields = entries.map(({ manager, time, labels, annotations }) => ({
    apiVersion: 'v1',
    fieldsType: 'FieldsV1',
    fieldsV1: {
      'f:metadata': {
        ...(labels && { 'f:labels': fields(labels) }),
        ...(annotations && { 'f:annotations': fields(annotations) }),
      },
    },
    manager,
    operation: 'Update',
    time,
  }))
  return { metadata: { name: 'a', creationTimestamp: CREATED, managedFields } }
}

const INJECT = 'tracing.linkerd.io/inject'
const created: Entry = { manager: 'kubectl-create', time: CREATED, labels: ['.', 'kubernetes.io/metadata.name'] }
const timeOf = (object: object, more: object = {}) =>
  optInTime({ namespace: { ...object }, installedAt: undefined, isInByDefault: false, ...more })

describe('by the label', () => {
  test('kubectl label, alone: exactly', () => {
    const labelled = { manager: 'kubectl-label', time: LABELLED, labels: [INJECT] }
    expect(timeOf(namespace(created, labelled))).toEqual({ from: at(LABELLED), until: at(LABELLED) })
  })

  test('kubectl label, with another label: then at the latest', () => {
    const labelled = { manager: 'kubectl-label', time: LABELLED, labels: ['foo', INJECT] }
    expect(timeOf(namespace(created, labelled))).toEqual({ from: at(CREATED), until: at(LABELLED) })
  })

  test('a writer who also has an annotation: then at the latest', () => {
    const written = { manager: 'x', time: LABELLED, labels: [INJECT], annotations: ['y'] }
    expect(timeOf(namespace(created, written))).toEqual({ from: at(CREATED), until: at(LABELLED) })
  })

  test('kubectl apply of the whole Namespace: exactly, when it has not been applied with changes since', () => {
    const applied = { manager: 'kubectl-client-side-apply', labels: ['.', 'kubernetes.io/metadata.name', INJECT] }
    expect(timeOf(namespace({ ...applied, time: CREATED }))).toEqual({ from: at(CREATED), until: at(CREATED) })
    expect(timeOf(namespace({ ...applied, time: LABELLED }))).toEqual({ from: at(CREATED), until: at(LABELLED) })
  })

  test('two writers of the same value: when the first of them wrote', () => {
    const second = { manager: 'argocd', time: LABELLED, labels: [INJECT, 'x'] }
    const first = { manager: 'kubectl-label', time: '2026-11-28T09:20:23Z', labels: [INJECT] }
    const time = at('2026-11-28T09:20:23Z')
    expect(timeOf(namespace(created, second, first))).toEqual({ from: time, until: time })
  })

  test('nobody is noted, or no time: not before the Namespace, and no more is known', () => {
    expect(timeOf(namespace())).toEqual({ from: at(CREATED) })
    expect(timeOf(namespace({ manager: 'x', labels: [INJECT] }))).toEqual({ from: at(CREATED) })
    expect(timeOf({ metadata: {} })).toEqual({})
  })
})

describe('by the installation', () => {
  const later = at('2026-11-28T10:00:00Z')
  const labelled = namespace(created, { manager: 'kubectl-label', time: LABELLED, labels: [INJECT] })

  test('nothing is traced before it', () => {
    expect(timeOf(labelled, { installedAt: later })).toEqual({ from: later, until: later })
    expect(timeOf(labelled, { installedAt: at(CREATED) - 1 })).toEqual({ from: at(LABELLED), until: at(LABELLED) })
  })

  test('without a label it tells when it was not, and never by when it was', () => {
    expect(timeOf(namespace(created), { installedAt: later, isInByDefault: true })).toEqual({ from: later })
  })

  test('where the label is not needed, it is only the latest time', () => {
    expect(timeOf(labelled, { isInByDefault: true })).toEqual({ from: at(CREATED), until: at(LABELLED) })
  })
})
