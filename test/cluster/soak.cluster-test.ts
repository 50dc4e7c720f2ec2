// Pods as fast as they go, while one thing after another is broken: two replicas behind a balancer, on a cluster of its own.
// `npm run soak` goes on for half an hour (SOAK_SECONDS: for so long), else each mishap happens once: two minutes.
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runInProcess } from '../cli/cli-run.ts'
import { type ApiGate, openGate } from './api-gate.ts'
import { type Balancer, startBalancer } from './balancer.ts'
import { accessCluster } from './cluster-access.ts'
import { type InjectedShop, openShop } from './injected-shop.ts'
import { type InstalledInjector, installInjector } from './installed-injector.ts'
import { allServe, MISHAPS, type Mishap, type Stage } from './soak/mishaps.ts'
import { type AskedPod, isWithin, streamPods } from './soak/pod-stream.ts'
import { type StandInInjector, startStandInInjector } from './stand-in-injector.ts'
import { type Cluster, startCluster } from './start-cluster.ts'
import { readFailedCalls } from './tls-errors.ts'
import { readWebhookCounts } from './webhook-counts.ts'

const SECONDS = Number(process.env['SOAK_SECONDS'] ?? (process.env['SOAK'] === undefined ? 0 : 1_800))
/** Certificates are renewed every half a minute too, and hold until the API server is there to write the next ones to. */
const FLAGS = [
  ...['--serving-lifetime', '120s', '--serving-renew-at', '1/4', '--ca-lifetime', '480s', '--ca-renew-at', '1/4'],
  ...['--clock-skew', '2s', '--bundle-settle-seconds', '2'],
  // above the balancer's lag of 1 s
  ...['--drain-seconds', '3'],
]
const QUIET_MS = 1_000

let standIn: StandInInjector
let injector: InstalledInjector
let shop: InjectedShop
let cluster: Cluster
let gate: ApiGate
let balancer: Balancer
let stage: Stage

beforeAll(async () => {
  cluster = await startCluster({ controllerManager: false })
  standIn = await startStandInInjector(cluster)
  gate = await openGate(cluster)
  balancer = await startBalancer()
  const configured = { configuredPort: balancer.port, flags: FLAGS }
  injector = await installInjector(accessCluster({ ...cluster, server: gate.url }), configured)
  const second = await injector.addReplica()
  await second.start()
  const replicas = [injector, second]
  for (const { port, adminPort } of replicas) {
    balancer.follow({ port, readyUrl: `http://127.0.0.1:${adminPort}/ready` })
  }
  stage = { cluster, gate, balancer, replicas }
  await allServe(stage)
  shop = await openShop(cluster, { name: 'soak' })
  await shop.becomesTraced()
})
afterAll(async () => {
  await shop?.close()
  await injector?.end()
  await balancer?.close()
  await gate?.close()
  await standIn?.stop()
  await cluster?.stop()
})

const totals = { pods: 0, traced: 0, untraced: 0, seconds: 0, rounds: 0, refused: 0, unanswered: 0 }

const count = (pods: readonly AskedPod[], fate: AskedPod['fate']) => pods.filter((pod) => pod.fate === fate).length

/** What `linkerd tracing status` says of the Pods that are there. */
async function status(): Promise<{ readonly traced: number; readonly missed: number; readonly other: number }> {
  const run = runInProcess(['status', shop.namespace, '-o', 'json', '--kubeconfig', cluster.kubeconfig])
  await run.returned
  const { traced, missed, ...others } = JSON.parse(run.stdout()).totals.pods as Record<string, number>
  return { traced: traced ?? 0, missed: missed ?? 0, other: Object.values(others).reduce((sum, one) => sum + one, 0) }
}

/** What was wrong in rounds of half an hour's run, which goes on all the same: one fault should not hide the others. */
const faults: string[] = []

