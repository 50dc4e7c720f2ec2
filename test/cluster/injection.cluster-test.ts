import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { ADDRESS, EXTRA_ATTRIBUTES, envOf, NAME, PROTOCOL, SERVICE_NAME } from '../injection/samples.ts'
import { accessCluster, type NewNamespace } from './cluster-access.ts'
import { waitUntil } from './control-plane/wait-until.ts'
import { type InstalledInjector, installInjector } from './installed-injector.ts'
import { dryRunPod, type LivePod, listPods, plainDeployment, plainPod, proxyPlace } from './pods.ts'
import { type StandInInjector, startStandInInjector } from './stand-in-injector.ts'

const cluster = accessCluster(inject('cluster'))
const ENABLED = { 'tracing.linkerd.io/inject': 'enabled' }
const MESHED = { 'linkerd.io/inject': 'enabled' }
const COLLECTOR = 'linkerd-collector.linkerd-tracing.svc.cluster.local:4317'
const BRIDGE = 'linkerd-collector.linkerd-tracing.svc.cluster.local:55678'

let standIn: StandInInjector
let injector: InstalledInjector

beforeAll(async () => {
  standIn = await startStandInInjector(cluster)
  injector = await installInjector(cluster)
  await cluster.createNamespace({ name: 'shop', labels: ENABLED, annotations: MESHED })
  await cluster.createNamespace({ name: 'quiet', annotations: MESHED })
  await waitUntil({ what: 'the webhook to be called', limitMs: 20_000 }, async () =>
    isTraced(await dryRunPod(cluster, plainPod({ namespace: 'shop', name: 'probe' }))),
  )
})
afterAll(async () => {
  await injector?.uninstall()
  await standIn?.stop()
})

function isTraced(pod: LivePod): boolean {
  return proxyPlace(pod) !== undefined && envOf(pod)[ADDRESS] !== undefined
}

/** Makes a Deployment and gives the Pod that the controllers make of it. */
async function deploy(deployment: object, namespace: string, labels: string): Promise<LivePod> {
  await cluster.kubectlWith(JSON.stringify(deployment), 'create', '-f', '-')
  const [pod] = await waitUntil({ what: `a Pod of ${labels} in ${namespace}`, limitMs: 30_000 }, async () => {
    const pods = await listPods(cluster, namespace, labels)
    return pods.length > 0 && pods
  })
  return pod
}

async function namespaceWith(namespace: NewNamespace): Promise<void> {
  await cluster.createNamespace({ ...namespace, annotations: { ...MESHED, ...namespace.annotations } })
}

