// Certificates that live for seconds, two injectors behind a balancer, Pods all the time. No call fails
// and no handshake, whatever happens to processes, Secret and manifests; only an emptied bundle costs Pods their tracing,
// for as long as it takes to put it back.
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { CERTIFICATE_SECRET, MARK_CONFIGURATION, TRACE_CONFIGURATION } from '../../src/install/object-names.ts'
import type { ApiAnswer } from './api-requests.ts'
import { type Balancer, startBalancer } from './balancer.ts'
import { type CertificateWatch, opensslVerify, probeHandshakes, watchCertificates } from './certificate-watch.ts'
import { accessCluster } from './cluster-access.ts'
import { waitUntil } from './control-plane/wait-until.ts'
import { fatesOf, type InjectedShop, openShop } from './injected-shop.ts'
import type { InjectorServer } from './injector-server.ts'
import { type InstalledInjector, injectorHost, installInjector } from './installed-injector.ts'
import { type StandInInjector, startStandInInjector } from './stand-in-injector.ts'
import { countMeanwhile, type WebhookCounts } from './webhook-counts.ts'

const cluster = accessCluster(inject('cluster'))
const IS_SOAK = process.env['SOAK'] !== undefined
/** What is asked for: of serving certificates, of CAs, of starts at once. */
const [SERVING, CAS, STARTS] = IS_SOAK ? [100, 10, 100] : [10, 2, 3]
const SETTLE_SECONDS = 2
const FLAGS = [
  ...['--serving-lifetime', '6s', '--ca-lifetime', '36s', '--clock-skew', '2s'],
  ...['--bundle-settle-seconds', `${SETTLE_SECONDS}`, '--drain-seconds', '3'],
]
const LIMIT_MS = IS_SOAK ? 1_200_000 : 300_000
const PODS_EVERY_MS = 100

let standIn: StandInInjector
let balancer: Balancer
let injector: InstalledInjector
let replicas: InjectorServer[]
let shop: InjectedShop
let seen: CertificateWatch

beforeAll(async () => {
  standIn = await startStandInInjector(cluster)
  balancer = await startBalancer()
  injector = await installInjector(cluster, { configuredPort: balancer.port, flags: FLAGS })
  const second = await injector.addReplica()
  await second.start()
  replicas = [injector, second]
  for (const { port, adminPort } of replicas) {
    balancer.follow({ port, readyUrl: `http://127.0.0.1:${adminPort}/ready` })
  }
  await bothServe()
  seen = watchCertificates(cluster, injector.layout.namespace)
  shop = await openShop(cluster, { name: 'certificates' })
  await shop.becomesTraced()
})
afterAll(async () => {
  seen?.stop()
  shop?.close()
  await injector?.uninstall()
  await balancer?.close()
  await standIn?.stop()
})

const bothServe = () =>
  waitUntil({ what: 'both replicas to serve', limitMs: 30_000 }, () => balancer.targets().length === replicas.length)
const logs = () => replicas.map(({ logFile }) => readFileSync(logFile, 'utf8')).join('')
const { namespace } = { namespace: 'linkerd-tracing' }

interface Stream {
  readonly pods: ApiAnswer[]
  readonly counts: WebhookCounts
  readonly handshakes: number
  readonly handshakeErrors: readonly string[]
  readonly serving: number
  readonly cas: number
  readonly seconds: number
}

/** Makes Pods and handshakes at a steady rate while something is done. The client learns of bundles late. */
async function underStream(work: () => Promise<void>): Promise<Stream> {
  const before = { serving: seen.serving.length, cas: seen.cas.length, at: performance.now() }
  const bundle = () => seen.bundleAsOf(SETTLE_SECONDS * 1000 * 0.9)
  const probe = probeHandshakes({
    ports: replicas.map(({ port }) => port),
    host: injectorHost(injector.layout),
    bundle,
  })
  const { result, counts } = await countMeanwhile(cluster, async () => {
    const pods: Promise<ApiAnswer>[] = []
    const stream = setInterval(() => pods.push(shop.createPod()), PODS_EVERY_MS)
    try {
      await work()
    } finally {
      clearInterval(stream)
    }
    return Promise.all(pods)
  })
  await probe.stop()
  return {
    pods: result,
    counts,
    handshakes: probe.count(),
    handshakeErrors: probe.errors,
    serving: seen.serving.length - before.serving,
    cas: seen.cas.length - before.cas,
    seconds: Math.round((performance.now() - before.at) / 1000),
  }
}

