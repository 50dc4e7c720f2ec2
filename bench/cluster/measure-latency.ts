import jsonPatch from 'fast-json-patch'
import { ENTRIES } from '../../src/install/object-names.ts'
import { type ApiRequests, openApi } from '../../test/cluster/api-requests.ts'
import { waitUntil } from '../../test/cluster/control-plane/wait-until.ts'
import { fateOf } from '../../test/cluster/injected-shop.ts'
import { type InstalledInjector, installInjector } from '../../test/cluster/installed-injector.ts'
import { type LivePod, plainPod } from '../../test/cluster/pods.ts'
import { sumSeries } from '../../test/cluster/prometheus-text.ts'
import { meshPatch } from '../../test/cluster/stand-in/mesh-pod.ts'
import { type Cluster, startCluster } from '../../test/cluster/start-cluster.ts'
import { decide } from '../../test/injection/samples.ts'
import { startEmptyWebhook } from './empty-webhook.ts'

/**
 * `none`: no configurations; `not opted in`: they are there, and select nothing; `empty webhook`: one that does nothing is
 * called in our place; `fixed patch`: one that answers with our own patch, made beforehand; `traced`: ours is called.
 */
export const CASES = ['none', 'not opted in', 'empty webhook', 'fixed patch', 'traced'] as const
export type Case = (typeof CASES)[number]
export const KINDS = ['dry run', 'real'] as const
export type Kind = (typeof KINDS)[number]

/** Of one round: the times of each Pod in milliseconds, by kind and case. */
export type Round = Readonly<Record<Kind, Readonly<Record<Case, readonly number[]>>>>

export interface Latency {
  readonly rounds: readonly Round[]
  /** The API server's own mean of a call of our entry, and our own of a request, in milliseconds. */
  readonly callMs: number
  readonly answerMs: number
  readonly calls: number
}

export interface LatencyOptions {
  readonly rounds: number
  /** Of each kind and case in a round. */
  readonly pods: number
  readonly say: (text: string) => void
}

interface Bench {
  readonly cluster: Cluster
  readonly injector: InstalledInjector
  readonly api: ApiRequests
  /** What is switched on and off: our configurations, and that of the empty webhook. */
  readonly configurations: readonly LivePod[]
}

// More requests than V8 needs to have compiled what is hot, in the API server's client and in the injector.
const WARM_UP = 500

/**
 * Starts a cluster and the shipped injector, creates Pods one after the other, and stops both. The Pods have a proxy
 * already, so that Linkerd's injector is not measured. In each round the block without configurations comes once
 * before and once after the other two, which take turns Pod by Pod.
 */
export async function measureLatency({ rounds, pods, say }: LatencyOptions): Promise<Latency> {
  const cluster = await startCluster({ controllerManager: false, say })
  const injector = await installInjector(cluster, { certs: 'files' })
  const api = await openApi(cluster)
  try {
    const ours = injector.manifests.filter((one): one is LivePod => 'webhooks' in one)
    const empty = await startEmptyWebhook(cluster, ours.at(-1), { name: 'empty-webhook' })
    const { patch } = decide(meshedPod('fixed-patch', 'x'))
    const fixed = await startEmptyWebhook(cluster, ours.at(-1), { name: 'fixed-patch', patch })
    const bench: Bench = { cluster, injector, api, configurations: [...ours, empty, fixed] }
    await cluster.createNamespace({ name: 'opted-in', labels: { 'tracing.linkerd.io/inject': 'enabled' } })
    await cluster.createNamespace({ name: 'opted-out' })
    await cluster.createNamespace({ name: 'empty-webhook' })
    await cluster.createNamespace({ name: 'fixed-patch' })
    await switchOn(bench)
    say(`warming up with ${WARM_UP} Pods`)
    await createTurnByTurn(bench, WARM_UP, true)
    const before = await readSums(bench)
    const measured: Round[] = []
    for (let index = 0; index < rounds; index += 1) {
      say(`round ${index + 1} of ${rounds}`)
      measured.push(await measureRound(bench, pods))
    }
    const after = await readSums(bench)
    const mean = (sum: 'callSum' | 'answerSum', count: 'calls' | 'answers') =>
      (1000 * (after[sum] - before[sum])) / (after[count] - before[count])
    return {
      rounds: measured,
      callMs: mean('callSum', 'calls'),
      answerMs: mean('answerSum', 'answers'),
      calls: after.calls - before.calls,
    }
  } finally {
    api.close()
    await injector.uninstall()
    await cluster.stop()
  }
}

