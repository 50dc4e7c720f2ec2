// What becomes of Pods while the injector cannot hear the API server, and in Namespaces that it has not heard of yet.
// `npm run soak` breaks the watch for a whole minute; else it is 8 s, the same but for the longest pauses.
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { type ApiGate, type GateState, openGate } from './api-gate.ts'
import type { ApiAnswer } from './api-requests.ts'
import { accessCluster } from './cluster-access.ts'
import { waitUntil } from './control-plane/wait-until.ts'
import { addressOf, fateOf, fatesOf, type InjectedShop, openShop } from './injected-shop.ts'
import { type InstalledInjector, installInjector } from './installed-injector.ts'
import { plainPod } from './pods.ts'
import { type StandInInjector, startStandInInjector } from './stand-in-injector.ts'
import { readWebhookCounts } from './webhook-counts.ts'

const cluster = accessCluster(inject('cluster'))
const BROKEN_MS = process.env['SOAK'] ? 60_000 : 8_000
/** The longest pause between two attempts of the watch, and a loaded machine. */
const RETURN_MS = 40_000
const COLLECTOR = 'config.linkerd.io/trace-collector'
const INSTALLED = 'linkerd-collector.linkerd-tracing.svc.cluster.local:4317'

let standIn: StandInInjector
let gate: ApiGate
let injector: InstalledInjector
let shop: InjectedShop

beforeAll(async () => {
  standIn = await startStandInInjector(cluster)
  gate = await openGate(cluster)
  injector = await installInjector(accessCluster({ ...cluster, server: gate.url }))
  shop = await openShop(cluster, { name: 'unheard', annotations: { [COLLECTOR]: 'before.shop:4317' } })
  await shop.becomesTraced()
})
afterAll(async () => {
  await shop?.close()
  await injector?.uninstall()
  await gate?.close()
  await standIn?.stop()
})

const metric = (name: string, labels?: Record<string, string>) => injector.metric(`linkerd_tracing_${name}`, labels)
const annotate = (value: string) =>
  cluster.kubectl('annotate', '--overwrite', 'namespace', shop.namespace, `${COLLECTOR}=${value}`)
const probe = () => shop.api.createPod(plainPod({ namespace: shop.namespace, name: 'probe' }), { dryRun: true })

function becomesSentTo(address: string): Promise<unknown> {
  const wait = { what: `Pods to be sent to ${address}`, limitMs: RETURN_MS }
  return waitUntil(wait, async () => addressOf((await probe()).body) === address)
}

/** Makes an opted-in, meshed Namespace with a collector of its own, and its ServiceAccount, as quickly as it goes. */
async function makeNamespace(name: string): Promise<void> {
  const labels = { 'tracing.linkerd.io/inject': 'enabled' }
  const annotations = { 'linkerd.io/inject': 'enabled', [COLLECTOR]: `own.${name}:4317` }
  const { status } = await shop.api.post('/api/v1/namespaces', { metadata: { name, labels, annotations } })
  expect(status).toBe(201)
  // 409 when the controller manager was quicker
  const account = await shop.api.post(`/api/v1/namespaces/${name}/serviceaccounts`, { metadata: { name: 'default' } })
  expect([201, 409]).toContain(account.status)
}

async function makeNamespaceAndPod(name: string): Promise<ApiAnswer> {
  await makeNamespace(name)
  return shop.api.createPod(plainPod({ namespace: name, name: 'web' }))
}

describe.each<[GateState, string]>([
  ['shut', 'could not be read from the API server'],
  ['silent', 'could not be read within 500 ms'],
])('the way to the API server is %s for a while', (state, why) => {
  beforeEach(async () => {
    await annotate('before.shop:4317')
    await becomesSentTo('before.shop:4317')
  })

  test(
    'Pods go on being traced by what was known; what changed meanwhile counts afterwards',
    async () => {
      const before = {
        counts: await readWebhookCounts(cluster),
        restarts: await metric('namespace_watch_restarts_total'),
      }
      const name = `new-${state}`
      const pods: ApiAnswer[] = []
      gate.turn(state)
      const lastEvent = await metric('namespace_last_event_timestamp_seconds')
      try {
        await annotate('after.shop:4317')
        // A Namespace that nobody has told us of: our settings, and the Pod's owner is told.
        const stranger = await makeNamespaceAndPod(name)
        expect({ fate: fateOf(stranger), address: addressOf(stranger.body) }).toEqual({
          fate: 'traced',
          address: INSTALLED,
        })
        expect(stranger.warning).toContain(`Namespace \\"${name}\\" ${why}; the install's settings were taken`)
        const end = Date.now() + BROKEN_MS
        while (Date.now() < end) {
          pods.push(await shop.createPod())
          await sleep(200)
        }
        expect(await injector.isReady()).toBe(true)
        // how old what we know has become
        expect(await metric('namespace_last_event_timestamp_seconds')).toBe(lastEvent)
      } finally {
        gate.turn('open')
      }
      expect(fatesOf(pods)).toEqual({ traced: pods.length })
      expect(new Set(pods.map(({ body }) => addressOf(body)))).toEqual(new Set(['before.shop:4317']))
      await becomesSentTo('after.shop:4317')
      expect(await metric('namespace_last_event_timestamp_seconds')).toBeGreaterThan(lastEvent)
      // the stranger is known by now, with its own setting
      const known = await shop.api.createPod(plainPod({ namespace: name, name: 'later' }))
      expect(addressOf(known.body)).toBe(`own.${name}:4317`)
      const { failedOpen, rejected } = await readWebhookCounts(cluster)
      expect({ failedOpen, rejected }).toEqual({
        failedOpen: before.counts.failedOpen,
        rejected: before.counts.rejected,
      })
      if (state === 'shut') expect(await metric('namespace_watch_restarts_total')).toBeGreaterThan(before.restarts)
    },
    BROKEN_MS + RETURN_MS + 60_000,
  )
})

describe('a Namespace that is made and used in the same second', () => {
  test.each([10, 40])('%i at once: each Pod is traced by its own Namespace’s settings', async (count) => {
    const names = Array.from({ length: count }, (_, index) => `instant-${count}-${index}`)
    const pods = await Promise.all(names.map(makeNamespaceAndPod))
    expect(fatesOf(pods)).toEqual({ traced: count })
    // At worst those of the installation, and then the answer says so.
    const astray = pods.filter(({ body, warning }) => {
      const isOwn = addressOf(body) === `own.${body.metadata.namespace}:4317`
      return !isOwn && !(addressOf(body) === INSTALLED && warning.includes("the install's settings were taken"))
    })
    expect(astray).toEqual([])
    expect(await metric('decisions_total', { reason: 'internal-error' })).toBe(0)
  })

  test('its settings count though no watch has shown it: it is read for its Pods, once', async () => {
    gate.turn('no-watch')
    try {
      const before = await metric('namespace_gets_total', { result: 'found' })
      const first = await makeNamespaceAndPod('unwatched')
      const more = await Promise.all(
        ['a', 'b', 'c', 'd'].map((name) => shop.api.createPod(plainPod({ namespace: 'unwatched', name }))),
      )
      expect([first, ...more].map(({ body }) => addressOf(body))).toEqual(Array(5).fill('own.unwatched:4317'))
      expect([first, ...more].map(({ warning }) => warning)).toEqual(Array(5).fill(''))
      expect((await metric('namespace_gets_total', { result: 'found' })) - before).toBe(1)
    } finally {
      gate.turn('open')
    }
  })
})