describe('workloads', () => {
  test('a Deployment in an opted-in Namespace comes out meshed and traced', async () => {
    const pod = await deploy(
      plainDeployment({ namespace: 'shop', name: 'web', labels: { 'app.kubernetes.io/name': 'web' } }),
      'shop',
      'app=web',
    )
    expect(proxyPlace(pod)).toBe('initContainers')
    expect(envOf(pod)).toMatchObject({
      [ADDRESS]: COLLECTOR,
      [NAME]: 'linkerd-collector.linkerd-tracing.serviceaccount.identity.linkerd.cluster.local',
      [PROTOCOL]: 'opentelemetry',
      [SERVICE_NAME]: 'web',
    })
    expect(envOf(pod)[EXTRA_ATTRIBUTES]).toContain('k8s.pod.uid=$(_pod_uid)')
    expect(pod.spec.volumes).toContainEqual(expect.objectContaining({ name: 'linkerd-podinfo' }))
    expect(pod.metadata.annotations['tracing.linkerd.io/status']).toBe('traced')
  })
  test('in a Namespace that is not opted in it comes out meshed and untraced', async () => {
    const pod = await deploy(plainDeployment({ namespace: 'quiet', name: 'web' }), 'quiet', 'app=web')
    expect(proxyPlace(pod)).toBe('initContainers')
    expect(isTraced(pod)).toBe(false)
  })
  test('once the label is flipped new Pods are not traced, and are again when it is flipped back', async () => {
    await namespaceWith({ name: 'flipped', labels: ENABLED })
    const pod = plainPod({ namespace: 'flipped', name: 'x' })
    const becomes = (traced: boolean) =>
      waitUntil(
        { what: `Pods to be traced: ${traced}`, limitMs: 10_000 },
        async () => isTraced(await dryRunPod(cluster, pod)) === traced,
      )
    await becomes(true)
    await cluster.kubectl('label', 'namespace', 'flipped', 'tracing.linkerd.io/inject=disabled', '--overwrite')
    await becomes(false)
    await cluster.kubectl('label', 'namespace', 'flipped', 'tracing.linkerd.io/inject=enabled', '--overwrite')
    await becomes(true)
  })
  test.each(['labels', 'annotations'])('a Pod opts out by its %s', async (member) => {
    const pod = plainPod({ namespace: 'shop', name: 'out', [member]: { 'tracing.linkerd.io/inject': 'disabled' } })
    expect(isTraced(await dryRunPod(cluster, pod))).toBe(false)
  })
  test('a proxy as an ordinary container is traced as well', async () => {
    const annotations = { 'config.linkerd.io/proxy-enable-native-sidecar': 'false' }
    const pod = await dryRunPod(cluster, plainPod({ namespace: 'shop', name: 'x', annotations }))
    expect({ place: proxyPlace(pod), traced: isTraced(pod) }).toEqual({ place: 'containers', traced: true })
  })
  test('a Pod without token, and so without any volume of its own, is admitted and traced', async () => {
    const pod = plainPod({ namespace: 'shop', name: 'tokenless' }) as LivePod
    pod.spec.automountServiceAccountToken = false
    expect(isTraced(await dryRunPod(cluster, pod))).toBe(true)
  })
})

describe('settings', () => {
  beforeAll(() =>
    namespaceWith({
      name: 'configured',
      labels: ENABLED,
      annotations: { 'config.linkerd.io/trace-collector': 'otel.obs:4317', 'resource.opentelemetry.io/team': 'a' },
    }),
  )
  const envWith = async (annotations: Record<string, string>) =>
    envOf(await dryRunPod(cluster, plainPod({ namespace: 'configured', name: 'x', annotations })))
  test('of the Namespace win over the installation’s', async () => {
    const env = await envWith({})
    expect(env).toMatchObject({
      [ADDRESS]: 'otel.obs:4317',
      [NAME]: 'linkerd-collector.obs.serviceaccount.identity.linkerd.cluster.local',
    })
    expect(env[EXTRA_ATTRIBUTES]).toContain('team=a')
  })
  test('of the Pod win over the Namespace’s', async () => {
    const env = await envWith({
      'config.linkerd.io/trace-collector': 'own.shop:4317',
      'config.alpha.linkerd.io/trace-collector-service-account': 'own-collector',
      'config.linkerd.io/trace-collector-name': "Joe's <shop>&co",
      'resource.opentelemetry.io/team': '$(X)',
    })
    expect(env).toMatchObject({
      [ADDRESS]: 'own.shop:4317',
      [NAME]: 'own-collector.shop.serviceaccount.identity.linkerd.cluster.local',
      [SERVICE_NAME]: "Joe's <shop>&co",
    })
    expect(env[EXTRA_ATTRIBUTES]).toContain('team=$$(X)')
  })
  test('that would crash the proxy leave the Pod untraced, and say why', async () => {
    const pod = plainPod({
      namespace: 'configured',
      name: 'x',
      annotations: { 'config.linkerd.io/trace-collector': 'http://otel:4317' },
    })
    const { stdout, stderr } = await cluster.kubectlWith(
      JSON.stringify(pod),
      'create',
      '--dry-run=server',
      '-o',
      'json',
      '-f',
      '-',
    )
    expect(isTraced(JSON.parse(stdout))).toBe(false)
    expect(stderr).toContain(
      'Warning: linkerd-tracing: invalid-setting: Pod annotation config.linkerd.io/trace-collector "http://otel:4317" must be host:port',
    )
  })
})

