// `status --heal` on a real API server, with the controllers that roll Pods and count budgets: Pods that were made while the
// injector was away, and what becomes of them when it is back.
import { setTimeout as sleep } from 'node:timers/promises'
import { AppsV1Api, CoreV1Api } from '@kubernetes/client-node'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { runInProcess } from '../cli/cli-run.ts'
import { accessCluster } from './cluster-access.ts'
import { waitUntil } from './control-plane/wait-until.ts'
import { addressOf } from './injected-shop.ts'
import { type InstalledInjector, installInjector } from './installed-injector.ts'
import { type LivePod, listPods, plainDeployment, plainPod } from './pods.ts'
import { keepPodsReady, type PodKeeper } from './ready-pods.ts'
import { patchStatus } from './running-components.ts'
import { type StandInInjector, startStandInInjector } from './stand-in-injector.ts'

// biome-ignore lint/suspicious/noExplicitAny: objects as the API server gives them
type Raw = any

const cluster = accessCluster(inject('cluster'))
const [SHOP, TEAM, STUCK] = ['heal-shop', 'heal-team', 'heal-stuck']
const NAMESPACES = [SHOP, TEAM, STUCK]
const COLLECTOR = 'linkerd-collector.linkerd-tracing.svc.cluster.local:4317'

let injector: InstalledInjector
let linkerd: StandInInjector
const keepers = new Map<string, PodKeeper>()

beforeAll(async () => {
  linkerd = await startStandInInjector(cluster)
  injector = await installInjector(cluster)
  const labels = { 'tracing.linkerd.io/inject': 'enabled' }
  for (const name of NAMESPACES) {
    await cluster.createNamespace({ name, labels, annotations: { 'linkerd.io/inject': 'enabled' } })
    keepers.set(name, keepPodsReady(cluster, name))
  }
})
afterAll(async () => {
  for (const keeper of keepers.values()) await keeper.stop()
  for (const name of NAMESPACES) await remove(name).catch(() => {})
  await injector?.uninstall()
  await linkerd?.stop()
})

/** Later tests do not find it, whether or not anything deletes a Namespace. */
async function remove(name: string): Promise<void> {
  await cluster.kubectl('label', 'namespace', name, 'tracing.linkerd.io/inject-')
  for (const kinds of ['deployments,statefulsets,poddisruptionbudgets', 'pods'])
    await cluster.kubectl('delete', kinds, '--all', '-n', name, '--wait=false')
  await cluster.kubectl('delete', 'namespace', name, '--wait=false')
}

async function heal(namespace: string, ...words: string[]) {
  const ran = runInProcess(['status', namespace, '--heal', ...words, '--kubeconfig', cluster.kubeconfig])
  return { code: await ran.returned, stdout: ran.stdout(), stderr: ran.stderr() }
}

interface Rolled {
  readonly namespace?: string
  readonly name: string
  readonly replicas?: number
  readonly labels?: Readonly<Record<string, string>>
}

/** A Deployment that takes one Pod away before it makes another. */
function deployment({ namespace = SHOP, name, replicas = 2, labels = {} }: Rolled): Raw {
  const plain = plainDeployment({ namespace, name, labels }) as Raw
  const strategy = { rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } }
  return { ...plain, spec: { ...plain.spec, replicas, strategy } }
}

interface Spared {
  readonly namespace?: string
  readonly name: string
  readonly minAvailable: number
  readonly labels?: object
}

function budget({ namespace = SHOP, name, minAvailable, labels = { app: name } }: Spared): object {
  const spec = { minAvailable, selector: { matchLabels: labels } }
  return { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { namespace, name }, spec }
}

async function create(...objects: readonly object[]): Promise<void> {
  await cluster.kubectlWith(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }), 'create', '-f', '-')
}

/** Makes objects while the injector is away, and waits until so many of their Pods are ready. */
async function miss(count: number, ...objects: readonly object[]): Promise<void> {
  await injector.process().end('SIGINT')
  await create(...objects)
  await waitUntil({ what: `${count} Pods that are ready`, limitMs: 60_000 }, async () => {
    const ready = await Promise.all(NAMESPACES.map((name) => readyPods(name)))
    return ready.flat().length === count
  })
  await injector.start()
}

