// The API server restarted under the injector, and a cluster that starts cold: these need a cluster of their own.
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type ApiGate, openGate } from './api-gate.ts'
import type { ApiAnswer } from './api-requests.ts'
import { accessCluster } from './cluster-access.ts'
import { waitUntil } from './control-plane/wait-until.ts'
import { addressOf, fateOf, fatesOf, type InjectedShop, openShop } from './injected-shop.ts'
import { type InstalledInjector, installInjector } from './installed-injector.ts'
import { type LivePod, listPods, plainDeployment, plainPod } from './pods.ts'
import { proxyContainer } from './stand-in/proxy-container.ts'
import { type StandInInjector, startStandInInjector } from './stand-in-injector.ts'
import { type Cluster, startCluster } from './start-cluster.ts'
import { readWebhookCounts } from './webhook-counts.ts'

const COLLECTOR = 'config.linkerd.io/trace-collector'

let cluster: Cluster
let standIn: StandInInjector
let gate: ApiGate
let injector: InstalledInjector
let shop: InjectedShop

beforeAll(async () => {
  cluster = await startCluster()
  standIn = await startStandInInjector(cluster)
  gate = await openGate(cluster)
  injector = await installInjector(accessCluster({ ...cluster, server: gate.url }))
  shop = await openShop(cluster, { name: 'restarted' })
})
// A fresh injector each time: the pauses of its watch grow with each failure, up to half a minute.
beforeEach(async () => {
  await annotate('first.shop:4317')
  await injector.process().end('SIGKILL')
  await injector.start()
  await becomesSentTo('first.shop:4317')
})
afterAll(async () => {
  await shop?.close()
  await injector?.uninstall()
  await gate?.close()
  await standIn?.stop()
  await cluster?.stop()
})

const annotate = (value: string) =>
  cluster.kubectl('annotate', '--overwrite', 'namespace', shop.namespace, `${COLLECTOR}=${value}`)

async function becomesSentTo(address: string): Promise<void> {
  const pod = plainPod({ namespace: shop.namespace, name: 'probe' })
  await waitUntil({ what: `Pods to be sent to ${address}`, limitMs: 40_000 }, async () => {
    return addressOf((await shop.api.createPod(pod, { dryRun: true })).body) === address
  })
}

test.each(['kill', 'stop'] as const)(
  'API server: %s and start: the next Pod is traced, and changes arrive',
  async (end) => {
    const pid = injector.process().pid
    await cluster.apiServer[end]()
    await cluster.apiServer.start()
    const pod = await shop.createPod()
    expect({ fate: fateOf(pod), address: addressOf(pod.body) }).toEqual({ fate: 'traced', address: 'first.shop:4317' })
    await annotate(`${end}.shop:4317`)
    await becomesSentTo(`${end}.shop:4317`)
    await annotate('first.shop:4317')
    await becomesSentTo('first.shop:4317')
    expect(await readWebhookCounts(cluster)).toMatchObject({ failedOpen: 0, rejected: 0 })
    expect({ pid: injector.process().pid, ready: await injector.isReady() }).toEqual({ pid, ready: true })
  },
)

test('what changed while the injector saw neither the old API server nor the new one is seen afterwards', async () => {
  gate.turn('shut')
  await cluster.apiServer.kill()
  await cluster.apiServer.start()
  await annotate('meanwhile.shop:4317')
  expect(addressOf((await shop.createPod()).body)).toBe('first.shop:4317')
  gate.turn('open')
  await becomesSentTo('meanwhile.shop:4317')
})

test('Pods that are being made while it is restarted are traced or not made, never let through untraced', async () => {
  const answers: Promise<ApiAnswer | 'no answer'>[] = []
  const stream = setInterval(() => answers.push(shop.createPod().catch(() => 'no answer' as const)), 40)
  await sleep(500)
  await cluster.apiServer.stop()
  await cluster.apiServer.start()
  await sleep(500)
  clearInterval(stream)
  const made = (await Promise.all(answers)).filter((answer) => answer !== 'no answer')
  const { traced = 0, ...others } = fatesOf(made)
  expect(traced).toBeGreaterThan(10)
  // while it ends and begins it may refuse requests by itself
  expect(Object.keys(others).filter((fate) => !/^HTTP (403|429|5\d\d)$/.test(fate))).toEqual([])
  expect((await readWebhookCounts(cluster)).failedOpen).toBe(0)
})

// The case in which a webhook that fails closed never lets a cluster come up again: everything is down, the
// configurations are in etcd, and what would serve them is a Pod itself.
test('cold start of everything: with no injector all Pods are made, and once it is there they are traced', async () => {
  await injector.process().end('SIGKILL')
  await cluster.killAll()
  await cluster.startAll()
  await standIn.stop()
  standIn = await startStandInInjector(cluster)
  await cluster.createNamespace({ name: 'cold', labels: { 'tracing.linkerd.io/inject': 'enabled' } })

  const proxied = (deployment: LivePod): LivePod => {
    deployment.spec.template.spec.initContainers = [proxyContainer(LOOK, true)]
    deployment.spec.template.spec.volumes = PROXY_VOLUMES
    return deployment
  }
  const meshed = { 'linkerd.io/inject': 'enabled' }
  // In the order in which a cluster comes up; the control plane's Pods have their proxy from the chart.
  const deployments = [
    plainDeployment({ namespace: 'kube-system', name: 'coredns', annotations: meshed }),
    proxied(plainDeployment({ namespace: 'linkerd', name: 'linkerd-destination' })),
    plainDeployment({ namespace: 'linkerd-tracing', name: 'linkerd-tracing-injector' }),
    plainDeployment({ namespace: 'cold', name: 'web', annotations: meshed }),
  ] as LivePod[]
  const made = async () => {
    const pods = deployments.map(({ metadata: { namespace, name } }) => listPods(cluster, namespace, `app=${name}`))
    return (await Promise.all(pods)).map(([pod]) => pod && isTraced(pod))
  }
  const items = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: deployments })
  await cluster.kubectlWith(items, 'apply', '-f', '-')
  const seen = await waitUntil({ what: 'all Deployments to have Pods', limitMs: 30_000 }, async () => {
    const states = await made()
    return !states.includes(undefined) && states
  })
  expect(seen).toEqual([false, false, false, false])
  // kube-system and unmeshed Pods did not even cost a call
  expect(await readWebhookCounts(cluster)).toMatchObject({ failedOpen: 2, rejected: 0 })

  await injector.start()
  for (const { metadata } of deployments) {
    await cluster.kubectl('rollout', 'restart', 'deployment', metadata.name, '-n', metadata.namespace)
  }
  await waitUntil({ what: 'the restarted Deployments’ Pods to be traced', limitMs: 30_000 }, async () => {
    const pods = deployments.map(async ({ metadata: { namespace, name } }) => {
      return (await listPods(cluster, namespace, `app=${name}`)).some(isTraced)
    })
    return (await Promise.all(pods)).join() === 'false,true,false,true'
  })
})

const isTraced = (pod: LivePod) => addressOf(pod) !== undefined
const LOOK = {
  version: 'edge-26.8.3',
  linkerdNamespace: 'linkerd',
  trustDomain: 'cluster.local',
  clusterDomain: 'cluster.local',
}
const PROXY_VOLUMES = ['linkerd-identity-end-entity', 'linkerd-identity-token'].map((name) => ({ name, emptyDir: {} }))
