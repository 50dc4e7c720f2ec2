import fc from 'fast-check'
import fastJsonPatch, { type Operation } from 'fast-json-patch'
import { describe, expect, test } from 'vitest'
import { FORWARD_ENTRY, forwardBundlePatch } from '../../src/kubernetes/forward-bundle-patch.ts'

const service = (name: string, caBundle?: string) => ({
  service: { namespace: 'linkerd', name, path: '/', port: 443 },
  ...(caBundle === undefined ? {} : { caBundle }),
})
const linkerd = (caBundle?: string) => ({
  webhooks: [{ name: 'linkerd-proxy-injector.linkerd.io', clientConfig: service('linkerd-proxy-injector', caBundle) }],
})
const forward = (caBundle?: string) => ({
  name: FORWARD_ENTRY,
  clientConfig: service('linkerd-proxy-injector', caBundle),
})
const mark = { name: 'mark.tracing.linkerd.io', clientConfig: service('linkerd-tracing-injector', 'b3Vycw==') }

describe('the patch', () => {
  test('adds an absent bundle at the entry’s place in the live order, and tests the name there first', () => {
    expect(forwardBundlePatch(linkerd('YQ=='), { webhooks: [mark, forward()] })).toEqual([
      { op: 'test', path: '/webhooks/1/name', value: 'forward.tracing.linkerd.io' },
      { op: 'add', path: '/webhooks/1/clientConfig/caBundle', value: 'YQ==' },
    ])
    expect(forwardBundlePatch(linkerd('YQ=='), { webhooks: [forward(), mark] })?.[1]?.path).toBe(
      '/webhooks/0/clientConfig/caBundle',
    )
  })

  test('replaces another one', () => {
    expect(forwardBundlePatch(linkerd('YQ=='), { webhooks: [forward('Yg==')] })?.[1]?.op).toBe('replace')
    expect(forwardBundlePatch(linkerd('YQ=='), { webhooks: [forward('')] })?.[1]?.op).toBe('replace')
  })

  test.each([
    ['the bundles are equal', linkerd('YQ=='), { webhooks: [mark, forward('YQ==')] }],
    ['Linkerd has no configuration', undefined, { webhooks: [forward('YQ==')] }],
    ['Linkerd’s entry has no bundle', linkerd(), { webhooks: [forward('YQ==')] }],
    ['Linkerd’s bundle is empty', linkerd(''), { webhooks: [forward('YQ==')] }],
    [
      'no entry calls Linkerd’s injector',
      { webhooks: [{ clientConfig: service('other', 'YQ==') }] },
      { webhooks: [forward()] },
    ],
    ['we have no configuration', linkerd('YQ=='), undefined],
    ['we have no forward entry', linkerd('YQ=='), { webhooks: [mark] }],
    ['the entry has no clientConfig', linkerd('YQ=='), { webhooks: [{ name: FORWARD_ENTRY }] }],
    ['there are no entries', linkerd('YQ=='), { webhooks: null }],
  ])('is none when %s', (_, theirs, ours) => {
    expect(forwardBundlePatch(theirs, ours)).toBeUndefined()
  })
})

test('whatever the entries are: applied, only the forward entry’s bundle changes, and then there is nothing left to do', () => {
  const bundle = fc.option(fc.base64String({ minLength: 4 }), { nil: undefined })
  const other = fc
    .tuple(
      fc.string().filter((name) => name !== FORWARD_ENTRY),
      bundle,
    )
    .map(([name, caBundle]) => ({
      name,
      clientConfig: service('linkerd-tracing-injector', caBundle),
      timeoutSeconds: 3,
    }))
  const ours = fc.tuple(fc.array(other), bundle, fc.array(other)).map(([before, caBundle, after]) => ({
    webhooks: [...before, { ...forward(caBundle), failurePolicy: 'Ignore' }, ...after],
  }))
  fc.assert(
    fc.property(bundle.map(linkerd), ours, (theirs, live) => {
      const patch = forwardBundlePatch(theirs, live) ?? []
      const patched = fastJsonPatch.applyPatch(structuredClone(live), patch as Operation[], true).newDocument
      expect(forwardBundlePatch(theirs, patched)).toBeUndefined()
      const wanted = theirs.webhooks[0]?.clientConfig.caBundle
      const expected = live.webhooks.map((entry) =>
        entry.name === FORWARD_ENTRY && wanted !== undefined
          ? { ...entry, clientConfig: { ...entry.clientConfig, caBundle: wanted } }
          : entry,
      )
      expect(patched.webhooks).toEqual(expected)
    }),
  )
})

test('an order that changed meanwhile has the whole patch refused', () => {
  const patch = forwardBundlePatch(linkerd('YQ=='), { webhooks: [mark, forward()] }) as Operation[]
  expect(() => fastJsonPatch.applyPatch({ webhooks: [forward(), mark] }, patch, true)).toThrow(/Test operation failed/)
})
