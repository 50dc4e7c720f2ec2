// Promise 2, "never block a Pod", where it counts: Pods are really created on a real API server while the injector is
// down, hangs, dies or is somebody else. docs/reliability.md sums up; the other failures are in failures-*.cluster-test.ts.
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import type { ApiAnswer } from './api-requests.ts'
import { accessCluster } from './cluster-access.ts'
import { type KeyPair, makeAuthority, makeServingPair } from './control-plane/certificates.ts'
import { waitUntil } from './control-plane/wait-until.ts'
import { CALL_LIMIT_MS, fatesOf, type InjectedShop, openShop, POD_LIMIT_MS, slowest } from './injected-shop.ts'
import { type InstalledInjector, injectorHost, installInjector } from './installed-injector.ts'
import { answerTo, type OddCall, type OddWebhook, patchOf, startOddWebhook } from './odd-webhook.ts'
import { type StandInInjector, startStandInInjector } from './stand-in-injector.ts'
import { countMeanwhile } from './webhook-counts.ts'

const cluster = accessCluster(inject('cluster'))
/** Pods at once in each case: enough to fill more than one connection, few enough to be quick. */
const PODS = 5

let standIn: StandInInjector
let injector: InstalledInjector
let shop: InjectedShop

beforeAll(async () => {
  standIn = await startStandInInjector(cluster)
  // With certificates from files, so that the tests can be in the injector's place, or give it a wrong one.
  injector = await installInjector(cluster, { certs: 'files' })
  shop = await openShop(cluster, { name: 'failures' })
})
afterAll(async () => {
  await shop?.close()
  await injector?.uninstall()
  await standIn?.stop()
})
// Each case begins with an injector that works: what is seen is that failure's, and the one before was recovered from.
beforeEach(async () => {
  if (injector.process().hasExited()) await injector.start()
  await shop.becomesTraced()
})

const signal = (name: NodeJS.Signals) => process.kill(injector.process().pid, name)

/** Makes Pods and demands that all are admitted untraced, none later than that, and that the API server counts them. */
async function expectAdmittedUntraced(limitMs: number = POD_LIMIT_MS): Promise<ApiAnswer[]> {
  const { result, counts } = await shop.createPods(PODS)
  expect(fatesOf(result)).toEqual({ 'meshed, untraced': PODS })
  expect(counts).toEqual({ failedOpen: PODS, rejected: 0, calls: PODS })
  expect(slowest(result)).toBeLessThan(limitMs)
  return result
}

describe('the injector', () => {
  test('works: Pods are traced, and nothing fails open', async () => {
    const { result, counts } = await shop.createPods(PODS)
    expect(fatesOf(result)).toEqual({ traced: PODS })
    expect(counts).toEqual({ failedOpen: 0, rejected: 0, calls: PODS })
  })

  test('is down: a Pod does not even wait for the timeout; once it is back Pods are traced again', async () => {
    await injector.process().end('SIGKILL')
    await expectAdmittedUntraced(CALL_LIMIT_MS)
    await injector.start()
    await shop.becomesTraced()
  })

  test('hangs: a Pod waits for the timeout and no longer; once it goes on Pods are traced again', async () => {
    signal('SIGSTOP')
    try {
      const pods = await expectAdmittedUntraced()
      expect(Math.min(...pods.map(({ ms }) => ms))).toBeGreaterThan(CALL_LIMIT_MS - 200)
    } finally {
      signal('SIGCONT')
    }
    await shop.becomesTraced()
    // what was given up on is let go of
    await waitUntil({ what: 'no request to be in flight', limitMs: 15_000 }, async () => {
      return (await injector.metric('linkerd_tracing_requests_in_flight')) === 0
    })
  })

  test('is killed in mid-request: those Pods are admitted at once', async () => {
    // Stopped first, so that the requests are surely under way and unanswered when it is killed.
    signal('SIGSTOP')
    const pods = expectAdmittedUntraced(CALL_LIMIT_MS)
    await sleep(1_000)
    await injector.process().end('SIGKILL')
    await pods
  })

  test('is killed and started again under a stream of Pods: all are admitted, and each is traced or counted', async () => {
    const { result, counts } = await countMeanwhile(cluster, async () => {
      const pods: Promise<ApiAnswer>[] = []
      const stream = setInterval(() => pods.push(shop.createPod()), 30)
      for (let round = 0; round < 2; round += 1) {
        await sleep(500)
        await injector.process().end('SIGKILL')
        await injector.start()
      }
      await sleep(500)
      clearInterval(stream)
      return Promise.all(pods)
    })
    const { traced = 0, 'meshed, untraced': untraced = 0, ...others } = fatesOf(result)
    expect(others).toEqual({})
    expect(traced).toBeGreaterThan(0)
    expect(untraced).toBeGreaterThan(0)
    expect({ failedOpen: counts.failedOpen, rejected: counts.rejected }).toEqual({ failedOpen: untraced, rejected: 0 })
    expect(slowest(result)).toBeLessThan(POD_LIMIT_MS)
  })
})