async function round(mishap: Mishap): Promise<void> {
  try {
    await judge(mishap)
  } catch (error) {
    if (SECONDS === 0) throw error
    faults.push(`after ${Math.round(totals.seconds)} s, ${(error as Error).message.slice(0, 2_000)}`)
  } finally {
    await cluster.kubectl('delete', '--raw', `/api/v1/namespaces/${shop.namespace}/pods`)
  }
}

async function judge({ name, isOfApiServer = false, happen }: Mishap): Promise<void> {
  const before = await readWebhookCounts(cluster)
  const { pods, result: spans } = await streamPods(shop, async () => {
    await sleep(QUIET_MS)
    const found = await happen(stage)
    await sleep(QUIET_MS)
    return found
  })
  const after = await readWebhookCounts(cluster)
  // Of a server that has begun anew all is counted.
  const since = (key: keyof typeof before) => after[key] - (isOfApiServer ? 0 : before[key])
  const untraced = pods.filter(({ fate }) => fate === 'meshed, untraced')
  addToTotals(pods)
  const said = readFailedCalls(cluster).slice(-5).join('\n')
  expect(refusals(pods, isOfApiServer), `${name}; the API server: ${said}`).toEqual([])
  expect(since('rejected'), `${name}: Pods rejected`).toBe(0)
  expect(
    untraced.filter((pod) => !isWithin(pod, spans)),
    `${name}: untraced, though there was a replica; the API server: ${said}`,
  ).toEqual([])
  if (!isOfApiServer) expect(since('failedOpen'), `${name}: counted`).toBeGreaterThanOrEqual(untraced.length)
  const traced = count(pods, 'traced')
  await expectStatus(name, { traced, missed: untraced.length, unknown: count(pods, 'no answer') })
}

function addToTotals(pods: readonly AskedPod[]): void {
  totals.pods += count(pods, 'traced') + count(pods, 'meshed, untraced')
  totals.traced += count(pods, 'traced')
  totals.untraced += count(pods, 'meshed, untraced')
  totals.refused += pods.filter(({ refusal }) => refusal !== undefined).length
  totals.unanswered += count(pods, 'no answer')
  totals.seconds += ((pods.at(-1)?.to ?? 0) - (pods[0]?.from ?? 0)) / 1000
  totals.rounds += 1
}

/** What was refused, but for what an API server refuses by itself while it ends and begins. */
function refusals(pods: readonly AskedPod[], isOfApiServer: boolean): string[] {
  const isItsOwn = ({ fate, refusal = '' }: AskedPod) =>
    isOfApiServer && /^(no answer|HTTP (403|429|5\d\d))$/.test(fate) && !/webhook/.test(refusal)
  const refused = pods.filter(({ fate }) => fate !== 'traced' && fate !== 'meshed, untraced')
  return refused.filter((pod) => !isItsOwn(pod)).map(({ fate, refusal }) => `${fate}: ${refusal}`)
}

/** Each Pod that came through is one of those that `status` counts, as what it is. */
async function expectStatus(name: string, made: { traced: number; missed: number; unknown: number }): Promise<void> {
  const said = await status()
  expect(said.other, `${name}: status`).toBe(0)
  expect(said.missed, `${name}: status`).toBe(made.missed)
  // One that was asked for when the API server broke off may have been made.
  expect(said.traced, `${name}: status`).toBeGreaterThanOrEqual(made.traced)
  expect(said.traced, `${name}: status`).toBeLessThanOrEqual(made.traced + made.unknown)
}

test(
  'whatever happens: no Pod is rejected, none is untraced while a replica is there, and status counts every other one',
  async () => {
    const end = performance.now() + SECONDS * 1000
    do {
      for (const mishap of MISHAPS) await round(mishap)
    } while (performance.now() < end)
    const { pods, seconds } = totals
    process.stderr.write(`soak: ${JSON.stringify({ ...totals, perSecond: Math.round(pods / seconds) })}\n`)
    expect(faults).toEqual([])
    expect(totals.traced).toBeGreaterThan(totals.untraced)
    // Nobody was killed under load, if none was.
    expect(totals.untraced).toBeGreaterThan(0)
  },
  SECONDS * 1000 + 900_000,
)
