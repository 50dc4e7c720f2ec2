import { describe, expect, test } from 'vitest'
import { ADDRESS, decide, envOf, meshedPod, NAME } from './samples.ts'

const ADDRESS_ANNOTATION = 'config.linkerd.io/trace-collector'
const ACCOUNT_ANNOTATION = 'config.alpha.linkerd.io/trace-collector-service-account'

function identityOf(annotations: Record<string, string>, settings = {}): string | undefined {
  const { decision, patched } = decide(meshedPod({ annotations }), { settings })
  return decision.outcome === 'skipped' ? decision.warnings.join('; ') : envOf(patched)[NAME]
}

const TAIL = 'serviceaccount.identity.linkerd.cluster.local'

describe('the namespace of the collector', () => {
  test.each([
    ['otel:4317', 'shop'],
    ['otel.obs:4317', 'obs'],
    ['OTEL.Obs:4317', 'obs'],
    ['otel.obs.svc:4317', 'obs'],
    ['otel.obs.svc.:4317', 'obs'],
    ['otel.obs.svc.CLUSTER.local.:4317', 'obs'],
  ])('%s lies in %s', (address, namespace) => {
    expect(identityOf({ [ADDRESS_ANNOTATION]: address })).toBe(`linkerd-collector.${namespace}.${TAIL}`)
  })
  test.each([
    'otel.example.com:4317',
    'otel.obs.svc.other.domain:4317',
    'otel.obs.pod:4317',
    '10.0.0.5:4317',
    '[fd00::5]:4317',
  ])('%s needs a ServiceAccount with a namespace', (address) => {
    expect(identityOf({ [ADDRESS_ANNOTATION]: address })).toContain(`"${address}" is no Service of this cluster`)
    expect(identityOf({ [ADDRESS_ANNOTATION]: address, [ACCOUNT_ANNOTATION]: 'a.b.obs' })).toBe(`a.b.obs.${TAIL}`)
  })
  test('the installation’s namespace belongs to the installation’s address only', () => {
    const settings = { collectorServiceAccount: 'otel.observability', collectorAddress: '10.0.0.5:4317' }
    expect(identityOf({}, settings)).toBe(`otel.observability.${TAIL}`)
    expect(identityOf({ [ADDRESS_ANNOTATION]: 'c.obs:4317' }, settings)).toBe(`otel.obs.${TAIL}`)
    expect(identityOf({ [ADDRESS_ANNOTATION]: '10.0.0.6:4317' }, settings)).toContain('is no Service of this cluster')
  })
  test('an annotation’s ServiceAccount goes with the installation’s address', () => {
    expect(identityOf({ [ACCOUNT_ANNOTATION]: 'otel' })).toBe(`otel.linkerd-tracing.${TAIL}`)
  })
  test.each(['', 'Otel', 'a..b', '.a', 'a.', 'a.b/c', '-a'])('%j is no ServiceAccount', (account) => {
    expect(identityOf({ [ACCOUNT_ANNOTATION]: account })).toContain(`"${account}" must be a ServiceAccount`)
    expect(identityOf({ [ACCOUNT_ANNOTATION]: account, [ADDRESS_ANNOTATION]: '127.0.0.1:1' })).toContain('must be')
  })
  test('an identity that the proxy would refuse is never written', () => {
    const account = `${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(30)}`
    expect(identityOf({ [ACCOUNT_ANNOTATION]: `${account}.obs` })).toMatch(
      /^invalid-setting: Pod annotation .*service-account "a+…" and install setting --collector-address make a mesh identity of 2\d\d/,
    )
  })
})

test('the cluster domain is compared in any case, with or without its dot', () => {
  const settings = { clusterDomain: 'Cluster.LOCAL.' }
  const identity = identityOf({ [ADDRESS_ANNOTATION]: 'otel.obs.svc.cluster.local:4317' }, settings)
  expect(identity).toBe(`linkerd-collector.obs.${TAIL}`)
})

