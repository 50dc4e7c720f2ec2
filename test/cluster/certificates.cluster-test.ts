// Certificates that live for seconds, two injectors behind a balancer, Pods all the time. No call fails
// and no handshake, whatever happens to processes, Secret and manifests; only an emptied bundle costs Pods their tracing,
// for as long as it takes to put it back, and a killed process those that were on their way to it.
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { CERTIFICATE_SECRET, MARK_CONFIGURATION, TRACE_CONFIGURATION } from '../../src/install/object-names.ts'
import type { ApiAnswer } from './api-requests.ts'
import { type Balancer, startBalancer } from './balancer.ts'
import {
  type CertificateWatch,
  opensslVerify,
  probeHandshakes,
  shakeHands,
  watchCertificates,
} from './certificate-watch.ts'
import { accessCluster } from './cluster-access.ts'
import { waitUntil } from './control-plane/wait-until.ts'
import { fatesOf, type InjectedShop, openShop } from './injected-shop.ts'
import type { InjectorServer } from './injector-server.ts'
import { type InstalledInjector, injectorHost, installInjector } from './installed-injector.ts'
import { type StandInInjector, startStandInInjector } from './stand-in-injector.ts'
import { readTlsErrors } from './tls-errors.ts'
import { countMeanwhile, type WebhookCounts } from './webhook-counts.ts'

const cluster = accessCluster(inject('cluster'))
const IS_SOAK = process.env['SOAK'] !== undefined
/** What is asked for: of serving certificates, of CAs, of starts at once. */
const [SERVING, CAS, STARTS] = IS_SOAK ? [100, 10, 100] : [10, 2, 3]
const [SERVING_SECONDS, CA_SECONDS, SKEW_SECONDS, SETTLE_SECONDS] = [6, 27, 2, 2]
const FLAGS = [
  ...['--serving-lifetime', `${SERVING_SECONDS}s`, '--ca-lifetime', `${CA_SECONDS}s`],
  ...['--clock-skew', `${SKEW_SECONDS}s`, '--bundle-settle-seconds', `${SETTLE_SECONDS}`],
  // All that is ever logged, for the search for keys.
  ...['--drain-seconds', '3', '--log-level', 'debug'],
]
const LIMIT_MS = IS_SOAK ? 1_200_000 : 300_000
const ROUND_MS = 200
const ROUNDS_PER_CONNECTION = 2

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
  await shop?.close()
  await injector?.uninstall()
  await balancer?.close()
  await standIn?.stop()
})

const bothServe = () =>
  waitUntil({ what: 'both replicas to serve', limitMs: 30_000 }, () => balancer.targets().length === replicas.length)
const logs = () => replicas.map(({ logFile }) => readFileSync(logFile, 'utf8')).join('')
const namespace = 'linkerd-tracing'

interface Stream {
  readonly pods: ApiAnswer[]
  readonly counts: WebhookCounts
  /** Connections that the API server made to each replica, each with a handshake of its own. */
  readonly connections: readonly number[]
  /** What the API server said of handshakes that failed. */
  readonly tlsErrors: readonly string[]
  readonly handshakes: number
  readonly handshakeErrors: readonly string[]
  /** How many certificates our own handshakes met. */
  readonly met: number
  readonly serving: number
  readonly cas: number
  readonly seconds: number
}

/** Makes Pods and handshakes at a steady rate while something is done. The client learns of bundles late. */
async function underStream(work: () => Promise<unknown>): Promise<Stream> {
  const connections = () => replicas.map(({ port }) => balancer.connections.get(port) ?? 0)
  const read = () => ({
    serving: seen.serving.length,
    cas: seen.cas.length,
    at: performance.now(),
    tlsErrors: readTlsErrors(cluster).length,
    connections: connections(),
  })
  const before = read()
  const bundle = () => seen.bundleAsOf(SETTLE_SECONDS * 1000 * 0.9)
  const probe = probeHandshakes({
    ports: replicas.map(({ port }) => port),
    host: injectorHost(injector.layout),
    bundle,
  })
  const { result, counts } = await countMeanwhile(cluster, () => makePodsDuring(work))
  await probe.stop()
  const after = read()
  return {
    pods: result,
    counts,
    connections: after.connections.map((count, index) => count - (before.connections[index] ?? 0)),
    tlsErrors: readTlsErrors(cluster).slice(before.tlsErrors),
    handshakes: probe.count(),
    handshakeErrors: probe.errors,
    met: probe.met.size,
    serving: after.serving - before.serving,
    cas: after.cas - before.cas,
    seconds: Math.round((after.at - before.at) / 1000),
  }
}

