// The overlay `production`: built by kustomize, taken by the API server, and put together rightly.
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { productionObjects } from '../../scripts/manifests/production/production-objects.ts'
import { PRODUCTION, SAMPLER_HOST } from '../../scripts/manifests/production/production-values.ts'
import { shippedValues } from '../../scripts/manifests/shipped-values.ts'
import { accessCluster } from '../cluster/cluster-access.ts'
import { waitUntil } from '../cluster/control-plane/wait-until.ts'
import { root } from '../source-files.ts'
import { objectSet, parseObjects } from './object-set.ts'
import { findManifestProgram } from './programs/manifest-programs.ts'
import { runProgram } from './run-program.ts'

// biome-ignore lint/suspicious/noExplicitAny: objects as they were rendered
type Raw = any

const cluster = accessCluster(inject('cluster'))
const POLICY_CRDS = join(root, 'test/fixtures/linkerd-policy/crds.yaml')
const NAMESPACES = ['linkerd-tracing', 'linkerd']
const RESTRICTED = 'production-restricted'

let text: string
let objects: Raw[]
beforeAll(async () => {
  const kustomize = await findManifestProgram('kustomize')
  const { stdout } = await runProgram(kustomize, ['build', join(root, 'manifests/kustomize/overlays/production')])
  text = stdout
  objects = parseObjects(text)
  await cluster.kubectl('apply', '-f', POLICY_CRDS)
  await waitUntil({ what: 'Linkerd’s policy kinds', limitMs: 30_000 }, () =>
    cluster.kubectl('get', 'servers.policy.linkerd.io,serverauthorizations.policy.linkerd.io'),
  )
  for (const name of NAMESPACES) await cluster.kubectl('create', 'namespace', name).catch(() => {})
}, 900_000)
afterAll(async () => {
  await cluster.kubectl('delete', '--ignore-not-found', '-f', POLICY_CRDS)
  await cluster.kubectl('delete', 'namespace', RESTRICTED, '--ignore-not-found', '--wait=false')
})

const ofKind = (kind: string): Raw[] => objects.filter((object) => object.kind === kind)
const named = (kind: string, name: string): Raw => ofKind(kind).find(({ metadata }) => metadata.name === name)

test('is what the builder makes', () => {
  expect(objectSet(objects)).toEqual(objectSet(productionObjects(shippedValues(PRODUCTION.values))))
})

test('is taken by the API server, strictly', async () => {
  const { stderr } = await cluster.kubectlWith(
    text,
    'apply',
    '--server-side',
    '--dry-run=server',
    '--validate=strict',
    '-f',
    '-',
  )
  expect(stderr).toBe('')
})

test('its Pods are admitted where Pod Security enforces restricted', async () => {
  await cluster.createNamespace({ name: RESTRICTED, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } })
  const pods = ofKind('Deployment').map(({ metadata: { name }, spec: { template } }) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...template.metadata, name, namespace: RESTRICTED },
    spec: { ...template.spec, serviceAccountName: 'default' },
  }))
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: pods })
  const { stdout } = await cluster.kubectlWith(list, 'create', '--dry-run=server', '-o', 'name', '-f', '-')
  expect(stdout.trim().split('\n')).toHaveLength(4)
})

test('no selector takes Pods of two Deployments', () => {
  const templates = ofKind('Deployment').map(({ metadata, spec }) => [metadata.name, spec.template.metadata.labels])
  const selectors = objects.flatMap(({ kind, spec }) => [
    ...(kind === 'Service' ? [spec.selector] : []),
    ...(kind === 'Deployment' || kind === 'PodDisruptionBudget' ? [spec.selector.matchLabels] : []),
    ...(kind === 'NetworkPolicy' || kind === 'Server' ? [spec.podSelector.matchLabels] : []),
  ])
  expect(selectors.length).toBeGreaterThan(15)
  for (const selector of selectors) {
    const taken = templates.filter(([, labels]) =>
      Object.entries(selector).every(([key, value]) => labels[key] === value),
    )
    expect(taken.map(([name]) => name)).toHaveLength(1)
  }
})

test('what an autoscaler scales is there, has its container, and says no number of replicas', () => {
  const scalers = ofKind('HorizontalPodAutoscaler')
  expect(scalers).toHaveLength(2)
  for (const { spec } of scalers) {
    const deployment = named('Deployment', spec.scaleTargetRef.name)
    expect(deployment.spec.replicas).toBeUndefined()
    const container = spec.metrics[0].containerResource.container
    const { resources } = deployment.spec.template.spec.containers.find(({ name }: Raw) => name === container)
    expect(resources.requests.cpu).toMatch(/^\d+m$/)
  }
})

test('the first tier finds the second by its headless Service; each of the two lets in the one before it', () => {
  const { metadata, spec } = named('Service', SAMPLER_HOST.split('.')[0] ?? '')
  expect(SAMPLER_HOST).toBe(`${metadata.name}.${metadata.namespace}.svc.cluster.local`)
  expect(spec).toMatchObject({ clusterIP: 'None', ports: [{ port: 4317 }] })
  const clientOf = (name: string) => named('ServerAuthorization', name).spec.client
  const identity = (name: string) => ({ meshTLS: { serviceAccounts: [{ name, namespace: 'linkerd-tracing' }] } })
  expect(clientOf('linkerd-sampler-otlp-grpc')).toEqual(identity('linkerd-collector'))
  expect(clientOf('linkerd-jaeger-otlp-grpc')).toEqual(identity('linkerd-sampler'))
  const pod = named('Deployment', 'linkerd-sampler').spec.template
  expect(pod.metadata.labels['tracing.linkerd.io/component']).toBe('collector')
  expect(pod.metadata.annotations['linkerd.io/inject']).toBe('enabled')
})