test('a trust domain’s trailing dot is in no certificate', () => {
  expect(identityOf({}, { trustDomain: 'acme.mesh.' })).toMatch(/identity\.linkerd\.cluster\.local$/)
  const { patched } = decide(meshedPod({ proxy: { env: [] } }), { settings: { trustDomain: 'acme.mesh.' } })
  expect(envOf(patched)[NAME]).toBe('linkerd-collector.linkerd-tracing.serviceaccount.identity.linkerd.acme.mesh')
})

test('address and ServiceAccount are both looked at, whatever is wrong with the other', () => {
  const { decision } = decide(meshedPod({ annotations: { [ADDRESS_ANNOTATION]: 'x', [ACCOUNT_ANNOTATION]: 'A' } }))
  expect(decision.warnings).toHaveLength(2)
})

describe('the domains of the mesh', () => {
  const proxy = {
    env: [
      { name: '_l5d_ns', value: 'l5d' },
      { name: '_l5d_trustdomain', value: 'acme.mesh' },
      { name: 'LINKERD2_PROXY_DESTINATION_SVC_ADDR', value: 'linkerd-dst-headless.l5d.svc.k8s.acme.:8086' },
    ],
  }
  test('come from the Pod’s own proxy, in the identity and in the default address', () => {
    const env = envOf(decide(meshedPod({ proxy })).patched)
    expect(env[ADDRESS]).toBe('linkerd-collector.linkerd-tracing.svc.k8s.acme:4317')
    expect(env[NAME]).toBe('linkerd-collector.linkerd-tracing.serviceaccount.identity.l5d.acme.mesh')
  })
  test('else from the installation', () => {
    const settings = { linkerdNamespace: 'mesh', trustDomain: 'trust.me', clusterDomain: 'k8s.local' }
    const env = envOf(decide(meshedPod({ proxy: { env: null } }), { settings }).patched)
    expect(env[ADDRESS]).toBe('linkerd-collector.linkerd-tracing.svc.k8s.local:4317')
    expect(env[NAME]).toBe('linkerd-collector.linkerd-tracing.serviceaccount.identity.mesh.trust.me')
  })
})

test('annotations for the collector are ignored, with a warning, where the installation says so', () => {
  const annotations = { [ADDRESS_ANNOTATION]: 'evil.obs:1', [ACCOUNT_ANNOTATION]: '' }
  const { decision, patched } = decide(meshedPod({ annotations }), { settings: { allowCollectorAnnotations: false } })
  expect(envOf(patched)[NAME]).toBe(`linkerd-collector.linkerd-tracing.${TAIL}`)
  expect(decision.warnings).toEqual([
    `Pod annotation ${ADDRESS_ANNOTATION} "evil.obs:1" is ignored: this installation does not allow collector annotations`,
    `Pod annotation ${ACCOUNT_ANNOTATION} "" is ignored: this installation does not allow collector annotations`,
  ])
})

test('only an annotation that is there is told to be ignored', () => {
  const { decision } = decide(meshedPod(), { settings: { allowCollectorAnnotations: false } })
  expect(decision).toMatchObject({ outcome: 'traced', warnings: [] })
})

test('a Pod’s annotation wins over its Namespace’s', () => {
  const namespace = {
    labels: { 'tracing.linkerd.io/inject': 'enabled' },
    annotations: { [ADDRESS_ANNOTATION]: 'http://no' },
  }
  expect(decide(meshedPod(), { namespace }).decision.warnings).toEqual([
    expect.stringContaining(`Namespace annotation ${ADDRESS_ANNOTATION} "http://no" must be`),
  ])
  const pod = meshedPod({ annotations: { [ADDRESS_ANNOTATION]: 'otel.obs:4317' } })
  expect(envOf(decide(pod, { namespace }).patched)[ADDRESS]).toBe('otel.obs:4317')
})