/**
 * Makes Pods at a steady rate, two at once for both replicas. The API server keeps its connections, over which no later
 * certificate is ever looked at: so they end every other round, between two Pods, and it has to shake hands again.
 */
async function makePodsDuring(work: () => Promise<unknown>): Promise<ApiAnswer[]> {
  let isOver = false
  const stream = async (): Promise<ApiAnswer[]> => {
    const made: ApiAnswer[] = []
    for (let round = 1; !isOver; round += 1) {
      const nextRound = sleep(ROUND_MS)
      made.push(...(await Promise.all([shop.createPod(), shop.createPod()])))
      if (round % ROUNDS_PER_CONNECTION === 0) await balancer.hangUp()
      await nextRound
    }
    return made
  }
  const pods = stream()
  try {
    await work()
  } finally {
    isOver = true
    await pods
  }
  return pods
}

function expectNothingLost(stream: Stream): void {
  const { pods, counts, handshakes, met, serving, connections } = stream
  expect(fatesOf(pods)).toEqual({ traced: pods.length })
  expect({ failedOpen: counts.failedOpen, rejected: counts.rejected }).toEqual({ failedOpen: 0, rejected: 0 })
  expectNoTlsErrors(stream)
  // Had nobody looked at a certificate, the above would say nothing.
  expect(handshakes).toBeGreaterThan(0)
  expect(met).toBeGreaterThanOrEqual(serving - 1)
  const made = connections.reduce((sum, count) => sum + count)
  expect(made).toBeGreaterThan(pods.length / (2 * ROUNDS_PER_CONNECTION) - 2)
}

function expectNoTlsErrors({ tlsErrors, handshakeErrors }: Stream): void {
  expect(tlsErrors).toEqual([])
  expect(handshakeErrors).toEqual([])
}

const rotations = (serving: number, cas: number) => {
  const from = { serving: seen.serving.length, cas: seen.cas.length }
  return waitUntil({ what: `${serving} serving certificates and ${cas} CAs`, limitMs: LIMIT_MS }, () => {
    return seen.serving.length - from.serving >= serving && seen.cas.length - from.cas >= cas
  })
}

const secretKey = (key: string) => seen.secretData()?.[key]

/** Asks for another CA, does something while API servers learn of it, and waits until it signs. */
async function changeCa(meanwhile: () => Promise<unknown> = async () => {}): Promise<void> {
  const before = secretKey('ca.crt')
  const isUsed = () => secretKey('ca.crt') !== undefined && secretKey('ca.crt') !== before
  const wish = ['patch', 'secret', CERTIFICATE_SECRET, '-n', namespace, '-p', '{"stringData":{"rotate":"ca"}}']
  await cluster.kubectl(...wish)
  await waitUntil({ what: 'the next CA', limitMs: 30_000 }, () => secretKey('next-ca.crt') !== undefined || isUsed())
  await meanwhile()
  await waitUntil({ what: 'the next CA to sign', limitMs: 30_000 }, isUsed)
  await rotations(1, 0)
}

test(
  `${SERVING} serving certificates and ${CAS} CAs follow each other: nothing is lost`,
  async () => {
    const stream = await underStream(() => rotations(SERVING, CAS))
    expectNothingLost(stream)
    expect(Math.min(...stream.connections)).toBeGreaterThan(SERVING)
    expect(seen.largestBundle()).toBeLessThanOrEqual(3)
    const { pods, counts, connections, handshakes, serving, cas, seconds } = stream
    const made = connections.reduce((sum, count) => sum + count)
    // The figures of docs/certificates.md.
    process.stderr.write(
      `certificates: ${serving} serving certificates, ${cas} CAs in ${seconds} s; ${pods.length} Pods, ${counts.calls} calls over ${made} connections, ${handshakes} handshakes more; 0 lost\n`,
    )
  },
  LIMIT_MS,
)

