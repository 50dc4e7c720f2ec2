import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { ADDRESS, envOf } from '../injection/samples.ts'
import { accessCluster } from './cluster-access.ts'
import { waitUntil } from './control-plane/wait-until.ts'
import { type InstalledInjector, installInjector } from './installed-injector.ts'
import { dryRunPod, type LivePod, plainPod, proxyPlace } from './pods.ts'
import { loopbackService, type ReviewServer, serveReviews } from './review-server.ts'
import { type StandInInjector, startStandInInjector } from './stand-in-injector.ts'

const cluster = accessCluster(inject('cluster'))
const ENABLED = { 'tracing.linkerd.io/inject': 'enabled' }
const MESHED = { 'linkerd.io/inject': 'enabled' }
const LATER = { namespace: 'default', name: 'zz-later' }

let standIn: StandInInjector
let injector: InstalledInjector
let later: ReviewServer

/** A webhook of somebody else, whose configuration sorts after ours: it adds a container to each Pod of one Namespace. */
async function startLaterWebhook(): Promise<ReviewServer> {
  const server = await serveReviews(LATER, async ({ object }) => {
    const isThere = object.spec.containers.some(({ name }: LivePod) => name === 'later')
    const container = { name: 'later', image: 'later.invalid/later:1' }
    return isThere ? {} : { patch: [{ op: 'add', path: '/spec/containers/-', value: container }] }
  })
  const configuration = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name: LATER.name },
    webhooks: [
      {
        name: 'later.example.com',
        admissionReviewVersions: ['v1'],
        sideEffects: 'None',
        failurePolicy: 'Fail',
        rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'reinvoked' } },
        clientConfig: {
          service: { ...LATER, port: server.port },
          caBundle: Buffer.from(server.authority).toString('base64'),
        },
      },
    ],
  }
  const items = [loopbackService(LATER), configuration]
  await cluster.kubectlWith(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }), 'apply', '-f', '-')
  return server
}

beforeAll(async () => {
  standIn = await startStandInInjector(cluster)
  injector = await installInjector(cluster)
  later = await startLaterWebhook()
  await cluster.createNamespace({ name: 'reinvoked', labels: ENABLED, annotations: MESHED })
  await waitUntil({ what: 'all webhooks to be called', limitMs: 20_000 }, async () => {
    const pod = await dryRunPod(cluster, plainPod({ namespace: 'reinvoked', name: 'probe' }))
    return envOf(pod)[ADDRESS] !== undefined && pod.spec.containers.length === 2
  })
})
afterAll(async () => {
  await cluster.kubectl('delete', 'mutatingwebhookconfiguration', LATER.name, '--ignore-not-found')
  await later?.close()
  await injector?.uninstall()
  await standIn?.stop()
})

describe('order of the webhooks', () => {
  test('ours sees the Pod with its proxy, is asked again after a later webhook, and adds nothing twice', async () => {
    const count = (outcome: string) => injector.metric('linkerd_tracing_decisions_total', { outcome, dry_run: 'false' })
    const before = { traced: await count('traced'), already: await count('already-traced') }
    await cluster.kubectlWith(JSON.stringify(plainPod({ namespace: 'reinvoked', name: 'web' })), 'create', '-f', '-')
    expect({ traced: await count('traced'), already: await count('already-traced') }).toEqual({
      traced: before.traced + 1,
      already: before.already + 1,
    })
    const { stdout } = await cluster.kubectl('get', 'pod', 'web', '-n', 'reinvoked', '-o', 'json')
    const pod = JSON.parse(stdout)
    expect(proxyPlace(pod)).toBe('initContainers')
    expect(pod.spec.containers.map(({ name }: LivePod) => name)).toEqual(['app', 'later'])
    // envOf fails on a variable that stands twice
    expect(envOf(pod)[ADDRESS]).toBeDefined()
    expect(pod.spec.volumes.filter(({ name }: LivePod) => name === 'linkerd-podinfo')).toHaveLength(1)
  })
})