async function readyPods(namespace: string, app?: string): Promise<LivePod[]> {
  const pods = await listPods(cluster, namespace, app === undefined ? '' : `app=${app}`)
  return pods.filter(isReady)
}

function isReady({ metadata, status }: Raw): boolean {
  const isThere = metadata.deletionTimestamp === undefined
  return isThere && (status.conditions ?? []).some((one: Raw) => one.type === 'Ready' && one.status === 'True')
}

async function collectorsOf(namespace: string, app: string): Promise<unknown[]> {
  return (await readyPods(namespace, app)).map(addressOf)
}

async function rolledObjects(): Promise<Raw[]> {
  const { stdout } = await cluster.kubectl('get', 'deployments,statefulsets', '-n', SHOP, '-o', 'json')
  return JSON.parse(stdout).items
}

/** Which workloads are being rolled, and how few Pods of one were ready, for as long as work goes on. */
async function observe<T>(app: string, work: Promise<T>): Promise<{ result: T; rolling: string[]; fewest: number }> {
  const [core, apps] = [
    cluster.clientConfig().makeApiClient(CoreV1Api),
    cluster.clientConfig().makeApiClient(AppsV1Api),
  ]
  let [isGoing, fewest] = [true, Number.POSITIVE_INFINITY]
  const rolling = new Set<string>()
  const watching = (async () => {
    while (isGoing) {
      const { items } = await apps.listNamespacedDeployment({ namespace: SHOP })
      const pods = await core.listNamespacedPod({ namespace: SHOP, labelSelector: `app=${app}` })
      const names = items.filter(isRolling).map(({ metadata }) => metadata?.name)
      rolling.add(names.join(' '))
      fewest = Math.min(fewest, pods.items.filter(isReady).length)
      await sleep(50)
    }
  })()
  const result = await work.finally(() => {
    isGoing = false
  })
  await watching
  return { result, rolling: [...rolling], fewest }
}

/** To its end: until its last new Pod is available. */
function isRolling({ metadata, spec, status }: Raw): boolean {
  const fewest = Math.min(status.updatedReplicas ?? 0, status.availableReplicas ?? 0)
  return status.observedGeneration < metadata.generation || fewest < spec.replicas
}

