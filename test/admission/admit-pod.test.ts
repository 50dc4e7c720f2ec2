import fastJsonPatch from 'fast-json-patch'
import { describe, expect, test } from 'vitest'
import { admitPod } from '../../src/admission/admit-pod.ts'
import { toAdmissionReview } from '../../src/admission/to-admission-response.ts'
import type { NamespaceMeta, PodRequest } from '../../src/injection/pod-request.ts'
import { ADDRESS, decide, envOf, INSTALL, meshedPod, podRequest } from '../injection/samples.ts'

const OPTED_IN: NamespaceMeta = { labels: { 'tracing.linkerd.io/inject': 'enabled' }, annotations: {} }
const ports = { readNamespace: () => OPTED_IN, settings: () => INSTALL }
const admit = (object: unknown, overrides: Partial<PodRequest> = {}) => admitPod(podRequest(object, overrides), ports)

describe('the answer', () => {
  test('echoes the uid, allows, and carries the patch in base64', async () => {
    const { response } = await admit(meshedPod())
    expect(response).toMatchObject({
      uid: '705ab4f5-6393-11e8-b7cc-42010a800002',
      allowed: true,
      patchType: 'JSONPatch',
    })
    const operations = JSON.parse(Buffer.from(response.patch as string, 'base64').toString())
    const { newDocument } = fastJsonPatch.applyPatch(meshedPod(), operations, true)
    expect(envOf(newDocument)).toEqual(envOf(decide(meshedPod()).patched))
  })
  test('without changes has neither patch nor patchType', async () => {
    const { response } = await admit(decide(meshedPod()).patched)
    expect(response).toEqual({
      uid: expect.any(String),
      allowed: true,
      auditAnnotations: {
        outcome: 'already-traced',
        reason: '',
        collector: envOf(decide(meshedPod()).patched)[ADDRESS],
      },
    })
  })
  test('carries the decision’s warnings, bounded', async () => {
    const { response } = await admit(meshedPod({ annotations: { 'config.linkerd.io/trace-collector': '' } }))
    expect(response.warnings).toEqual([
      expect.stringMatching(/^linkerd-tracing: invalid-setting: Pod annotation .* "" must be host:port/),
    ])
    expect(response.auditAnnotations).toEqual({ outcome: 'skipped', reason: 'invalid-setting', collector: '' })
  })
  test.each<[string, unknown, string]>([
    [
      'traced',
      meshedPod(),
      'dry run: traced: spans go to "linkerd-collector.linkerd-tracing.svc.cluster.local:4317" by opentelemetry as service "linkerd-proxy"',
    ],
    ['already-traced', decide(meshedPod()).patched, 'dry run: already-traced: spans go to'],
    [
      'skipped',
      meshedPod({ spec: { containers: [] } }),
      'dry run: skipped (not-meshed): the Pod has no container linkerd-proxy',
    ],
  ])('on a dry run sums the decision up: %s', async (_, pod, sentence) => {
    const { response } = await admit(pod, { dryRun: true })
    expect(response.warnings?.[0]).toContain(`linkerd-tracing: ${sentence}`)
  })
  test('on a dry run the summary comes first', async () => {
    const { response } = await admit(meshedPod({ labels: { 'tracing.linkerd.io/inject': 'yes' } }), { dryRun: true })
    expect(response.warnings).toEqual([expect.stringContaining('dry run: '), expect.stringContaining('as if unset')])
  })
  test('on a dry run the address is shown whole', async () => {
    const address = `${'collector-'.repeat(6)}x.namespace-of-mine.svc.cluster.local:4317`
    const { response } = await admit(meshedPod({ annotations: { 'config.linkerd.io/trace-collector': address } }), {
      dryRun: true,
    })
    expect(response.warnings?.[0]).toContain(address)
  })
  test('on a dry run sums a mark up', async () => {
    const pod = meshedPod({ labels: { 'tracing.linkerd.io/component': 'jaeger' } })
    const { response } = await admit(pod, { dryRun: true, namespace: 'linkerd-tracing' })
    expect(response.warnings).toEqual([expect.stringContaining('dry run: marked')])
    expect(response.auditAnnotations).toEqual({ outcome: 'marked', reason: '', collector: '' })
  })
  test('is wrapped in the version that was asked', async () => {
    const { response } = await admit(meshedPod())
    expect(toAdmissionReview('admission.k8s.io/v1beta1', response)).toEqual({
      apiVersion: 'admission.k8s.io/v1beta1',
      kind: 'AdmissionReview',
      response,
    })
  })
})

describe('a Namespace that should be known and is not', () => {
  const unknown = { unknownBecause: 'Namespace "emojivoto" could not be read within 500 ms' }
  const why =
    'linkerd-tracing: Namespace "emojivoto" could not be read within 500 ms; the install\'s settings were taken'
  test.each([
    ['at once', () => unknown],
    ['later', async () => unknown],
  ])('counts as opted in, with a warning that says why: told %s', async (_, readNamespace) => {
    const { decision, response, fault } = await admitPod(podRequest(meshedPod()), { ...ports, readNamespace })
    expect(decision.outcome).toBe('traced')
    expect(response.warnings).toEqual([why])
    expect(fault).toBeUndefined()
  })
  test('its warning stands before those of the decision', async () => {
    const pod = meshedPod({ annotations: { 'config.linkerd.io/trace-collector': '' } })
    const { response } = await admitPod(podRequest(pod), { ...ports, readNamespace: () => unknown })
    expect(response.warnings).toEqual([why, expect.stringContaining('must be host:port')])
  })
})

describe('a fault of ours', () => {
  test.each([
    [
      'the reader throws',
      () => {
        throw new Error('no')
      },
    ],
    ['the reader rejects', () => Promise.reject(new Error('no'))],
  ])('admits the Pod with a warning, and is handed on: %s', async (_, readNamespace) => {
    const { decision, response, fault } = await admitPod(podRequest(meshedPod()), { ...ports, readNamespace })
    expect(decision).toMatchObject({ outcome: 'skipped', reason: 'internal-error' })
    expect(response).toMatchObject({ allowed: true, warnings: [expect.stringContaining('internal-error')] })
    expect(response.patch).toBeUndefined()
    expect(fault).toEqual(new Error('no'))
  })
})

test('a request without namespace asks for none', async () => {
  const { decision } = await admitPod(podRequest(meshedPod(), { namespace: '' }), {
    ...ports,
    readNamespace: () => {
      throw new Error('asked')
    },
  })
  expect(decision).toMatchObject({ outcome: 'traced' })
})