test('one replica is ended and started again while another CA settles: nothing is lost', async () => {
  const stream = await underStream(() =>
    changeCa(async () => {
      await injector.process().end('SIGTERM')
      await injector.start()
      await bothServe()
    }),
  )
  expectNothingLost(stream)
})

test('one replica is killed and started again while another CA settles: only Pods on their way to it are untraced', async () => {
  const stream = await underStream(() =>
    changeCa(async () => {
      await injector.process().end('SIGKILL')
      await injector.start()
      await bothServe()
    }),
  )
  const { traced = 0, 'meshed, untraced': untraced = 0, ...others } = fatesOf(stream.pods)
  expect(others).toEqual({})
  expect(traced).toBeGreaterThan(untraced)
  // Otherwise it was not killed under load: its port is called until the balancer has noticed.
  expect(untraced).toBeGreaterThan(0)
  const { failedOpen, rejected } = stream.counts
  expect({ failedOpen, rejected }).toEqual({ failedOpen: untraced, rejected: 0 })
  expectNoTlsErrors(stream)
})

test('the Secret is emptied, while all is well, while a CA settles and while a replica starts: nothing is lost', async () => {
  const EMPTY = JSON.stringify([{ op: 'replace', path: '/data', value: {} }])
  const beEmptied = async () => {
    await cluster.kubectl('patch', 'secret', CERTIFICATE_SECRET, '-n', namespace, '--type=json', '-p', EMPTY)
    await waitUntil({ what: 'the Secret to be full', limitMs: 30_000 }, () => secretKey('tls.key'))
  }
  const created = await changes('create')
  const stream = await underStream(async () => {
    await beEmptied()
    await changeCa(beEmptied)
    await injector.process().end('SIGTERM')
    injector.launch()
    await beEmptied()
    await bothServe()
    await changeCa()
  })
  expectNothingLost(stream)
  expect(await changes('create')).toBeLessThanOrEqual(created)
  expect(await changes('restore')).toBeGreaterThan(0)
})

test('another writer empties the bundles, again and again: they are put back, and only until then Pods are untraced', async () => {
  const took: number[] = []
  const stream = await underStream(async () => {
    await rotations(1, 0)
    // At first at once, in the end after pauses of seconds.
    for (let turn = 0; turn < 4; turn += 1) {
      const startedAt = performance.now()
      await emptyBundles()
      await waitUntil({ what: 'the bundles to be put back', limitMs: 20_000 }, seen.hasBundles)
      took.push(performance.now() - startedAt)
    }
  })
  const { traced = 0, 'meshed, untraced': untraced = 0, ...others } = fatesOf(stream.pods)
  expect(others).toEqual({})
  expect(traced).toBeGreaterThan(0)
  expect(untraced).toBeGreaterThan(0)
  expect(stream.counts.failedOpen).toBe(untraced)
  expect(stream.counts.rejected).toBe(0)
  // What the other tests find none of is found here.
  expect(stream.tlsErrors.length).toBeGreaterThan(0)
  // two calls of kubectl are within that time
  expect(took[0]).toBeLessThan(5_000)
  await sleep(SETTLE_SECONDS * 1_000)
  expectNothingLost(await underStream(() => changeCa()))
  expect(await resets()).toBeGreaterThan(0)
  expect(await events()).toContain('CaBundleReset')
})

const resets = () => counted('linkerd_tracing_ca_bundle_resets_total')
/** By the processes that run now. */
const changes = (change: string) => counted('linkerd_tracing_certificate_changes_total', { change, result: 'written' })

async function counted(metric: string, labels: Readonly<Record<string, string>> = {}): Promise<number> {
  const counts = await Promise.all(replicas.map((one) => one.metric(metric, labels)))
  return counts.reduce((sum, one) => sum + one)
}

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

