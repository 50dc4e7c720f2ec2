/** The recorded reviews, posted as `curl --data @file` posts them, and their right answers. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import jsonPatch, { type Operation } from 'fast-json-patch'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { settingsOfCase } from './golden-harness/case-folder.ts'
import {
  ADDR,
  ATTRIBUTES_PATH,
  EXTRA_ATTRIBUTES,
  faultsOf,
  NAME,
  PROTOCOL,
  SERVICE_NAME,
} from './golden-harness/pod-rules.ts'
import {
  containerNamed,
  containersOf,
  envOf,
  envValue,
  mapping,
  mountsOf,
  volumesOf,
} from './golden-harness/raw-pod.ts'
import { patchIn, responseIn, startWebhook, type Webhook } from './golden-harness/webhook.ts'

interface Review {
  apiVersion: string
  request: {
    uid: string
    operation: string
    namespace: string
    object: Record<string, unknown>
    [key: string]: unknown
  }
}

function payload(name: string): Review {
  const path = join(import.meta.dirname, 'fixtures', 'payloads', `${name}.json`)
  return JSON.parse(readFileSync(path, 'utf8')) as Review
}

let webhook: Webhook
beforeAll(async () => {
  webhook = await startWebhook(settingsOfCase({ flags: {}, discovered: {} }), () => undefined)
})
afterAll(() => webhook.close())

async function answer(review: object) {
  const response = responseIn(await webhook.post(JSON.stringify(review)))
  expect(response.allowed).toBe(true)
  return { response, patch: patchIn(response) as Operation[] }
}

describe('a traced one', () => {
  test.each([
    ['small', 'containers'],
    ['real', 'initContainers'],
    ['large', 'containers'],
  ])('%s, with the proxy in %s', async (name, list) => {
    const review = payload(name)
    const { response, patch } = await answer(review)
    expect(response).toMatchObject({
      uid: '705ab4f5-6393-11e8-b7cc-42010a800002',
      allowed: true,
      patchType: 'JSONPatch',
      auditAnnotations: {
        outcome: 'traced',
        reason: '',
        collector: 'linkerd-collector.linkerd-tracing.svc.cluster.local:4317',
      },
    })
    expect(response.warnings ?? []).toEqual([])
    const before = review.request.object
    const after = jsonPatch.applyPatch(structuredClone(before), patch, true).newDocument
    expect(faultsOf(before, after)).toEqual([])
    const proxy = containerNamed(after, 'linkerd-proxy')
    expect(mapping(mapping(after)['spec'])[list]).toContain(proxy)
    const variables = Object.fromEntries(
      [ADDR, NAME, PROTOCOL, SERVICE_NAME, ATTRIBUTES_PATH].map((variable) => [variable, envValue(proxy, variable)]),
    )
    expect(variables).toEqual({
      [ADDR]: 'linkerd-collector.linkerd-tracing.svc.cluster.local:4317',
      [NAME]: 'linkerd-collector.linkerd-tracing.serviceaccount.identity.linkerd.cluster.local',
      // edge-25.9.4 speaks both protocols; the install's default decides
      [PROTOCOL]: 'opentelemetry',
      [SERVICE_NAME]: 'checkout',
      [ATTRIBUTES_PATH]: '/var/run/linkerd/podinfo/labels',
    })
    expect(String(envValue(proxy, EXTRA_ATTRIBUTES)).split('\n').toSorted()).toEqual([
      'k8s.container.name=linkerd-proxy',
      'k8s.namespace.name=$(_pod_ns)',
      'k8s.node.name=$(_pod_nodeName)',
      'k8s.pod.ip=$(_pod_ip)',
      'k8s.pod.name=$(_pod_name)',
      'k8s.pod.uid=$(_pod_uid)',
    ])
    expect(mountsOf(proxy)).toContainEqual(expect.objectContaining({ name: 'linkerd-podinfo' }))
    expect(volumesOf(after).filter((volume) => volume['name'] === 'linkerd-podinfo')).toHaveLength(1)
    // nobody else's container is touched
    const others = (pod: unknown): unknown[] => containersOf(pod).filter((c) => c['name'] !== 'linkerd-proxy')
    expect(others(after)).toEqual(others(before))
    expect(envOf(proxy).slice(0, envOf(containerNamed(before, 'linkerd-proxy')).length)).toEqual(
      envOf(containerNamed(before, 'linkerd-proxy')),
    )
    const again = await answer({ ...review, request: { ...review.request, object: after } })
    expect(again.patch).toEqual([])
    expect(again.response.auditAnnotations['outcome']).toBe('already-traced')
  })
})

test('unmeshed: not-meshed, and no patch', async () => {
  const { response, patch } = await answer(payload('unmeshed'))
  expect(response.auditAnnotations).toEqual({ outcome: 'skipped', reason: 'not-meshed', collector: '' })
  expect(response).not.toHaveProperty('patchType')
  expect(patch).toEqual([])
})

test('v1beta1 is answered in kind', async () => {
  const sent = await webhook.post(JSON.stringify({ ...payload('small'), apiVersion: 'admission.k8s.io/v1beta1' }))
  expect(JSON.parse(sent.text)).toMatchObject({ apiVersion: 'admission.k8s.io/v1beta1', kind: 'AdmissionReview' })
  expect(responseIn(sent).auditAnnotations['outcome']).toBe('traced')
})

test('the request is not echoed', async () => {
  const sent = await webhook.post(JSON.stringify(payload('large')))
  expect(Object.keys(JSON.parse(sent.text) as object).toSorted()).toEqual(['apiVersion', 'kind', 'response'])
  expect(sent.text.length).toBeLessThan(8192)
})

test('a dry run is summed up in a warning', async () => {
  const review = payload('real')
  const { response } = await answer({ ...review, request: { ...review.request, dryRun: true } })
  expect(response.warnings).toHaveLength(1)
  expect(response.warnings?.[0]).toContain('linkerd-collector.linkerd-tracing.svc.cluster.local:4317')
  expect(response.warnings?.[0]).toContain('checkout')
})

/** The lines of the Go jaeger-injector's measured answers that are about requests rather than Pods. */
describe('where the old injector answered wrongly', () => {
  test('UPDATE and DELETE of a Pod are admitted as they are', async () => {
    const review = payload('small')
    const update = await answer({ ...review, request: { ...review.request, operation: 'UPDATE' } })
    expect(update.response.auditAnnotations['reason']).toBe('not-pod-create')
    const deleted = await answer({ ...review, request: { ...review.request, operation: 'DELETE', object: null } })
    expect(deleted.response.auditAnnotations['reason']).toBe('not-pod-create')
    expect([...update.patch, ...deleted.patch]).toEqual([])
  })

  test.each([
    ['an unknown apiVersion', JSON.stringify({ ...payload('small'), apiVersion: 'admission.k8s.io/v2' })],
    ['another kind', JSON.stringify({ ...payload('small'), kind: 'AdmissionReport' })],
    ['no request', JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview' })],
    ['an empty body', ''],
    ['no JSON', '{'],
  ])('%s is a 400 with one JSON sentence', async (_what, body) => {
    const sent = await webhook.post(body)
    expect(sent.status).toBe(400)
    expect(JSON.parse(sent.text)).toEqual({ error: expect.any(String) })
  })

  test('no content type is a 415', async () => {
    expect((await webhook.post(JSON.stringify(payload('small')), { 'content-type': '' })).status).toBe(415)
  })

  test('a body over the limit is a 413', async () => {
    const review = payload('small')
    const object = { ...review.request.object, padding: 'x'.repeat(8 * 1024 * 1024) }
    expect((await webhook.post(JSON.stringify({ ...review, request: { ...review.request, object } }))).status).toBe(413)
  })

  test('a body of several megabytes below it is answered', async () => {
    const review = payload('small')
    const object = { ...review.request.object, padding: 'x'.repeat(3 * 1024 * 1024) }
    const { response } = await answer({ ...review, request: { ...review.request, object } })
    expect(response.auditAnnotations['outcome']).toBe('traced')
  })
})
