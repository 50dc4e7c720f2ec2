// The test cluster itself: is it what the other tests take it for, and does it go away?
import { existsSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest'
import { accessCluster, ensureDefaultServiceAccount } from './cluster-access.ts'
import { waitUntil } from './control-plane/wait-until.ts'
import { KubectlError } from './kubectl.ts'
import { dryRunPod, listPods, plainDeployment, plainPod, proxyPlace } from './pods.ts'
import { isListening, processesOf } from './processes-of.ts'
import { type StandInInjector, startStandInInjector } from './stand-in-injector.ts'
import { type Cluster, type ClusterOptions, startCluster } from './start-cluster.ts'

const shared = accessCluster(inject('cluster'))

const started: Cluster[] = []
afterEach(async () => {
  for (const cluster of started.splice(0)) await cluster.stop()
})

async function startOwn(options: ClusterOptions): Promise<Cluster> {
  const cluster = await startCluster(options)
  started.push(cluster)
  return cluster
}

describe('versions', () => {
  // What each version does and the one before it does not, by its feature gates' defaults.
  const NEW_IN = { hostnameOverride: 35, serviceNameFromDigit: 36, mutatingAdmissionPolicy: 36, maxUnavailable: 37 }
  const expected = (minor: number) =>
    Object.fromEntries(Object.entries(NEW_IN).map(([what, since]) => [what, minor >= since]))

  test('the release is 1.37, and behaves so', async () => {
    const { stdout } = await shared.kubectl('get', '--raw', '/version')
    expect(JSON.parse(stdout)).toMatchObject({ gitVersion: 'v1.37.2', emulationMajor: '1', emulationMinor: '37' })
    expect(await observe(shared)).toEqual(expected(37))
  })

  test.each([34, 35, 36])('it emulates 1.%i', async (minor) => {
    const cluster = await startOwn({ emulatedVersion: `1.${minor}`, controllerManager: false })
    const { stdout } = await cluster.kubectl('get', '--raw', '/version')
    expect(JSON.parse(stdout)).toMatchObject({ gitVersion: 'v1.37.2', emulationMajor: '1', emulationMinor: `${minor}` })
    expect(await observe(cluster)).toEqual(expected(minor))
  })

  test('a version that it cannot emulate is refused with the API server’s own words', async () => {
    const start = startCluster({ emulatedVersion: '1.33', controllerManager: false })
    await expect(start).rejects.toThrow(/kube-apiserver ended before it was ready[\s\S]*1\.33 is not between \[1\.34/)
  })

  async function observe(
    cluster: Pick<Cluster, 'kubectl' | 'kubectlWith'>,
  ): Promise<Record<keyof typeof NEW_IN, boolean>> {
    const create = async (object: object) => {
      const { stdout } = await cluster.kubectlWith(
        JSON.stringify(object),
        'create',
        '--dry-run=server',
        '-o',
        'json',
        '-f',
        '-',
      )
      return JSON.parse(stdout)
    }
    const { template, ...spec } = (
      plainDeployment({ namespace: 'default', name: 'web' }) as { spec: { template: object } }
    ).spec
    const rolling = { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 2 } }
    const pod = { ...plainPod({ namespace: 'default', name: 'web' }) } as { spec: object }
    const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: '1web' }, spec: { ports: [{ port: 80 }] } }
    const [madePod, madeSet, madeService, resources] = await Promise.all([
      create({ ...pod, spec: { ...pod.spec, hostnameOverride: 'web' } }),
      create({
        apiVersion: 'apps/v1',
        kind: 'StatefulSet',
        metadata: { name: 'web' },
        spec: { ...spec, template, updateStrategy: rolling },
      }),
      create(service).catch((error: KubectlError) => error),
      cluster.kubectl('api-resources', '--api-group=admissionregistration.k8s.io', '-o', 'name'),
    ])
    return {
      hostnameOverride: madePod.spec.hostnameOverride === 'web',
      serviceNameFromDigit: !(madeService instanceof KubectlError),
      mutatingAdmissionPolicy: resources.stdout.includes('mutatingadmissionpolicies'),
      maxUnavailable: madeSet.spec.updateStrategy.rollingUpdate.maxUnavailable === 2,
    }
  }
})