function expectNothingLost({ pods, counts, handshakes, handshakeErrors }: Stream): void {
  expect(fatesOf(pods)).toEqual({ traced: pods.length })
  expect({ failedOpen: counts.failedOpen, rejected: counts.rejected }).toEqual({ failedOpen: 0, rejected: 0 })
  expect(handshakeErrors).toEqual([])
  expect(handshakes).toBeGreaterThan(0)
}

const rotations = (serving: number, cas: number) => {
  const from = { serving: seen.serving.length, cas: seen.cas.length }
  return waitUntil({ what: `${serving} serving certificates and ${cas} CAs`, limitMs: LIMIT_MS }, () => {
    return seen.serving.length - from.serving >= serving && seen.cas.length - from.cas >= cas
  })
}

test(
  `${SERVING} serving certificates and ${CAS} CAs follow each other: nothing is lost`,
  async () => {
    const stream = await underStream(() => rotations(SERVING, CAS).then(() => {}))
    expectNothingLost(stream)
    expect(seen.largestBundle()).toBeLessThanOrEqual(3)
    const { pods, counts, handshakes, serving, cas, seconds } = stream
    // The figures of docs/certificates.md.
    process.stderr.write(
      `certificates: ${serving} serving certificates, ${cas} CAs in ${seconds} s; ${pods.length} Pods, ${counts.calls} calls, ${handshakes} handshakes; 0 lost\n`,
    )
  },
  LIMIT_MS,
)

test('one replica is ended and started again meanwhile: nothing is lost', async () => {
  const stream = await underStream(async () => {
    await rotations(1, 0)
    await injector.process().end('SIGTERM')
    await injector.start()
    await bothServe()
    await rotations(2, 1)
  })
  expectNothingLost(stream)
})

test('one replica is killed and started again: no handshake fails, and what is counted is what was in flight', async () => {
  const { pods, counts, handshakeErrors } = await underStream(async () => {
    await injector.process().end('SIGKILL')
    await injector.start()
    await bothServe()
    await rotations(2, 0)
  })
  const { traced = 0, 'meshed, untraced': untraced = 0, ...others } = fatesOf(pods)
  expect(others).toEqual({})
  expect(traced).toBeGreaterThan(untraced)
  expect({ failedOpen: counts.failedOpen, rejected: counts.rejected }).toEqual({ failedOpen: untraced, rejected: 0 })
  expect(handshakeErrors).toEqual([])
})

test('the Secret is emptied, again and again, once with a replica that starts: it is put back, nothing is lost', async () => {
  const empty = () =>
    cluster.kubectl('patch', 'secret', CERTIFICATE_SECRET, '-n', namespace, '--type=json', '-p', EMPTY)
  const EMPTY = JSON.stringify([{ op: 'replace', path: '/data', value: {} }])
  const isFull = () =>
    waitUntil({ what: 'the Secret to be full', limitMs: 30_000 }, () => seen.secretData()?.['tls.key'])
  const stream = await underStream(async () => {
    await empty()
    await isFull()
    await injector.process().end('SIGTERM')
    injector.launch()
    await empty()
    await isFull()
    await bothServe()
    await rotations(2, 1)
  })
  expectNothingLost(stream)
})

test('another writer empties the bundles: they are put back within a second, and only then Pods are untraced', async () => {
  const took: number[] = []
  const stream = await underStream(async () => {
    await rotations(1, 0)
    const startedAt = performance.now()
    await emptyBundles()
    await waitUntil({ what: 'the bundles to be put back', limitMs: 20_000 }, seen.hasBundles)
    took.push(performance.now() - startedAt)
  })
  const { traced = 0, 'meshed, untraced': untraced = 0, ...others } = fatesOf(stream.pods)
  expect(others).toEqual({})
  expect(traced).toBeGreaterThan(0)
  expect(stream.counts.failedOpen).toBe(untraced)
  expect(stream.counts.rejected).toBe(0)
  // two calls of kubectl are within that time
  expect(took[0]).toBeLessThan(5_000)
  await sleep(SETTLE_SECONDS * 1_000)
  expectNothingLost(await underStream(() => rotations(2, 1).then(() => {})))
  const resets = await Promise.all(replicas.map((one) => one.metric('linkerd_tracing_ca_bundle_resets_total')))
  expect(resets.reduce((sum, one) => sum + one)).toBeGreaterThan(0)
  expect(await events()).toContain('CaBundleReset')
})

async function emptyBundles(): Promise<void> {
  for (const [name, count] of [[MARK_CONFIGURATION, 1] as const, [TRACE_CONFIGURATION, 2] as const]) {
    const patch = Array.from({ length: count }, (_unused, index) => {
      return { op: 'add', path: `/webhooks/${index}/clientConfig/caBundle`, value: '' }
    })
    await cluster.kubectl('patch', 'mutatingwebhookconfiguration', name, '--type=json', '-p', JSON.stringify(patch))
  }
}

