import { describe, expect, test } from 'vitest'
import { decide, EXTRA_ATTRIBUTES, meshedPod, type Raw } from './samples.ts'

/** etcd's limit of an object: no Pod is larger. */
const POD_BYTES = 1_500_000
const fill = (text: string) => text.repeat(POD_BYTES / text.length)
const variable = (name: string, value: string) => ({ name, value })
const many = <T>(bytes: number, make: (index: number) => T) =>
  Array.from({ length: POD_BYTES / bytes }, (_, i) => make(i))

const labels = (name: string) => ({
  name,
  downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] },
})

// Whoever may create one Pod must not be able to stop the answers for all others: what a Pod costs grows with its size
// and not with the square of it. Squared, each of these takes from ten seconds to hours; so no clock has to be exact.
describe('a Pod made to be slow is decided at once', () => {
  test.each<[string, Raw]>([
    ['references that never end', { env: [variable(EXTRA_ATTRIBUTES, fill('$('))] }],
    ['dollars', { env: [variable(EXTRA_ATTRIBUTES, fill('$'))] }],
    [
      'references and variables',
      { env: [variable(EXTRA_ATTRIBUTES, fill('$(a)')), ...many(20, (i) => variable(`v${i}`, ''))] },
    ],
    [
      'references to later variables',
      { env: [variable(EXTRA_ATTRIBUTES, fill('$(none)')), ...many(20, (i) => variable(`v${i}`, ''))] },
    ],
    ['a service address', { env: [variable('LINKERD2_PROXY_IDENTITY_SVC_ADDR', fill('.svc.'))] }],
    [
      'an identity',
      { env: [variable('LINKERD2_PROXY_IDENTITY_SVC_NAME', `${fill('.serviceaccount.identity.a.')}\n`)] },
    ],
    ['a trust domain', { env: [variable('_l5d_trustdomain', fill('a.'))] }],
    ['duplicates', { env: many(60, () => variable(EXTRA_ATTRIBUTES, 'a=b')) }],
    ['lines', { env: [variable(EXTRA_ATTRIBUTES, fill('a=b\n'))] }],
    ['mounts', { volumeMounts: many(40, (i) => ({ name: `v${i}`, mountPath: `/${i}` })) }],
    ['an image', { image: fill(':/@') }],
  ])('%s', (_, proxy) => {
    expect(withinSeconds(10, () => decide(meshedPod({ proxy })))).toBe(true)
  })
  test('volumes and mounts', () => {
    const volumes = many(200, (i) => labels(`v${i}`))
    const volumeMounts = many(200, (i) => ({ name: `v${i}`, mountPath: '', subPath: 'none' }))
    expect(
      withinSeconds(10, () => decide(meshedPod({ spec: { volumes, proxy: null }, proxy: { volumeMounts } }))),
    ).toBe(true)
  })
  test('annotations', () => {
    const annotations = Object.fromEntries(many(60, (i) => [`resource.opentelemetry.io/k${i}`, 'x']))
    const address = { 'config.linkerd.io/trace-collector': fill('a.') }
    expect(withinSeconds(10, () => decide(meshedPod({ annotations: { ...annotations, ...address } })))).toBe(true)
  })
})

function withinSeconds(seconds: number, work: () => unknown): boolean {
  const start = performance.now()
  work()
  return performance.now() - start < seconds * 1000
}