describe('an API server with RBAC and an audit log', () => {
  test('a ServiceAccount may do what it is given, and nothing else', async () => {
    await shared.createNamespace({ name: 'rbac' })
    await shared.kubectl('create', 'role', 'reader', '--verb=list', '--resource=pods', '-n', 'rbac')
    await shared.kubectl(
      'create',
      'rolebinding',
      'reads',
      '--role=reader',
      '--serviceaccount=rbac:default',
      '-n',
      'rbac',
    )
    const file = await shared.serviceAccountKubeconfig('rbac', 'default')
    await shared.untilAllowed(file, 'list', 'pods', '-n', 'rbac')
    const kubeconfig = `--kubeconfig=${file}`
    await expect(shared.kubectl('get', 'pods', '-n', 'rbac', kubeconfig)).resolves.toBeDefined()
    await expect(shared.kubectl('get', 'pods', '-n', 'default', kubeconfig)).rejects.toThrow(/forbidden/i)
    await expect(shared.kubectl('create', 'configmap', 'one', '-n', 'rbac', kubeconfig)).rejects.toThrow(/forbidden/i)
  })

  test('the audit log tells who did what', async () => {
    await shared.createNamespace({ name: 'audited' })
    const event = await waitUntil({ what: 'the audit event', limitMs: 10_000 }, () =>
      shared.audit().find(({ verb, objectRef }) => verb === 'create' && objectRef?.name === 'audited'),
    )
    expect(event).toMatchObject({ user: { username: 'admin' }, responseStatus: { code: 201 } })
  })
})

describe.skipIf(!shared.hasControllerManager)('a Deployment', () => {
  test('gets a ReplicaSet and its Pod', async () => {
    await shared.createNamespace({ name: 'workloads' })
    await shared.kubectlWith(
      JSON.stringify(plainDeployment({ namespace: 'workloads', name: 'web' })),
      'apply',
      '-f',
      '-',
    )
    const [pod] = await waitUntil({ what: 'the Pod of web', limitMs: 30_000 }, async () => {
      const pods = await listPods(shared, 'workloads', 'app=web')
      return pods.length > 0 && pods
    })
    expect(pod.metadata.ownerReferences).toMatchObject([{ kind: 'ReplicaSet', controller: true }])
    expect(pod.metadata.generateName).toMatch(/^web-/)
    expect(pod.status.phase).toBe('Pending')
  })

  test('goes with its Namespace', async () => {
    await shared.createNamespace({ name: 'short-lived' })
    await shared.kubectlWith(
      JSON.stringify(plainDeployment({ namespace: 'short-lived', name: 'web' })),
      'apply',
      '-f',
      '-',
    )
    await shared.kubectl('delete', 'namespace', 'short-lived', '--timeout=30s')
    await expect(shared.kubectl('get', 'namespace', 'short-lived')).rejects.toThrow(/NotFound/)
  })
})