async function events(): Promise<string> {
  const { stdout } = await cluster.kubectl('get', 'events', '-n', namespace, '-o', 'json')
  return stdout
}

test('the manifests are applied again: the Secret keeps its contents, the bundles stay, nothing is lost', async () => {
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: injector.manifests })
  const stream = await underStream(async () => {
    const before = seen.secretData()?.['ca.crt']
    await cluster.kubectlWith(list, 'apply', '-f', '-')
    expect(seen.hasBundles()).toBe(true)
    expect([before, seen.cas.at(-1)?.pem]).toContain(seen.secretData()?.['ca.crt'])
    await rotations(1, 0)
  })
  expectNothingLost(stream)
})

test('a deleted Secret is told of, made again and filled; nothing is lost', async () => {
  const stream = await underStream(async () => {
    const before = seen.secretData()?.['ca.crt']
    await cluster.kubectl('delete', 'secret', CERTIFICATE_SECRET, '-n', namespace)
    await waitUntil({ what: 'the Secret to be back', limitMs: 30_000 }, () => seen.secretData()?.['ca.crt'] === before)
    await rotations(1, 0)
  })
  expectNothingLost(stream)
  expect(await events()).toContain('SecretMissing')
})

test(
  `two replicas that start at once on an empty Secret agree on one CA, ${STARTS} times out of ${STARTS}`,
  async () => {
    for (let turn = 0; turn < STARTS; turn += 1) {
      await Promise.all(replicas.map((replica) => replica.process().end('SIGKILL')))
      await cluster.kubectlWith(
        JSON.stringify({
          apiVersion: 'v1',
          kind: 'Secret',
          metadata: { name: CERTIFICATE_SECRET, namespace },
          type: 'Opaque',
        }),
        'replace',
        '-f',
        '-',
      )
      await waitUntil({ what: 'the Secret to be empty', limitMs: 10_000 }, () => {
        return Object.keys(seen.secretData() ?? { x: '' }).length === 0
      })
      // As at a first installation; each tenth time bundles are left from before, and others might remember.
      if (turn % 10 !== 0) await emptyBundles()
      const before = seen.cas.length
      await Promise.all(replicas.map((replica) => replica.start()))
      expect(seen.cas.length - before).toBe(1)
    }
    await bothServe()
    await shop.becomesTraced()
  },
  LIMIT_MS,
)

test(
  'openssl verifies every certificate: chain, dates, names, usages',
  async () => {
    const host = injectorHost(injector.layout)
    for (const certificate of seen.serving) {
      const text = await opensslVerify(certificate, host)
      expect(text).toMatch(/Basic Constraints: critical\s+CA:FALSE/)
      expect(text).toMatch(/X509v3 Key Usage: critical\s+Digital Signature\n/)
      expect(text).toMatch(/Extended Key Usage: \s+TLS Web Server Authentication\n/)
      const service = `linkerd-tracing-injector.${namespace}`
      const names = ['linkerd-tracing-injector', service, `${service}.svc`, `${service}.svc.cluster.local`]
      expect(text).toContain(names.map((name) => `DNS:${name}`).join(', '))
      expect(text).toContain('ASN1 OID: prime256v1')
    }
    for (const ca of seen.cas) {
      const text = await opensslVerify(ca, undefined)
      expect(text).toMatch(/Basic Constraints: critical\s+CA:TRUE, pathlen:0/)
      expect(text).toMatch(/Key Usage: critical\s+Certificate Sign, CRL Sign/)
    }
    expect(seen.serving.length).toBeGreaterThan(SERVING)
  },
  LIMIT_MS,
)

test('no key is in a log, a metric or an event, and nothing in the logs is an error', async () => {
  const metrics = await Promise.all(
    replicas.map(async ({ adminPort }) => (await fetch(`http://127.0.0.1:${adminPort}/metrics`)).text()),
  )
  const said = [logs(), ...metrics, await events()].join('\n')
  expect(said).not.toContain('PRIVATE KEY')
  const secrets = [...seen.serving, ...seen.cas].flatMap(({ keyPem }) => keyPem.split('\n').slice(1, -2))
  expect(secrets.length).toBeGreaterThan(20)
  expect(secrets.filter((line) => said.includes(line))).toEqual([])
  const errors = logs()
    .split('\n')
    .filter((line) => line.includes('"level":"error"'))
  // that the Secret was deleted is one
  expect(errors.filter((line) => !line.includes('Secret is not there'))).toEqual([])
})
