import { expect, test } from 'vitest'
import { knownNamespace } from '../../../src/cli/pod-coverage/known-namespace.ts'
import { INSTALL } from '../../injection/samples.ts'

const created = '2026-01-01T00:00:00Z'
const known = (name: string, label: string | undefined, assumed?: 'enabled' | 'disabled') => {
  const labels = label === undefined ? {} : { 'tracing.linkerd.io/inject': label }
  const namespace = { metadata: { name, labels, creationTimestamp: created } }
  return knownNamespace(namespace, { settings: INSTALL, assumedLabel: assumed })
}

test.each([
  ['shop', 'enabled', true],
  ['shop', undefined, false],
  ['linkerd', undefined, true],
  ['linkerd', 'disabled', false],
  ['kube-system', 'enabled', false],
])('%s with the label %s is opted in: %s', (...[name, label, isOptedIn]) => {
  expect(known(name, label)).toMatchObject({ name, isOptedIn, optIn: isOptedIn ? { from: Date.parse(created) } : {} })
})

test('a label that is assumed stands for the one that is there', () => {
  expect(known('shop', undefined, 'enabled').isOptedIn).toBe(true)
  expect(known('shop', 'enabled', 'disabled').isOptedIn).toBe(false)
})