describe('the stand-in for Linkerd’s injector', () => {
  let linkerd: StandInInjector
  const ENABLED = { 'linkerd.io/inject': 'enabled' }
  beforeAll(async () => {
    linkerd = await startStandInInjector(shared)
    await shared.createNamespace({ name: 'meshed', annotations: ENABLED })
    await shared.createNamespace({ name: 'unmeshed' })
  })
  afterAll(() => linkerd?.stop())

  const dryRun = (namespace: string, annotations: Record<string, string> = {}) =>
    dryRunPod(shared, plainPod({ namespace, name: 'pod', annotations }))

  test.each([
    { what: 'the Namespace’s annotation', namespace: 'meshed', annotations: {}, place: 'initContainers' },
    { what: 'the Pod’s annotation', namespace: 'unmeshed', annotations: ENABLED, place: 'initContainers' },
    { what: 'no annotation', namespace: 'unmeshed', annotations: {}, place: undefined },
    {
      what: 'the Pod’s `disabled` over the Namespace’s `enabled`',
      namespace: 'meshed',
      annotations: { 'linkerd.io/inject': 'disabled' },
      place: undefined,
    },
    {
      what: 'no native sidecar wanted',
      namespace: 'meshed',
      annotations: { 'config.linkerd.io/proxy-enable-native-sidecar': 'false' },
      place: 'containers',
    },
  ])('$what decides', async ({ namespace, annotations, place }) => {
    expect(proxyPlace(await dryRun(namespace, annotations))).toBe(place)
  })

  test('the proxy is one that can be traced: an image with its version, and the variables to find the mesh by', async () => {
    const pod = await dryRun('meshed')
    const proxy = pod.spec.initContainers.find(({ name }: { name: string }) => name === 'linkerd-proxy')
    expect(proxy).toMatchObject({ image: 'cr.l5d.io/linkerd/proxy:edge-26.8.3', restartPolicy: 'Always' })
    const names = proxy.env.map(({ name }: { name: string }) => name)
    expect(names).toEqual(
      expect.arrayContaining(['_pod_name', '_pod_ns', '_pod_uid', '_pod_ip', '_l5d_ns', '_l5d_trustdomain']),
    )
    expect(pod.metadata.annotations['linkerd.io/proxy-version']).toBe('edge-26.8.3')
  })

  test('a Pod that has a proxy is left alone', async () => {
    const pod = await dryRun('meshed')
    for (const field of ['uid', 'creationTimestamp', 'resourceVersion']) delete pod.metadata[field]
    const again = await dryRunPod(shared, pod)
    expect(again.spec).toEqual(pod.spec)
  })

  test('it is not called for control-plane Pods, nor in Namespaces that say so, nor in kube-system', async () => {
    await shared.createNamespace({ name: 'closed', labels: { 'config.linkerd.io/admission-webhooks': 'disabled' } })
    await dryRun('closed', ENABLED)
    await ensureDefaultServiceAccount(shared, 'kube-system')
    await dryRun('kube-system', ENABLED)
    const called = linkerd.calls.filter(({ namespace }) => namespace === 'closed' || namespace === 'kube-system')
    expect(called).toEqual([])
    await dryRunPod(
      shared,
      plainPod({
        namespace: 'meshed',
        name: 'component',
        labels: { 'linkerd.io/control-plane-component': 'destination' },
      }),
    )
    expect(linkerd.countCalls('meshed', 'component')).toBe(0)
  })

  test('it counts its calls by Pod', async () => {
    await dryRunPod(shared, plainPod({ namespace: 'unmeshed', name: 'counted' }))
    await dryRunPod(shared, plainPod({ namespace: 'unmeshed', name: 'counted' }))
    expect(linkerd.countCalls('unmeshed', 'counted')).toBe(2)
  })

  test.skipIf(!shared.hasControllerManager)('a Deployment’s Pods are meshed, and named after it', async () => {
    await shared.kubectlWith(JSON.stringify(plainDeployment({ namespace: 'meshed', name: 'web' })), 'apply', '-f', '-')
    const [pod] = await waitUntil({ what: 'the Pod of web', limitMs: 30_000 }, async () => {
      const pods = await listPods(shared, 'meshed', 'app=web')
      return pods.length > 0 && pods
    })
    expect(proxyPlace(pod)).toBe('initContainers')
    expect(pod.metadata.labels['linkerd.io/proxy-deployment']).toBe('web')
  })

  test('when it is down Pods are admitted without a proxy; then another one takes its place', async () => {
    await linkerd.closeServer()
    expect(proxyPlace(await dryRun('meshed'))).toBeUndefined()
    await linkerd.stop()
    linkerd = await startStandInInjector(shared, { native: false, version: 'stable-2.14.10' })
    const pod = await dryRun('meshed')
    expect(proxyPlace(pod)).toBe('containers')
    expect(pod.spec.containers[0].image).toBe('cr.l5d.io/linkerd/proxy:stable-2.14.10')
  })
})

describe('the API server under a test’s control', () => {
  test('it is killed and comes back on its port with its data', async () => {
    const cluster = await startOwn({ controllerManager: false })
    await cluster.createNamespace({ name: 'kept' })
    await cluster.apiServer.kill()
    expect(await isListening(cluster.ports.apiServer)).toBe(false)
    await expect(cluster.kubectl('get', 'namespace', 'kept')).rejects.toThrow(/refused/)
    await cluster.apiServer.start()
    await expect(cluster.kubectl('get', 'namespace', 'kept')).resolves.toBeDefined()
  })

  test.skipIf(!shared.hasControllerManager)('the controller manager goes on after a restart', async () => {
    const cluster = await startOwn({})
    await cluster.apiServer.stop()
    await cluster.apiServer.start()
    // Made by the controller manager alone.
    await cluster.createNamespace({ name: 'after' })
  })
})

test('after stop ports are closed, processes have ended and the folder is gone', async () => {
  const cluster = await startCluster({})
  const ports = Object.values(cluster.ports)
  expect(await isListening(cluster.ports.apiServer)).toBe(true)
  // More than the servers: the watchdog, too, has the folder in its command line.
  expect(processesOf(cluster.folder)).toEqual(expect.arrayContaining(cluster.pids()))
  await cluster.stop()
  expect(processesOf(cluster.folder)).toEqual([])
  expect(await Promise.all(ports.map(isListening))).toEqual(ports.map(() => false))
  expect(existsSync(cluster.folder)).toBe(false)
})