describe.skipIf(!cluster.hasControllerManager)('Pods that were missed', () => {
  const LEFT = `Not restarted:
  pod/alone in ${SHOP}: nothing makes it anew: delete it, and create it again
    kubectl delete pod -n ${SHOP} alone
  deployment/tight in ${SHOP}: PodDisruptionBudget tight never spares more than 0 Pods, and its rollout takes 1 away at a time
    kubectl rollout restart -n ${SHOP} deployment/tight
  statefulset/solo in ${SHOP}: its only Pod would be away meanwhile
    kubectl rollout restart -n ${SHOP} statefulset/solo
`

  beforeAll(async () => {
    const web = plainDeployment({ namespace: SHOP, name: 'web' }) as Raw
    const solo = { ...web, kind: 'StatefulSet', metadata: { namespace: SHOP, name: 'solo' } }
    solo.spec = { ...web.spec, selector: { matchLabels: { app: 'solo' } }, serviceName: 'solo' }
    solo.spec.template = { ...web.spec.template, metadata: { labels: { app: 'solo' } } }
    // Kubernetes counts times in whole seconds: what was missed is to be younger than the opt-in.
    const born = Date.now()
    await waitUntil({ what: 'the next second but one', limitMs: 5_000 }, () => Date.now() > born + 2_000)
    const sick = { team: 'a', 'tracing.linkerd.io/inject': 'disabled' }
    await miss(
      14,
      ...[deployment({ name: 'api' }), budget({ name: 'api', minAvailable: 1 })],
      ...[deployment({ name: 'tight' }), budget({ name: 'tight', minAvailable: 2 })],
      ...[web, solo, plainPod({ namespace: SHOP, name: 'alone' })],
      deployment({ namespace: TEAM, name: 'busy', labels: { team: 'a' } }),
      deployment({ namespace: TEAM, name: 'sick', replicas: 1, labels: sick }),
      budget({ namespace: TEAM, name: 'team', minAvailable: 2, labels: { team: 'a' } }),
      ...['first', 'second'].map((name) => deployment({ namespace: STUCK, name })),
    )
    await waitUntil({ what: 'budgets to be counted', limitMs: 30_000 }, async () => {
      const { stdout } = await cluster.kubectl('get', 'poddisruptionbudgets', '-n', SHOP, '-o', 'json')
      return JSON.parse(stdout).items.every(({ status }: Raw) => status?.currentHealthy === 2)
    })
  })

  test('a dry run says what would be restarted, has each restart judged, and changes nothing', async () => {
    const versions = async () => (await rolledObjects()).map(({ metadata }) => [metadata.name, metadata.generation])
    const before = await versions()
    const { code, stdout, stderr } = await heal(SHOP, '--dry-run')
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' })
    expect(stdout).toBe(`Would be restarted one at a time, in this order:

NAMESPACE   WORKLOAD         NOT TRACED   AWAY AT A TIME   NOW
heal-shop   deployment/api   2            1 of 2           can be restarted
heal-shop   deployment/web   1            0 of 1           can be restarted

${LEFT}`)
    expect(await versions()).toEqual(before)
  })

  test('are restarted one workload at a time, and no budget is broken', async () => {
    const { result, rolling, fewest } = await observe('api', heal(SHOP, '--yes', '--timeout', '2m'))
    expect({ code: result.code, stderr: result.stderr }).toEqual({ code: 2, stderr: '' })
    expect(result.stdout).toMatch(
      /deployment\/api in heal-shop restarted, and traced \(\d+ s\)\ndeployment\/web in heal-shop restarted, and traced \(\d+ s\)\n$/,
    )
    expect(rolling.filter((names) => names.includes(' '))).toEqual([])
    expect(fewest).toBeGreaterThanOrEqual(1)
    expect(await collectorsOf(SHOP, 'api')).toEqual([COLLECTOR, COLLECTOR])
    expect(await collectorsOf(SHOP, 'web')).toContain(COLLECTOR)
    expect(await collectorsOf(SHOP, 'tight')).toEqual([undefined, undefined])
    // Nothing is left to do but what is not restarted.
    expect((await heal(SHOP, '--yes')).stdout).toBe(`No workload is to be restarted.\n\n${LEFT}`)
  })

  test('a budget at its end is waited for', async () => {
    const say = async (status: string) => {
      const [pod] = await listPods(cluster, TEAM, 'app=sick')
      await patchStatus(cluster, pod, { conditions: [{ type: 'Ready', status }] })
    }
    await say('False')
    const waits = 'waits: PodDisruptionBudget team spares 0 Pods now, and its rollout takes 1 away at a time'
    await waitUntil({ what: 'the budget to be at its end', limitMs: 30_000 }, async () => {
      return (await heal(TEAM, '--dry-run')).stdout.includes(waits)
    })
    const tired = await heal(TEAM, '--yes', '--timeout', '0s')
    expect(tired.stdout).toMatch(/\n {2}deployment\/busy in heal-team: PodDisruptionBudget team spares 0 Pods now/)
    expect(await collectorsOf(TEAM, 'busy')).toEqual([undefined, undefined])
    const healing = heal(TEAM, '--yes', '--timeout', '2m')
    await say('True')
    expect((await healing).stdout).toMatch(/deployment\/busy in heal-team restarted, and traced/)
  })

  test('a rollout that does not come up stops the rest; the same command goes on', async () => {
    await keepers.get(STUCK)?.stop()
    const { code, stdout, stderr } = await heal(STUCK, '--yes', '--timeout', '3s')
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /^error: deployment\/first in heal-stuck: it did not come up again in 3 s: .*, the same command goes on with what is left\n$/s,
    )
    expect(stdout).toMatch(/\n {2}deployment\/second in heal-stuck: a restart before it did not end well\n$/)
    keepers.set(STUCK, keepPodsReady(cluster, STUCK))
    expect((await heal(STUCK, '--yes', '--timeout', '2m')).stdout).toMatch(/deployment\/second in heal-stuck restarted/)
    expect(await collectorsOf(STUCK, 'first')).toEqual([COLLECTOR, COLLECTOR])
    expect(await collectorsOf(STUCK, 'second')).toEqual([COLLECTOR, COLLECTOR])
  })
})