describe('the control plane', () => {
  /** Shaped as Linkerd's chart makes it: its proxy is in the template, for no injector is called there. */
  function component(name: string, program: string): LivePod {
    const labels = { 'linkerd.io/control-plane-component': name }
    const deployment = plainDeployment({ namespace: 'linkerd', name, labels }) as LivePod
    const { spec } = deployment.spec.template
    const env = [
      { name: '_pod_name', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
      { name: '_l5d_ns', value: 'linkerd' },
      { name: '_l5d_trustdomain', value: 'cluster.local' },
    ]
    spec.containers = [{ name, image: 'cr.l5d.io/linkerd/controller:edge-26.8.3', args: [program, '-log-level=info'] }]
    spec.initContainers = [
      { name: 'linkerd-proxy', image: 'cr.l5d.io/linkerd/proxy:edge-26.8.3', restartPolicy: 'Always', env },
    ]
    return deployment
  }
  const argsOf = (pod: LivePod) => pod.spec.containers[0].args

  test.each(['destination', 'identity'])('%s: proxy and component are traced', async (name) => {
    const pod = await deploy(component(name, name), 'linkerd', `linkerd.io/control-plane-component=${name}`)
    expect(isTraced(pod)).toBe(true)
    expect(argsOf(pod)).toEqual([name, '-log-level=info', `-trace-collector=${BRIDGE}`])
  })
  test('proxy-injector: the proxy is traced, the component gets no flag that it does not know', async () => {
    const pod = await deploy(
      component('proxy-injector', 'proxy-injector'),
      'linkerd',
      'linkerd.io/control-plane-component=proxy-injector',
    )
    expect(isTraced(pod)).toBe(true)
    expect(argsOf(pod)).toEqual(['proxy-injector', '-log-level=info'])
  })
  test('Linkerd’s own injector is never called there', () => {
    expect(standIn.countCalls('linkerd', '')).toBe(0)
  })
  test('labelled disabled it is left alone', async () => {
    await cluster.kubectl('label', 'namespace', 'linkerd', 'tracing.linkerd.io/inject=disabled')
    const { template } = component('destination', 'destination').spec
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { ...template.metadata, namespace: 'linkerd', name: 'x' },
      spec: template.spec,
    }
    try {
      await waitUntil(
        { what: 'the control plane to be left alone', limitMs: 10_000 },
        async () => !isTraced(await dryRunPod(cluster, pod)),
      )
    } finally {
      await cluster.kubectl('label', 'namespace', 'linkerd', 'tracing.linkerd.io/inject-')
    }
  })
})

describe('who is asked at all', () => {
  const asked = () => injector.metric('linkerd_tracing_decisions_total')
  test('an unmeshed Pod causes no call', async () => {
    await cluster.createNamespace({ name: 'unmeshed-shop', labels: ENABLED })
    const before = await asked()
    const pod = await dryRunPod(cluster, plainPod({ namespace: 'unmeshed-shop', name: 'x' }))
    expect(proxyPlace(pod)).toBeUndefined()
    expect(await asked()).toBe(before)
  })
  test('a dry run is counted as such, and nothing is admitted', async () => {
    const label = { outcome: 'traced', dry_run: 'false' }
    const before = await injector.metric('linkerd_tracing_decisions_total', label)
    await dryRunPod(cluster, plainPod({ namespace: 'shop', name: 'nobody' }))
    expect(await injector.metric('linkerd_tracing_decisions_total', label)).toBe(before)
    await expect(cluster.kubectl('get', 'pod', 'nobody', '-n', 'shop')).rejects.toThrow()
  })
  test('each answer leaves its outcome in the API server’s audit log', async () => {
    await cluster.kubectlWith(JSON.stringify(plainPod({ namespace: 'shop', name: 'audited-pod' })), 'create', '-f', '-')
    const event = await waitUntil({ what: 'the audit event', limitMs: 10_000 }, () =>
      cluster.audit().find(({ verb, objectRef }) => verb === 'create' && objectRef?.name === 'audited-pod'),
    )
    expect(event.annotations).toMatchObject({
      'workloads.tracing.linkerd.io/outcome': 'traced',
      'workloads.tracing.linkerd.io/collector': COLLECTOR,
    })
  })
})
