import { describe, expect, test } from 'vitest'
import { decide, meshedPod, type PodParts, proxyContainer } from './samples.ts'

const OPTED_IN = { labels: { 'tracing.linkerd.io/inject': 'enabled' }, annotations: {} }
const NOT_OPTED_IN = { labels: {}, annotations: {} }
const COLLECTOR = { 'tracing.linkerd.io/component': 'collector' }

function reasonOf(pod: unknown, context: Parameters<typeof decide>[1] = {}): string {
  const { decision } = decide(pod, context)
  return decision.outcome === 'skipped' ? decision.reason : decision.outcome
}

describe('the first rule that fits wins', () => {
  test('a Pod in an opted-in Namespace is traced', () => {
    expect(reasonOf(meshedPod(), { namespace: OPTED_IN })).toBe('traced')
  })
  test('a Pod in an unknown Namespace is traced: the selectors of the API server have decided', () => {
    expect(reasonOf(meshedPod())).toBe('traced')
  })
  test.each([
    ['update', { operation: 'UPDATE' }],
    ['subresource', { subResource: 'binding' }],
    ['another resource', { resource: 'pods2' }],
    ['another group', { kind: { group: 'acme.io', version: 'v1', kind: 'Pod' } }],
    ['another version', { kind: { group: '', version: 'v2', kind: 'Pod' } }],
    ['another kind', { kind: { group: '', version: 'v1', kind: 'Service' } }],
    ['no object', { object: null }],
    ['a list for an object', { object: [] }],
  ])('not-pod-create: %s', (_, request) => {
    expect(reasonOf(meshedPod(), { request })).toBe('not-pod-create')
  })
  test.each([
    ['kind', { kind: 'Deployment' }],
    ['apiVersion', { apiVersion: 'apps/v1' }],
  ])('not-pod-create: an object of another %s that has containers all the same', (_, members) => {
    expect(reasonOf({ ...meshedPod(), ...members })).toBe('not-pod-create')
  })
  test('an object may leave out what the request has said', () => {
    const { kind, apiVersion, ...bare } = meshedPod()
    expect(reasonOf(bare)).toBe('traced')
    expect(reasonOf({ ...bare, kind: '', apiVersion: null })).toBe('traced')
    expect(reasonOf(bare, { request: { resource: '' } })).toBe('traced')
  })
  test.each([
    ['metadata', { metadata: 'x' }],
    ['spec', { spec: [] }],
    ['metadata.labels', { metadata: { labels: [] } }],
    ['metadata.annotations', { metadata: { annotations: 'x' } }],
    ['spec.containers', { spec: { containers: {} } }],
    ['spec.initContainers', { spec: { initContainers: 1 } }],
    ['spec.volumes', { spec: { volumes: 'x' } }],
    ['spec.containers[1].env', { spec: { containers: [null, { env: {} }] } }],
    ['spec.initContainers[0].volumeMounts', { spec: { initContainers: [{ volumeMounts: 'x' }] } }],
    ['spec.containers[0].args', { spec: { containers: [{ args: 'x' }] } }],
  ])('not-pod-create, with the member named: %s of a wrong type', (member, members) => {
    const { decision } = decide({ ...meshedPod(), ...members })
    expect(decision).toMatchObject({ outcome: 'skipped', reason: 'not-pod-create' })
    expect(decision.warnings).toEqual([`${member} has another type than in a core/v1 Pod`])
  })
  test('static-pod, whatever the namespace', () => {
    const pod = meshedPod({ annotations: { 'kubernetes.io/config.mirror': '' } })
    expect(reasonOf(pod, { request: { namespace: 'kube-system' } })).toBe('static-pod')
  })
  test.each(['kube-system', 'kube-node-lease', 'kube-public'])('system-namespace: %s', (namespace) => {
    expect(reasonOf(meshedPod({ labels: COLLECTOR }), { request: { namespace } })).toBe('system-namespace')
  })
  test.each(['linkerd-tracing', 'linkerd'])('a collector in %s is marked', (namespace) => {
    const { decision, patched } = decide(meshedPod({ labels: COLLECTOR }), { request: { namespace } })
    expect(decision).toEqual({ outcome: 'marked', warnings: [] })
    expect(patched.metadata.annotations).toEqual({ 'linkerd.io/inject': 'enabled' })
  })
  test('a mark that is there already stays', () => {
    const pod = meshedPod({ labels: COLLECTOR, annotations: { 'linkerd.io/inject': 'ingress' } })
    const { decision } = decide(pod, { request: { namespace: 'linkerd' } })
    expect(decision).toEqual({ outcome: 'skipped', reason: 'own-component', warnings: [] })
  })
  test('a collector kept out of the mesh by hand stays so, with a warning', () => {
    const pod = meshedPod({ labels: COLLECTOR, annotations: { 'linkerd.io/inject': 'disabled' } })
    const { decision } = decide(pod, { request: { namespace: 'linkerd' } })
    expect(decision).toMatchObject({ reason: 'own-component', warnings: [expect.stringContaining('"disabled" stays')] })
  })
  test.each([
    ['collector', 'shop'],
    ['injector', 'linkerd-tracing'],
    ['', 'linkerd'],
    [null, 'shop'],
  ])('own-component: any other Pod with the label: %j in %s', (component, namespace) => {
    const pod = meshedPod({ labels: { 'tracing.linkerd.io/component': component } })
    expect(reasonOf(pod, { request: { namespace } })).toBe('own-component')
  })
  const address = (text: string) => ({ 'config.linkerd.io/trace-collector': text })
  test.each<[string, PodParts]>([
    ['by serviceAccountName', { spec: { serviceAccountName: 'linkerd-collector' } }],
    ['by its older name', { spec: { serviceAccountName: '', serviceAccount: 'linkerd-collector' } }],
  ])('own-component: the collector itself, %s', (_, parts) => {
    const pod = meshedPod({ ...parts, annotations: address('otel.shop:4317') })
    expect(reasonOf(pod)).toBe('own-component')
    expect(reasonOf(pod, { request: { namespace: 'other' } })).toBe('traced')
  })
  test('own-component: a Pod that names no ServiceAccount has "default"', () => {
    const annotations = {
      ...address('otel.shop:4317'),
      'config.alpha.linkerd.io/trace-collector-service-account': 'default',
    }
    expect(reasonOf(meshedPod({ annotations, spec: { serviceAccountName: null } }))).toBe('own-component')
  })
  test('a loopback collector has no identity, so that no Pod is the collector itself', () => {
    const pod = meshedPod({ spec: { serviceAccountName: 'linkerd-collector' }, annotations: address('127.0.0.1:4317') })
    expect(reasonOf(pod, { request: { namespace: 'linkerd-tracing' } })).toBe('traced')
  })
  test.each<[string, PodParts]>([
    ['label', { labels: { 'tracing.linkerd.io/inject': 'disabled' } }],
    ['annotation', { annotations: { 'tracing.linkerd.io/inject': 'disabled' } }],
  ])('opted-out by %s, also where the Namespace is not opted in', (_, parts) => {
    expect(reasonOf(meshedPod(parts), { namespace: NOT_OPTED_IN })).toBe('opted-out')
  })
  test('not-opted-in, also when the Pod says enabled', () => {
    const pod = meshedPod({ labels: { 'tracing.linkerd.io/inject': 'enabled' } })
    expect(reasonOf(pod, { namespace: NOT_OPTED_IN })).toBe('not-opted-in')
  })
  test('not-meshed, also with an invalid setting', () => {
    const pod = meshedPod({ spec: { containers: [{ name: 'app' }, null] }, annotations: address('') })
    expect(reasonOf(pod, { namespace: OPTED_IN })).toBe('not-meshed')
  })
  test.each([null, undefined])('not-meshed: a Pod whose spec is %s', (spec) => {
    expect(reasonOf({ ...meshedPod(), spec })).toBe('not-meshed')
  })
  test('a native sidecar counts as meshed', () => {
    const { spec } = meshedPod()
    const sidecar = { ...spec, containers: [spec.containers[0]], initContainers: [spec.containers[1]] }
    expect(reasonOf(meshedPod({ spec: sidecar }))).toBe('traced')
  })
  test('invalid-setting comes before unsupported-proxy, and all faults are told', () => {
    const annotations = {
      'config.linkerd.io/trace-collector-protocol': 'opencensus',
      'config.linkerd.io/trace-collector': 'http://otel:4317',
      'config.linkerd.io/trace-collector-name': 'a\nb',
    }
    const { decision } = decide(meshedPod({ annotations }))
    expect(decision).toMatchObject({ reason: 'invalid-setting' })
    expect(decision.warnings).toHaveLength(3)
  })
  test('the faults come before all other warnings, so that none of them is cut off', () => {
    const annotations = { 'tracing.linkerd.io/inject': 'yes', 'config.linkerd.io/trace-collector': 'x' }
    expect(decide(meshedPod({ annotations })).decision.warnings).toEqual([
      expect.stringMatching(/^invalid-setting: Pod annotation config/),
      expect.stringContaining('as if unset'),
    ])
  })
  test('of two proxies the ordinary container is the one', () => {
    const proxies = { containers: [proxyContainer()], initContainers: [proxyContainer()] }
    const { patched } = decide(meshedPod({ spec: proxies }))
    expect(patched.spec.initContainers).toEqual([proxyContainer()])
  })
  test('unsupported-proxy: a protocol that the proxy does not speak', () => {
    const pod = meshedPod({ annotations: { 'config.linkerd.io/trace-collector-protocol': 'opencensus' } })
    expect(reasonOf(pod)).toBe('unsupported-proxy')
  })
})

describe('already-traced', () => {
  test('a second pass changes nothing, and does not read our own annotation', () => {
    const { patched } = decide(meshedPod())
    expect(decide(patched)).toMatchObject({ decision: { outcome: 'already-traced' }, patch: [] })
    delete patched.metadata.annotations['tracing.linkerd.io/status']
    expect(decide(patched)).toMatchObject({ decision: { outcome: 'already-traced' }, patch: [] })
  })
  test('our annotation alone does not make a Pod traced', () => {
    const pod = meshedPod({ annotations: { 'tracing.linkerd.io/status': 'traced' } })
    expect(decide(pod)).toMatchObject({ decision: { outcome: 'traced' } })
  })
})
