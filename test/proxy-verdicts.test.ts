/**
 * What the real proxy v2.366 did with some 200 pairs of collector address and identity (fixtures/proxy-verdicts.jsonl):
 * none that it refuses is ever written. Being stricter is allowed, refusing what a user needs is not.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import jsonPatch, { type Operation } from 'fast-json-patch'
import { describe, expect, test } from 'vitest'
import { parseAdmissionReview } from '../src/admission/parse-admission-review.ts'
import { parseCollectorAddress } from '../src/injection/collector-address.ts'
import { decideInjection } from '../src/injection/decide-injection.ts'
import { isProxyDnsName } from '../src/injection/dns-name.ts'
import { podPatch } from '../src/injection/pod-patch.ts'
import { reviewOf, settingsOfCase } from './golden-harness/case-folder.ts'
import { ADDR, isProxyAddress, isProxyName, NAME } from './golden-harness/pod-rules.ts'
import { containerNamed, envOf, envValue, type Raw } from './golden-harness/raw-pod.ts'

interface Verdict {
  address: string | null
  identity: string | null
  proxy: 'starts' | 'exit 64'
  says: string
}

const VERDICTS = readFileSync(join(import.meta.dirname, 'fixtures', 'proxy-verdicts.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Verdict)

const ADDRESS = 'config.linkerd.io/trace-collector'
const ACCOUNT = 'config.alpha.linkerd.io/trace-collector-service-account'
const settings = settingsOfCase({ flags: {}, discovered: {} })

/** Addresses that start the proxy and lead nowhere: refused by our own rules (port 0, signs, this very Pod). */
const STRICTER = ['otel.obs:0', 'otel.obs:+1', '0.0.0.0:4317', 'localhost:4317', 'LOCALHOST:4317', 'foo.localhost:4317']

/** An identity that a proxy accepted makes the address alone responsible for the verdict. */
const isGoodIdentity = (identity: string | null): boolean =>
  identity !== null && VERDICTS.some((v) => v.identity === identity && v.proxy === 'starts')

const byAddress = new Map(
  VERDICTS.filter((v) => v.address !== null && isGoodIdentity(v.identity)).map((v) => [v.address ?? '', v.proxy]),
)
const byIdentity = new Map(
  VERDICTS.filter((v) => v.address === 'otel.obs:4317' && v.identity !== null).map((v) => [v.identity ?? '', v.proxy]),
)

function decide(annotations: Record<string, string>, env: object[] = []) {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace: 'emojivoto', annotations },
    spec: { containers: [{ name: 'linkerd-proxy', image: 'cr.l5d.io/linkerd/proxy:edge-26.8.3', env }] },
  }
  const { request } = parseAdmissionReview(reviewOf(pod))
  const decision = decideInjection({ request, namespace: undefined, settings })
  const patch = podPatch(request.object, decision) as Operation[]
  const patched: unknown = jsonPatch.applyPatch(structuredClone(pod), patch, true).newDocument
  return { decision, patch, proxy: containerNamed(patched, 'linkerd-proxy') }
}

function expectToStart(proxy: Raw): void {
  const address = String(envValue(proxy, ADDR))
  expect(byAddress.get(address) ?? 'starts').toBe('starts')
  expect(isProxyAddress(address)).toBe(true)
  const name = envValue(proxy, NAME)
  if (name === undefined) return
  expect(byIdentity.get(String(name)) ?? 'starts').toBe('starts')
  expect(isProxyName(String(name))).toBe(true)
}

test('the fixture is whole', () => {
  expect(VERDICTS).toHaveLength(205)
  expect(byAddress.size).toBeGreaterThan(70)
  expect(byIdentity.size).toBeGreaterThan(30)
})

describe('an address given as annotation', () => {
  test.each([...byAddress])('%j, with which the proxy %s', (address, verdict) => {
    const { decision, patch, proxy } = decide({ [ADDRESS]: address, [ACCOUNT]: 'collector.obs' })
    if (verdict === 'exit 64' || STRICTER.includes(address)) {
      expect(decision).toMatchObject({ outcome: 'skipped', reason: 'invalid-setting' })
      expect(decision.warnings.join('\n')).toContain(ADDRESS)
      expect(patch).toEqual([])
      expect(parseCollectorAddress(address)).toHaveProperty('rule')
    } else {
      expect(decision.outcome).toBe('traced')
      expect(envValue(proxy, ADDR)).toBe(address)
      expect(parseCollectorAddress(address)).not.toHaveProperty('rule')
    }
  })
})

describe('each pair', () => {
  // A pair with no NAME starts only beside a loopback address; what we write has one wherever the proxy wants one.
  test.each(VERDICTS.filter((v) => v.address !== null && v.identity === null))(
    '$address without identity: the proxy $proxy',
    ({ address, proxy: verdict }) => {
      const { decision, proxy } = decide({ [ADDRESS]: address ?? '', [ACCOUNT]: 'collector.obs' })
      if (decision.outcome !== 'traced') return
      expect(envOf(proxy).some((entry) => entry.name === NAME)).toBe(verdict === 'exit 64')
    },
  )

  // Our answer to a Pod that holds the pair already: whatever comes out, the proxy does not refuse it.
  test.each(VERDICTS)('of $address and $identity in the proxy already: the proxy $proxy', ({ address, identity }) => {
    const env = [
      ...(address === null ? [] : [{ name: ADDR, value: address }]),
      ...(identity === null ? [] : [{ name: NAME, value: identity }]),
    ]
    for (const annotations of [{}, { [ADDRESS]: '127.0.0.1:4317' }, { [ADDRESS]: '[::1]:4317' }]) {
      const { decision, proxy } = decide(annotations, env)
      expect(decision.outcome).toBe('traced')
      expectToStart(proxy)
    }
  })
})

describe('an identity', () => {
  test.each([...byIdentity])('%j, with which the proxy %s', (identity, verdict) => {
    if (verdict === 'exit 64') expect(isProxyDnsName(identity)).toBe(false)
    const { proxy } = decide({ [ADDRESS]: 'localhost.:4317' }, [{ name: NAME, value: identity }])
    const kept = envOf(proxy).some((entry) => entry.name === NAME)
    // beside a loopback address an existing NAME is not ours: it stays unless it stops the proxy
    expect(kept).toBe(verdict === 'starts')
  })

  test.each([...byIdentity].filter(([, verdict]) => verdict === 'exit 64'))(
    '%j as ServiceAccount is never emitted as it is',
    (identity) => {
      const { decision, proxy } = decide({ [ACCOUNT]: identity })
      if (decision.outcome === 'traced') expect(isProxyName(String(envValue(proxy, NAME)))).toBe(true)
      expect(envValue(proxy, NAME)).not.toBe(identity)
    },
  )
})

describe("the tests' own checker", () => {
  test.each([...byAddress].filter(([address]) => !STRICTER.includes(address)))('%j: %s', (address, verdict) => {
    expect(isProxyAddress(address)).toBe(verdict === 'starts')
  })
  test.each([...byIdentity])('%j: %s', (identity, verdict) => expect(isProxyName(identity)).toBe(verdict === 'starts'))
})
