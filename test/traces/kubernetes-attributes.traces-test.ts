// Spans get the owner of their Pod from a real API server, with no more rights than the collector's ServiceAccount has.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CollectorConfig } from '../../src/install/collector/collector-config.ts'
import { KUBERNETES_ATTRIBUTES_RULES } from '../../src/install/collector/kubernetes-attributes.ts'
import { waitUntil } from '../cluster/control-plane/wait-until.ts'
import { plainPod } from '../cluster/pods.ts'
import { type Cluster, startCluster } from '../cluster/start-cluster.ts'
import { type OtlpClient, openOtlpClient } from './otlp/otlp-client.ts'
import type { Attributes } from './otlp/otlp-messages.ts'
import { type OtlpSink, startOtlpSink } from './otlp/otlp-sink.ts'
import { type Collector, startCollector } from './processes/collector.ts'
import { startTraceRun, type TraceRun } from './processes/trace-run.ts'
import { proxySpan } from './proxy-spans.ts'

const POD_IP = '10.99.0.11'

let run: TraceRun
let cluster: Cluster
let sink: OtlpSink
let collector: Collector
let client: OtlpClient
let uid: string
beforeAll(async () => {
  run = await startTraceRun()
  cluster = await startCluster({ controllerManager: false })
  uid = await createPod()
  sink = await startOtlpSink()
  collector = await startAttributing('attributing', await collectorKubeconfig())
  client = openOtlpClient(collector.grpc)
})
afterAll(async () => {
  client?.close()
  await sink?.stop()
  await run?.stop()
  await cluster?.stop()
})

/** A Pod as a Deployment's, on a node and with an address: no kubelet runs here. */
async function createPod(): Promise<string> {
  await cluster.createNamespace({ name: 'shop' })
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-5d4f7c8b96', uid: crypto.randomUUID() }
  const name = 'web-5d4f7c8b96-x2x2x'
  const pod = plainPod({ namespace: 'shop', name, labels: { app: 'web', 'pod-template-hash': '5d4f7c8b96' } }) as {
    metadata: object
    spec: object
  }
  const owned = {
    ...pod,
    metadata: { ...pod.metadata, ownerReferences: [{ ...owner, controller: true }] },
    spec: { ...pod.spec, nodeName: 'node-1' },
  }
  await cluster.kubectlWith(JSON.stringify(owned), 'create', '-f', '-')
  const status = { phase: 'Running', podIP: POD_IP, podIPs: [{ ip: POD_IP }], startTime: '2026-11-22T10:00:00Z' }
  const patch = JSON.stringify({ status })
  await cluster.kubectl('patch', 'pod', name, '-n', 'shop', '--subresource=status', '--type=merge', '-p', patch)
  const { stdout } = await cluster.kubectl('get', 'pod', name, '-n', 'shop', '-o', 'jsonpath={.metadata.uid}')
  return stdout.trim()
}

/** A kubeconfig with the rights that we give the collector, and no others. */
async function collectorKubeconfig(): Promise<string> {
  const metadata = { name: 'linkerd-collector' }
  const role = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata,
    rules: KUBERNETES_ATTRIBUTES_RULES,
  }
  await cluster.kubectlWith(JSON.stringify(role), 'create', '-f', '-')
  await cluster.kubectl('create', 'serviceaccount', 'linkerd-collector', '-n', 'default')
  const to = ['--clusterrole=linkerd-collector', '--serviceaccount=default:linkerd-collector']
  await cluster.kubectl('create', 'clusterrolebinding', 'linkerd-collector', ...to)
  return cluster.serviceAccountKubeconfig('default', 'linkerd-collector')
}

/** As installed, but that the API server is known by a kubeconfig: no token is mounted here. */
function byKubeconfig(config: CollectorConfig): object {
  const processors = {
    ...config.processors,
    k8s_attributes: { ...config.processors['k8s_attributes'], auth_type: 'kubeConfig' },
  }
  return { ...config, processors }
}

function startAttributing(name: string, kubeconfig: string): Promise<Collector> {
  const backends = [{ name: 'sink', protocol: 'grpc', endpoint: sink.address, tls: false } as const]
  const settings = { backends, kubernetesAttributes: true }
  return startCollector(run, { name, settings, change: byKubeconfig, env: { KUBECONFIG: kubeconfig } })
}

/** Sends a span of that resource, gives the resource that it comes out with. */
async function resourceOf(resource: Attributes, by = client): Promise<Attributes> {
  const span = proxySpan()
  await by.send([{ resource, spans: [span] }])
  const arrived = () => sink.requests().find(({ spans }) => spans.some(({ spanId }) => spanId === span.spanId))
  return (await waitUntil({ what: 'the span', limitMs: 60_000, context: collector.log }, arrived)).resource
}

const FOUND = {
  'k8s.namespace.name': 'shop',
  'k8s.pod.name': 'web-5d4f7c8b96-x2x2x',
  'k8s.node.name': 'node-1',
  'k8s.deployment.name': 'web',
}

test('a Pod is known by the UID that its proxy sends', async () => {
  const resource = { 'service.name': 'web', 'k8s.pod.uid': uid }
  const found = () => resourceOf(resource)
  // Spans do not wait for the first answer of the API server; the first ones may go without.
  await waitUntil(
    { what: 'the attributes', limitMs: 60_000, context: collector.log },
    async () => 'k8s.pod.name' in (await found()),
  )
  expect(await found()).toMatchObject({ ...resource, ...FOUND })
})

test('a proxy that sends no UID is known by its Pod’s IP, as an attribute', async () => {
  expect(await resourceOf({ 'k8s.pod.ip': POD_IP })).toMatchObject({ ...FOUND, 'k8s.pod.uid': uid })
})

test('an unknown Pod, or none at all, gets no attributes: never those of the connection', async () => {
  expect(await resourceOf({ 'k8s.pod.uid': crypto.randomUUID() })).not.toHaveProperty('k8s.pod.name')
  expect(await resourceOf({ 'service.name': 'none' })).toEqual({ 'service.name': 'none' })
})

test('what a proxy says of itself stays', async () => {
  expect(await resourceOf({ 'k8s.pod.uid': uid, 'k8s.node.name': 'mine' })).toMatchObject({ 'k8s.node.name': 'mine' })
})

test('the rights are enough: the API server has refused nothing', () => {
  expect(collector.log()).not.toMatch(/forbidden/i)
})

test('without an API server the collector starts, and spans pass without these attributes', async () => {
  const away = join(run.folder, 'away.kubeconfig')
  writeFileSync(away, readFileSync(cluster.kubeconfig, 'utf8').replace(/127\.0\.0\.1:\d+/, '127.0.0.1:1'))
  const alone = await startAttributing('alone', away)
  const by = openOtlpClient(alone.grpc)
  const resource = { 'service.name': 'web', 'k8s.pod.uid': uid }
  expect(await resourceOf(resource, by)).toEqual(resource)
  by.close()
})
