// The Pods of a rollout, as real controllers and a real API server make them: those behind the first two are answered as these,
// and differ in nothing that we change; what counts for them is what holds at that time.
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { ADDRESS, envOf } from '../injection/samples.ts'
import { accessCluster } from './cluster-access.ts'
import { waitUntil } from './control-plane/wait-until.ts'
import { type InjectedShop, openShop } from './injected-shop.ts'
import { type InstalledInjector, installInjector } from './installed-injector.ts'
import { dryRunPod, type LivePod, listPods, plainDeployment, plainPod } from './pods.ts'
import { type StandInInjector, startStandInInjector } from './stand-in-injector.ts'

const cluster = accessCluster(inject('cluster'))
const NAMESPACE = 'rollout'
const REPLICAS = 10
const COLLECTOR = 'linkerd-collector.linkerd-tracing.svc.cluster.local:4317'

let standIn: StandInInjector
let injector: InstalledInjector
let shop: InjectedShop

beforeAll(async () => {
  standIn = await startStandInInjector(cluster)
  injector = await installInjector(cluster)
  shop = await openShop(cluster, { name: NAMESPACE })
  await shop.becomesTraced()
})
afterAll(async () => {
  await cluster.kubectl('delete', 'deployment', '-n', NAMESPACE, '--all')
  await shop?.close()
  await injector?.uninstall()
  await standIn?.stop()
})

const repeated = () => injector.metric('linkerd_tracing_repeated_decisions_total')

/** Waits until a dry run says that Pods of the Namespace send to that collector. */
async function sendTo(collector: string): Promise<void> {
  const probe = plainPod({ namespace: NAMESPACE, name: 'probe' })
  await waitUntil({ what: `Pods to send to ${collector}`, limitMs: 20_000 }, async () => {
    return envOf(await dryRunPod(cluster, probe))[ADDRESS] === collector
  })
}

/** All Pods of the Deployment, once there are as many as there should be. */
async function rolledOut(): Promise<LivePod[]> {
  let pods: LivePod[] = []
  await waitUntil({ what: `${REPLICAS} Pods`, limitMs: 30_000 }, async () => {
    pods = await listPods(cluster, NAMESPACE, 'app=web')
    return pods.length === REPLICAS
  })
  return pods
}

/** What is the Pod's own: its names, and what the API server sets when it is made. */
function withoutItsOwn({ metadata, spec, status: _status, ...rest }: LivePod): LivePod {
  const { name: _name, uid: _uid, resourceVersion: _version, creationTimestamp: _created, ...shared } = metadata
  const text = JSON.stringify({ ...rest, metadata: { ...shared, managedFields: undefined }, spec })
  return JSON.parse(text.replaceAll(/kube-api-access-[a-z0-9]{5}/g, 'kube-api-access-xxxxx'))
}

test('a rollout: Pods are answered as the second of them, and are all the same', async () => {
  const deployment = plainDeployment({ namespace: NAMESPACE, name: 'web' }) as LivePod
  deployment.spec.replicas = REPLICAS
  await cluster.kubectlWith(JSON.stringify(deployment), 'apply', '-f', '-')
  const pods = await rolledOut()
  const [first, ...others] = pods.map(withoutItsOwn)
  expect(envOf(first)[ADDRESS]).toBe(COLLECTOR)
  for (const other of others) expect(other).toEqual(first)
  // Some come at the same time as the second, before it is answered.
  expect(await repeated()).toBeGreaterThanOrEqual(REPLICAS / 2)
})

test('a Namespace that says otherwise holds for the next Pods of the same ReplicaSet', async () => {
  const collector = 'other.rollout.svc.cluster.local:4317'
  const annotations = [
    `config.linkerd.io/trace-collector=${collector}`,
    'config.linkerd.io/trace-collector-service-account=other',
  ]
  await cluster.kubectl('annotate', 'namespace', NAMESPACE, ...annotations)
  await sendTo(collector)
  const before = await repeated()
  await cluster.kubectl('delete', 'pods', '-n', NAMESPACE, '-l', 'app=web', '--grace-period=0', '--force')
  const pods = await rolledOut()
  for (const pod of pods) expect(envOf(pod)[ADDRESS]).toBe(collector)
  expect(await repeated()).toBeGreaterThan(before)
})