describe('in the injector’s place', () => {
  let odd: OddWebhook | undefined
  afterEach(async () => {
    await odd?.close()
    odd = undefined
  })

  async function takeItsPlace(answer: (call: OddCall) => void): Promise<OddWebhook> {
    const pair = await makeServingPair(injector.authority, [injectorHost(injector.layout)])
    await injector.process().end('SIGKILL')
    odd = await startOddWebhook({ port: injector.port, pair }, answer)
    return odd
  }

  const json = (make: (review: OddCall['review']) => object) => (call: OddCall) =>
    void call.response.setHeader('content-type', 'application/json').end(JSON.stringify(make(call.review)))
  const withResponse = (response: object) => json((review) => answerTo(review, response))
  const status = (code: number) => (call: OddCall) => void call.response.writeHead(code).end('{"error":"no"}')
  const ADD_LABEL = { op: 'add', path: '/metadata/labels', value: { garbage: 'yes' } }

  test.each<[string, (call: OddCall) => void]>([
    ['what is no JSON', ({ response }) => void response.end('<html>It works!</html>')],
    ['nothing at all, with 200', ({ response }) => void response.end()],
    ['JSON that is no AdmissionReview', json(() => ({ hello: 'world' }))],
    ['a review without response', json(({ apiVersion, kind }) => ({ apiVersion, kind }))],
    ['another version of the review', json((review) => ({ ...answerTo(review), apiVersion: 'admission.k8s.io/v9' }))],
    ['another request’s uid', withResponse({ uid: 'somebody-else', ...patchOf(ADD_LABEL) })],
    ['a patch that is no base64', withResponse({ patchType: 'JSONPatch', patch: '!!!' })],
    ['a patch that is no list', withResponse({ patchType: 'JSONPatch', patch: Buffer.from('{}').toString('base64') })],
    ['a patch without its type', withResponse({ ...patchOf(ADD_LABEL), patchType: undefined })],
    ['an audit annotation that is no text', withResponse({ auditAnnotations: { outcome: 1 } })],
    ['HTTP 500', status(500)],
    ['HTTP 404', status(404)],
    ['HTTP 429', status(429)],
    ['a closed connection', ({ socket }) => void socket.destroy()],
    [
      'half an answer and a closed connection',
      ({ response, socket }) => {
        response.writeHead(200, { 'content-length': 1_000 }).write('{"apiVersion":', () => socket.destroy())
      },
    ],
    ['half an answer and silence', ({ response }) => void response.writeHead(200).write('{"apiVersion":')],
  ])('somebody answers with %s: Pods are admitted', async (_kind, answer) => {
    const webhook = await takeItsPlace(answer)
    const pods = await expectAdmittedUntraced()
    expect(webhook.calls()).toBeGreaterThanOrEqual(PODS)
    expect(pods.map(({ body }) => body.metadata.labels?.garbage)).toEqual(pods.map(() => undefined))
  })

  // failurePolicy does not cover these. Our own patches are therefore applied to every Pod that the property tests
  // can think of: nothing but that stands between a wrong one and a rejected Pod.
  test.each([
    ['does not apply', { op: 'add', path: '/spec/absent/name', value: 'x' }, 500],
    ['makes the Pod invalid', { op: 'add', path: '/spec/volumes/-', value: { name: 'Not A Name' } }, 422],
  ])('a patch that %s is what failurePolicy Ignore does not cover', async (_what, operation, expected) => {
    await takeItsPlace(withResponse(patchOf(operation)))
    const { status: code, body } = await shop.createPod()
    expect({ code, kind: body.kind }).toEqual({ code: expected, kind: 'Status' })
  })
})

describe('the certificate', () => {
  const host = () => injectorHost(injector.layout)

  async function restartWith(pair: KeyPair): Promise<void> {
    await injector.process().end('SIGKILL')
    await injector.writeCertificate(pair)
    await injector.start()
  }

  afterEach(async () => {
    await injector.patchBundles()
    await restartWith(await makeServingPair(injector.authority, [host()]))
  })

  test('is of a CA that is not in the bundle', async () => {
    const stranger = await makeAuthority('a stranger')
    await restartWith(await makeServingPair(stranger, [host()]))
    await expectAdmittedUntraced(CALL_LIMIT_MS)
    // The way out, without a restart: the bundle that goes with it.
    await injector.patchBundles(stranger.cert)
    await shop.becomesTraced()
  })

  test('is right, and the bundle has another CA', async () => {
    await injector.patchBundles((await makeAuthority('another')).cert)
    await waitUntil({ what: 'the bundle to be in force', limitMs: 10_000 }, async () => {
      const { counts } = await shop.createPods(1)
      return counts.failedOpen === 1
    })
    await expectAdmittedUntraced(CALL_LIMIT_MS)
  })

  test('is for another name', async () => {
    await restartWith(await makeServingPair(injector.authority, ['somebody-else.linkerd-tracing.svc']))
    await expectAdmittedUntraced(CALL_LIMIT_MS)
  })

  test('has expired while the injector runs, and the injector’s own metric tells', async () => {
    // No start would take one that has expired already. Certificates count in whole seconds.
    const notAfter = new Date(Date.now() + 6_000)
    await restartWith(await makeServingPair(injector.authority, [host()], notAfter))
    // No call before it has expired: a connection that is open stays good, whatever becomes of the certificate.
    await waitUntil(
      { what: 'the certificate to expire', limitMs: 15_000 },
      () => Date.now() > notAfter.getTime() + 1_500,
    )
    await expectAdmittedUntraced(CALL_LIMIT_MS)
    const expiry = await injector.metric('linkerd_tracing_certificate_expiry_timestamp_seconds')
    expect(expiry * 1000).toBeLessThan(Date.now())
  })
})
