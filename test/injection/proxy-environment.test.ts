import { describe, expect, test } from 'vitest'
import { ADDRESS, decide, envOf, meshedPod, NAME, PROTOCOL, proxyOf, type Raw, SERVICE_NAME } from './samples.ts'

const COLLECTOR = 'linkerd-collector.linkerd-tracing.svc.cluster.local:4317'
const LOOPBACK = { 'config.linkerd.io/trace-collector': '127.0.0.1:4317' }

describe('variables that are there already', () => {
  test('are replaced in place, whatever they were', () => {
    const env = [
      { name: PROTOCOL, valueFrom: { configMapKeyRef: {} } },
      { name: 'a', value: '1' },
      { name: SERVICE_NAME, value: 'old' },
      null,
    ]
    const { patched } = decide(meshedPod({ proxy: { env } }))
    expect(proxyOf(patched).env.slice(0, 4)).toEqual([
      { name: PROTOCOL, value: 'opentelemetry' },
      { name: 'a', value: '1' },
      { name: SERVICE_NAME, value: 'linkerd-proxy' },
      null,
    ])
  })
  test('stay untouched when they are right, fields that we do not know included', () => {
    const right = { name: ADDRESS, value: COLLECTOR, valueFrom: null, futureField: true }
    expect(proxyOf(decide(meshedPod({ proxy: { env: [right] } })).patched).env[0]).toEqual(right)
  })
  test('lose their later duplicates', () => {
    const env = [
      { name: ADDRESS, value: 'a:1' },
      { name: 'x' },
      { name: ADDRESS, value: COLLECTOR },
      { name: ADDRESS, value: 'c:3' },
    ]
    const { patched } = decide(meshedPod({ proxy: { env } }))
    expect(envOf(patched)[ADDRESS]).toBe(COLLECTOR)
    expect(proxyOf(patched).env[1]).toEqual({ name: 'x' })
  })
  test('lose them from the end on, though there are more than ten entries', () => {
    const others = Array.from({ length: 8 }, (_, index) => ({ name: `x${index}` }))
    const duplicate = { name: SERVICE_NAME, value: 'x' }
    const env = [duplicate, duplicate, ...others, duplicate]
    const { patched } = decide(meshedPod({ proxy: { env } }))
    expect(
      proxyOf(patched)
        .env.slice(0, 9)
        .map(({ name }: Raw) => name),
    ).toEqual([SERVICE_NAME, ...others.map(({ name }) => name)])
  })
  test.each([
    ['another address', { name: ADDRESS, value: 'native.obs:4317' }, '"native.obs:4317"'],
    ['a reference', { name: ADDRESS, valueFrom: {} }, 'given by reference'],
  ])('a warning names the old and the new address: %s', (_, entry, old) => {
    const { decision } = decide(meshedPod({ proxy: { env: [entry] } }))
    expect(decision.warnings).toEqual([`${ADDRESS} ${old} of the Pod is replaced by "${COLLECTOR}"`])
  })
  test.each([COLLECTOR, ''])('there is no such warning for %j', (value) => {
    expect(decide(meshedPod({ proxy: { env: [{ name: ADDRESS, value }] } })).decision.warnings).toEqual([])
  })
})

describe('beside a loopback address', () => {
  const namesOf = (env: Raw[]) => {
    const { patched } = decide(meshedPod({ annotations: LOOPBACK, proxy: { env } }))
    expect(decide(patched).patch).toEqual([])
    return proxyOf(patched).env.filter(({ name }: Raw) => name === NAME)
  }
  test('no NAME is written', () => {
    expect(namesOf([])).toEqual([])
  })
  test('a valid NAME stays', () => {
    expect(namesOf([{ name: NAME, value: 'a.b' }])).toEqual([{ name: NAME, value: 'a.b' }])
  })
  test.each<[string, Raw]>([
    ['empty', { value: '' }],
    ['invalid', { value: 'a b' }],
    ['an IP', { value: '10.0.0.5' }],
    ['expanded', { value: '$(_pod_sa).b' }],
    ['by reference', { valueFrom: {} }],
    ['a value and a reference', { value: 'a.b', valueFrom: {} }],
  ])('one that might crash the proxy is removed: %s', (_, entry) => {
    expect(namesOf([{ name: 'x' }, { name: NAME, ...entry }])).toEqual([])
  })
  test('of several the first valid one stays', () => {
    const env = [
      { name: NAME, value: '' },
      { name: NAME, value: 'a.b' },
      { name: NAME, value: 'c.d' },
    ]
    expect(namesOf(env)).toEqual([{ name: NAME, value: 'a.b' }])
  })
})

test('a proxy without env gets the whole list', () => {
  for (const env of [undefined, null]) {
    expect(proxyOf(decide(meshedPod({ proxy: { env } })).patched).env.map(({ name }: Raw) => name)).toEqual([
      ADDRESS,
      NAME,
      PROTOCOL,
      SERVICE_NAME,
      'LINKERD2_PROXY_TRACE_ATTRIBUTES_PATH',
      'LINKERD2_PROXY_TRACE_EXTRA_ATTRIBUTES',
    ])
  }
})