async function measureRound(bench: Bench, pods: number): Promise<Round> {
  const half = Math.ceil(pods / 2)
  await switchOff(bench)
  const firstHalf = await createWithout(bench, half)
  await switchOn(bench)
  const dryRun = await createTurnByTurn(bench, pods, true)
  const real = await createTurnByTurn(bench, pods, false)
  await switchOff(bench)
  const secondHalf = await createWithout(bench, half)
  return {
    'dry run': { none: [...firstHalf.dryRun, ...secondHalf.dryRun], ...dryRun },
    real: { none: [...firstHalf.real, ...secondHalf.real], ...real },
  }
}

async function createWithout({ api }: Bench, count: number): Promise<{ dryRun: number[]; real: number[] }> {
  const dryRun = []
  for (let index = 0; index < count; index += 1)
    dryRun.push(await timeOf(api, 'opted-in', { traced: false, dryRun: true }))
  const real = []
  for (let index = 0; index < count; index += 1)
    real.push(await timeOf(api, 'opted-in', { traced: false, dryRun: false }))
  return { dryRun, real }
}

async function createTurnByTurn({ api }: Bench, count: number, dryRun: boolean) {
  const times = {
    'not opted in': [] as number[],
    'empty webhook': [] as number[],
    'fixed patch': [] as number[],
    traced: [] as number[],
  }
  for (let index = 0; index < count; index += 1) {
    times.traced.push(await timeOf(api, 'opted-in', { traced: true, dryRun }))
    times['not opted in'].push(await timeOf(api, 'opted-out', { traced: false, dryRun }))
    times['empty webhook'].push(await timeOf(api, 'empty-webhook', { traced: false, dryRun }))
    times['fixed patch'].push(await timeOf(api, 'fixed-patch', { traced: true, dryRun }))
  }
  return times
}

let made = 0

/** Creates one Pod and gives the time; throws when it is not traced as it should be, for then something else was measured. */
async function timeOf(
  api: ApiRequests,
  namespace: string,
  wanted: { traced: boolean; dryRun: boolean },
): Promise<number> {
  const answer = await api.createPod(meshedPod(namespace, `pod-${++made}`), { dryRun: wanted.dryRun })
  const expected = wanted.traced ? 'traced' : 'meshed, untraced'
  if (fateOf(answer) !== expected) throw new Error(`A Pod came out ${fateOf(answer)} and should be ${expected}.`)
  return answer.ms
}

const LOOK = {
  version: 'edge-26.8.3',
  linkerdNamespace: 'linkerd',
  trustDomain: 'cluster.local',
  clusterDomain: 'cluster.local',
}

function meshedPod(namespace: string, name: string): LivePod {
  const pod = plainPod({ namespace, name, annotations: { 'linkerd.io/inject': 'enabled' } })
  const patch = meshPatch({ pod, namespace: { name: namespace, annotations: {} }, look: LOOK, native: true })
  return jsonPatch.applyPatch(pod, patch as jsonPatch.Operation[]).newDocument
}

async function switchOn({ cluster, injector, api, configurations }: Bench): Promise<void> {
  await cluster.kubectlWith(
    JSON.stringify({ apiVersion: 'v1', kind: 'List', items: configurations }),
    'apply',
    '-f',
    '-',
  )
  await injector.patchBundles()
  await becomes(api, 'traced')
}

async function switchOff({ cluster, api, configurations }: Bench): Promise<void> {
  const names = configurations.map(({ metadata }) => metadata.name)
  await cluster.kubectl('delete', 'mutatingwebhookconfiguration', '--ignore-not-found', ...names)
  await becomes(api, 'meshed, untraced')
}

async function becomes(api: ApiRequests, fate: string): Promise<void> {
  const probe = () => api.createPod(meshedPod('opted-in', 'probe'), { dryRun: true })
  await waitUntil({ what: `Pods to be ${fate}`, limitMs: 20_000 }, async () => fateOf(await probe()) === fate)
}

async function readSums({ cluster, injector }: Bench) {
  const { stdout } = await cluster.kubectl('get', '--raw', '/metrics')
  const ofApiServer = (suffix: string) =>
    sumSeries(stdout, `apiserver_admission_webhook_admission_duration_seconds_${suffix}`, { name: ENTRIES.workloads })
  const ofOurs = (suffix: string) => injector.metric(`linkerd_tracing_request_duration_seconds_${suffix}`)
  return {
    callSum: ofApiServer('sum'),
    calls: ofApiServer('count'),
    answerSum: await ofOurs('sum'),
    answers: await ofOurs('count'),
  }
}