test('the manifests are applied again and again while a CA settles: Secret and bundles stay, nothing is lost', async () => {
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: injector.manifests })
  const asGitOps = ['--server-side', '--force-conflicts', '--field-manager=gitops']
  const before = await resets()
  let isOver = false
  const applyAgain = async () => {
    do {
      for (const way of [[], asGitOps]) await cluster.kubectlWith(list, 'apply', ...way, '-f', '-')
    } while (!isOver)
  }
  const change = () =>
    changeCa().finally(() => {
      isOver = true
    })
  const stream = await underStream(() => Promise.all([applyAgain(), change()]))
  expectNothingLost(stream)
  // Nobody took a bundle, nor anything of the Secret, away.
  expect(await resets()).toBe(before)
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
    const host = injectorHost(injector.layout)
    const first = seen.cas.length
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
      const ca = secretKey('ca.crt') ?? ''
      const met = await Promise.all(replicas.map(({ port }) => shakeHands({ port, host, ca })))
      expect(met[0]).toBe(met[1])
      expect(new Set(Object.values(seen.bundles()).flat())).toEqual(new Set([ca]))
      expect(seen.cas.length - before).toBe(1)
    }
    // What came late, after both were ready, would have been seen by now.
    expect(seen.cas.length - first).toBe(STARTS)
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
      const text = await opensslVerify({ certificate, host })
      expect(text).toMatch(/Basic Constraints: critical\s+CA:FALSE/)
      expect(text).toMatch(/X509v3 Key Usage: critical\s+Digital Signature\n/)
      expect(text).toMatch(/Extended Key Usage: \s+TLS Web Server Authentication\n/)
      const service = `linkerd-tracing-injector.${namespace}`
      const names = ['linkerd-tracing-injector', service, `${service}.svc`, `${service}.svc.cluster.local`]
      expect(text).toContain(names.map((name) => `DNS:${name}`).join(', '))
      expect(text).toContain('ASN1 OID: prime256v1')
      // shorter only where its CA ends
      expect(secondsOf(certificate.pem)).toBeLessThanOrEqual(SERVING_SECONDS + SKEW_SECONDS)
    }
    for (const ca of seen.cas) {
      const text = await opensslVerify({ certificate: ca, host: undefined })
      expect(text).toMatch(/Basic Constraints: critical\s+CA:TRUE, pathlen:0/)
      expect(text).toMatch(/Key Usage: critical\s+Certificate Sign, CRL Sign\n/)
      expect(text).toContain('ASN1 OID: prime256v1')
      expect(secondsOf(ca.pem)).toBe(CA_SECONDS + SKEW_SECONDS)
    }
    expect(seen.serving.some(({ pem }) => secondsOf(pem) === SERVING_SECONDS + SKEW_SECONDS)).toBe(true)
    expect(seen.serving.length).toBeGreaterThan(SERVING)
  },
  LIMIT_MS,
)

function secondsOf(pem: string): number {
  const { validFromDate, validToDate } = new X509Certificate(pem)
  return (validToDate.getTime() - validFromDate.getTime()) / 1000
}

test('no key is in a log, a metric or an event, and nothing in the logs is an error', async () => {
  const metrics = await Promise.all(
    replicas.map(async ({ adminPort }) => (await fetch(`http://127.0.0.1:${adminPort}/metrics`)).text()),
  )
  const said = [logs(), ...metrics, await events()].join('\n')
  expect(said).not.toContain('PRIVATE KEY')
  // As PEM, and as the API server gets it.
  const secrets = [...seen.serving, ...seen.cas].flatMap(({ keyPem }) => [
    ...keyPem.split('\n').slice(1, -2),
    Buffer.from(keyPem).toString('base64').slice(60, 120),
  ])
  expect(secrets.length).toBeGreaterThan(20)
  expect(Math.min(...secrets.map(({ length }) => length))).toBeGreaterThan(20)
  expect(secrets.filter((line) => said.includes(line))).toEqual([])
  expect(logs()).toContain('"level":"debug"')
  const errors = logs()
    .split('\n')
    .filter((line) => line.includes('"level":"error"'))
  // that the Secret was deleted is one
  expect(errors.filter((line) => !line.includes('Secret is not there'))).toEqual([])
})
