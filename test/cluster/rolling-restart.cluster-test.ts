// Promise 3, "never lose a request", as a rolling update tests it: two replicas, ended and replaced one after the other
// under a steady stream of Pods, behind a balancer that hears of it as late as a Service's endpoints do.
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import type { ApiAnswer } from './api-requests.ts'
import { type Balancer, startBalancer } from './balancer.ts'
import { accessCluster } from './cluster-access.ts'
import { waitUntil } from './control-plane/wait-until.ts'
import { CALL_LIMIT_MS, fatesOf, type InjectedShop, openShop, slowest } from './injected-shop.ts'
import type { InjectorServer } from './injector-server.ts'
import { type InstalledInjector, installInjector } from './installed-injector.ts'
import { type StandInInjector, startStandInInjector } from './stand-in-injector.ts'
import { countMeanwhile } from './webhook-counts.ts'

const cluster = accessCluster(inject('cluster'))
/** Above the balancer's lag of 1 s, as the default of 20 s is above what endpoints take. */
const DRAIN_SECONDS = 3
const AT_ONCE = 8

let standIn: StandInInjector
let balancer: Balancer
let injector: InstalledInjector
let replicas: InjectorServer[]
let shop: InjectedShop

beforeAll(async () => {
  standIn = await startStandInInjector(cluster)
  balancer = await startBalancer()
  injector = await installInjector(cluster, {
    configuredPort: balancer.port,
    flags: ['--drain-seconds', `${DRAIN_SECONDS}`],
  })
  const second = await injector.addReplica()
  await second.start()
  replicas = [injector, second]
  for (const { port, adminPort } of replicas) {
    balancer.follow({ port, readyUrl: `http://127.0.0.1:${adminPort}/ready` })
  }
  await bothServe()
  shop = await openShop(cluster, { name: 'rolling' })
  await shop.becomesTraced()
})
afterAll(async () => {
  await shop?.close()
  await injector?.uninstall()
  await balancer?.close()
  await standIn?.stop()
})

const bothServe = () =>
  waitUntil({ what: 'both replicas to serve', limitMs: 20_000 }, () => balancer.targets().length === replicas.length)

/**
 * Makes Pods at a steady rate while something is done, several at once: one after the other would go over one
 * connection, and a restart of the other replica would not touch them.
 */
async function underStream(work: () => Promise<void>): Promise<ApiAnswer[]> {
  const pods: Promise<ApiAnswer>[] = []
  const stream = setInterval(() => {
    for (let index = 0; index < AT_ONCE; index += 1) pods.push(shop.createPod())
  }, 200)
  try {
    await work()
  } finally {
    clearInterval(stream)
  }
  return Promise.all(pods)
}

test('a rolling restart rejects no Pod and leaves none untraced', async () => {
  const pids = replicas.map((replica) => replica.process().pid)
  const { result, counts } = await countMeanwhile(cluster, () =>
    underStream(async () => {
      await sleep(500)
      for (const replica of replicas) {
        await replica.process().end('SIGTERM')
        await replica.start()
        await bothServe()
      }
      await sleep(500)
    }),
  )
  expect(result.length).toBeGreaterThan(100)
  expect(fatesOf(result)).toEqual({ traced: result.length })
  expect({ failedOpen: counts.failedOpen, rejected: counts.rejected }).toEqual({ failedOpen: 0, rejected: 0 })
  expect(slowest(result)).toBeLessThan(CALL_LIMIT_MS)
  expect(replicas.map((replica) => replica.process().pid)).not.toEqual(pids)
})

// The counter-test: the same with a crash in place of the end that was asked for. If this lost nothing either, the test
// above would prove nothing.
test('a replica that crashes loses what it had in flight, and not one Pod is rejected', async () => {
  const [first, second] = replicas as [InjectorServer, InjectorServer]
  const { result, counts } = await countMeanwhile(cluster, () =>
    underStream(async () => {
      await sleep(300)
      await first.process().end('SIGKILL')
      await sleep(1_500)
    }),
  )
  const { traced = 0, 'meshed, untraced': untraced = 0, ...others } = fatesOf(result)
  expect(others).toEqual({})
  expect(untraced).toBeGreaterThan(0)
  expect(traced).toBeGreaterThan(untraced)
  expect({ failedOpen: counts.failedOpen, rejected: counts.rejected }).toEqual({ failedOpen: untraced, rejected: 0 })
  expect(await second.isReady()).toBe(true)
})
