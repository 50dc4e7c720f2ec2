import { afterEach, beforeAll, expect, inject, test } from 'vitest'
import { ADDRESS, envOf, proxyContainer } from '../injection/samples.ts'
import { accessCluster } from './cluster-access.ts'
import { waitUntil } from './control-plane/wait-until.ts'
import { type InstalledInjector, installInjector } from './installed-injector.ts'
import { dryRunPod, type LivePod, plainPod } from './pods.ts'

// Who is asked at all is the API server's decision, by selectors and conditions: a call too many would be answered
// rightly by the injector, and seen by nobody. So the calls are counted, with Pods that have their proxy already.
const cluster = accessCluster(inject('cluster'))
const isTraced = (pod: LivePod) => envOf(pod)[ADDRESS] !== undefined

let injector: InstalledInjector

beforeAll(async () => {
  await cluster.createNamespace({ name: 'selected-in', labels: { 'tracing.linkerd.io/inject': 'enabled' } })
  await cluster.createNamespace({ name: 'selected-out', labels: { 'tracing.linkerd.io/inject': 'disabled' } })
  await cluster.createNamespace({ name: 'unselected' })
})
afterEach(() => injector?.uninstall())

function meshedPod(namespace: string): LivePod {
  const pod = plainPod({ namespace, name: 'web' }) as LivePod
  pod.spec.initContainers = [{ ...proxyContainer({ volumeMounts: [] }), restartPolicy: 'Always' }]
  return pod
}

const tracedIn = async (namespace: string) => isTraced(await dryRunPod(cluster, meshedPod(namespace)))

async function install(options = {}): Promise<void> {
  injector = await installInjector(cluster, options)
  await waitUntil({ what: 'the webhook to be called', limitMs: 20_000 }, () => tracedIn('selected-in'))
}

async function expectNoCall(pod: LivePod): Promise<void> {
  const calls = () => injector.metric('linkerd_tracing_decisions_total')
  const before = await calls()
  expect(isTraced(await dryRunPod(cluster, pod))).toBe(false)
  expect(await calls()).toBe(before)
}

test('with --all-namespaces every Namespace is in but those labelled disabled, which cost no call', async () => {
  await install({ allNamespaces: true })
  expect(await tracedIn('unselected')).toBe(true)
  await expectNoCall(meshedPod('selected-out'))
})

test('without it only those labelled enabled are; the others cost no call', async () => {
  await install()
  await expectNoCall(meshedPod('unselected'))
  await expectNoCall(meshedPod('selected-out'))
})

test.each(['kube-system', 'kube-public', 'kube-node-lease'])(
  'Kubernetes’ own %s costs no call, whatever its label',
  async (namespace) => {
    await install({ allNamespaces: true })
    await cluster.kubectl('label', 'namespace', namespace, 'tracing.linkerd.io/inject=enabled')
    try {
      await expectNoCall({ ...meshedPod(namespace) })
    } finally {
      await cluster.kubectl('label', 'namespace', namespace, 'tracing.linkerd.io/inject-')
    }
  },
)

test('the mirror of a static Pod costs no call', async () => {
  await install()
  const pod = meshedPod('selected-in')
  pod.metadata.annotations = { 'kubernetes.io/config.mirror': 'x' }
  // only a kubelet may make one, of its own node and without a token; the admin is let through without the node's check
  pod.spec = { ...pod.spec, nodeName: 'node', automountServiceAccountToken: false }
  await expectNoCall(pod)
})

test('no condition ever fails to be evaluated, which would look like a Pod that is not meant', async () => {
  await install()
  await dryRunPod(cluster, plainPod({ namespace: 'selected-in', name: 'plain' }))
  const { stdout } = await cluster.kubectl('get', '--raw', '/metrics')
  const errors = stdout
    .split('\n')
    .filter((line) => line.startsWith('apiserver_admission_match_condition_evaluation_errors_total{'))
    .filter((line) => line.includes('tracing.linkerd.io'))
  expect(errors).toEqual([])
})
