import { describe, expect, test } from 'vitest'
import {
  changeLine,
  labelChange,
  type OptInAction,
  optInHints,
  refusalOf,
  targetsOf,
} from '../../../src/cli/opt-in/label-change.ts'

const namespace = (label?: string, inject?: string) => ({
  metadata: {
    name: 'shop',
    labels: label === undefined ? {} : { 'tracing.linkerd.io/inject': label },
    annotations: inject === undefined ? {} : { 'linkerd.io/inject': inject },
  },
})
const shop = { name: 'shop', isControlPlane: false }
const linkerd = { name: 'linkerd', isControlPlane: true }

test('control-plane stands for the Namespace of Linkerd; each is meant once', () => {
  expect(targetsOf(['shop', 'control-plane', 'l5d', 'shop'], 'l5d')).toEqual([shop, { ...linkerd, name: 'l5d' }])
})

test.each<[OptInAction, typeof shop, string | undefined, string | null | undefined]>([
  ['enable', shop, undefined, 'enabled'],
  ['enable', shop, 'disabled', 'enabled'],
  ['enable', shop, 'true', 'enabled'],
  ['enable', shop, 'enabled', undefined],
  ['disable', shop, undefined, 'disabled'],
  ['disable', shop, 'enabled', 'disabled'],
  ['disable', shop, 'disabled', undefined],
  ['enable', linkerd, undefined, undefined],
  ['enable', linkerd, 'enabled', undefined],
  ['enable', linkerd, 'disabled', null],
  ['disable', linkerd, undefined, 'disabled'],
  ['disable', linkerd, 'disabled', undefined],
])('%s of %j with the label %j: %j', (...[action, target, from, to]) => {
  expect(labelChange({ action, target, namespace: namespace(from) })).toEqual(
    to === undefined ? undefined : { from, to },
  )
})

test('what changed is told, with what was there', () => {
  expect(changeLine({ target: shop, change: { from: 'a\nb', to: 'enabled' }, isDryRun: false })).toBe(
    'namespace/shop: label tracing.linkerd.io/inject=enabled set, it was "a\\nb"',
  )
  expect(changeLine({ target: linkerd, change: { from: 'disabled', to: null }, isDryRun: true })).toBe(
    'namespace/linkerd: label tracing.linkerd.io/inject removed, it was "disabled" (dry run)',
  )
  expect(changeLine({ target: shop, change: undefined, isDryRun: false })).toBe('namespace/shop is as it should be')
})

describe('what cannot be', () => {
  test('a Namespace that is not there, of Kubernetes itself, or on its way out', () => {
    expect(refusalOf({ action: 'disable', target: shop, namespace: undefined })).toBe('Namespace shop is not there')
    expect(refusalOf({ action: 'disable', target: linkerd, namespace: undefined })).toBe(
      'Namespace linkerd is not there: -L names that of Linkerd',
    )
    expect(refusalOf({ action: 'enable', target: { ...shop, name: 'kube-system' }, namespace: namespace() })).toMatch(
      /belongs to Kubernetes itself/,
    )
    expect(
      refusalOf({ action: 'disable', target: { ...shop, name: 'kube-system' }, namespace: namespace() }),
    ).toBeUndefined()
    expect(
      refusalOf({ action: 'enable', target: shop, namespace: { ...namespace(), status: { phase: 'Terminating' } } }),
    ).toMatch(/being deleted/)
    expect(
      refusalOf({ action: 'enable', target: shop, namespace: { ...namespace(), status: { phase: 'Active' } } }),
    ).toBeUndefined()
  })
})

describe('what Pods need besides', () => {
  test.each([
    [undefined, 1],
    ['disabled', 1],
    ['enabled', 0],
    ['ingress', 0],
  ])('linkerd.io/inject %j: %i hints', (inject, hints) => {
    expect(optInHints(shop, namespace('enabled', inject as string | undefined))).toHaveLength(hints as number)
  })

  test('the control plane has its proxies from Linkerd’s chart', () => {
    expect(optInHints(linkerd, namespace())).toEqual([])
  })
})
