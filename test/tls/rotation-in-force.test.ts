// What the flags say of lifetimes is what certificates get, and when they are renewed.
import { X509Certificate } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createIssuer, serviceNames } from '../../src/tls/self-managed/issuer.ts'
import { toSecretData } from '../../src/tls/self-managed/secret-data.ts'
import { type ScriptedInstall, scriptedInstall } from './scripted-install.ts'

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000]
const names = serviceNames({ name: 'linkerd-tracing-injector', namespace: 'linkerd-tracing' }, 'cluster.local')

let install: ScriptedInstall
let end: () => Promise<void>
beforeEach(async () => {
  install = await scriptedInstall()
})
afterEach(async () => {
  await end()
  await install.api.stop()
})

async function serve(...flags: string[]) {
  const server = await install.serve(...flags)
  end = server.end
}
const dates = (key: string) => {
  const { validFromDate, validToDate } = new X509Certificate(install.stored(key) ?? '')
  return [validFromDate.getTime() - Date.now(), validToDate.getTime() - Date.now()]
}

test.each([
  { flags: [], skew: 5 * MINUTE, ca: 365 * DAY, serving: 7 * DAY },
  {
    flags: ['--clock-skew', '10m', '--ca-lifetime', '30d', '--serving-lifetime', '12h'],
    ...{ skew: 10 * MINUTE, ca: 30 * DAY, serving: 12 * HOUR },
  },
])('certificates last as long as was asked for, dated back by the clock skew: $flags', async (asked) => {
  const { flags, skew, ca, serving } = asked
  await serve(...flags)
  for (const [key, lifetime] of [
    ['ca.crt', ca],
    ['tls.crt', serving],
  ] as const) {
    const [from = 0, to = 0] = dates(key)
    expect(Math.abs(from + skew)).toBeLessThan(20_000)
    expect(Math.abs(to - lifetime)).toBeLessThan(20_000)
  }
})

/** The Secret as another replica filled it so long ago. */
async function storeMade(agoMs: number, lifetimes: { ca: number; serving: number }, madeFor = names): Promise<void> {
  const lasting = { caLifetimeMs: lifetimes.ca, servingLifetimeMs: lifetimes.serving, skewMs: 5 * MINUTE }
  const settings = { ...lasting, caRenewAt: 1, servingRenewAt: 1, settleMs: MINUTE }
  const issuer = createIssuer({ settings, names: madeFor, now: () => Date.now() - agoMs })
  const ca = await issuer.issueCa()
  install.store(toSecretData({ ca, serving: await issuer.issueServing(ca), old: [], damage: [] }))
}
const isInPlace = () => expect.poll(() => install.bundles('linkerd-tracing-injector-webhook-config')[1]).not.toBe('')

test.each([
  [[], 0.45, false],
  [[], 0.6, true],
  [['--serving-renew-at', '0.8'], 0.6, false],
  [['--serving-renew-at', '0.3'], 0.4, true],
])('a serving certificate is renewed at its part of its lifetime: %j, at %d: %j', async (flags, part, isRenewed) => {
  await storeMade(part * DAY, { ca: 100 * DAY, serving: DAY })
  const before = install.stored('tls.crt')
  await serve(...flags)
  // A renewal comes before the bundles in each step.
  await isInPlace()
  expect(install.stored('tls.crt') !== before).toBe(isRenewed)
  expect(install.stored('next-ca.crt')).toBeUndefined()
})

test.each([
  // As of a Secret that was copied.
  { namespace: 'elsewhere', domain: 'cluster.local', isReplaced: true },
  // No API server asks for a name with it.
  { namespace: 'linkerd-tracing', domain: 'other.domain', isReplaced: false },
])('a stored certificate for $namespace and $domain is replaced by one of the same CA: $isReplaced', async (made) => {
  const { namespace, domain, isReplaced } = made
  const madeFor = serviceNames({ name: 'linkerd-tracing-injector', namespace }, domain)
  await storeMade(0, { ca: 100 * DAY, serving: DAY }, madeFor)
  const [ca, before] = [install.stored('ca.crt'), install.stored('tls.crt')]
  await serve()
  await isInPlace()
  expect(install.stored('tls.crt') !== before).toBe(isReplaced)
  const leaf = new X509Certificate(install.stored('tls.crt') ?? '')
  expect(leaf.checkHost('linkerd-tracing-injector.linkerd-tracing.svc')).toBeDefined()
  expect(install.stored('ca.crt')).toBe(ca)
})

test.each([
  [[], 0.6, false],
  [[], 0.75, true],
  [['--ca-renew-at', '0.9'], 0.75, false],
  [['--ca-renew-at', '0.3'], 0.4, true],
])('so is a CA: %j, at %d: %j', async (flags, part, isRenewed) => {
  await storeMade(part * 100 * DAY, { ca: 100 * DAY, serving: 100 * DAY })
  const before = install.stored('ca.crt')
  await serve('--serving-renew-at', '0.95', ...flags)
  await isInPlace()
  expect(install.stored('next-ca.crt') !== undefined).toBe(isRenewed)
  // The new one is made known first.
  expect(install.stored('ca.crt')).toBe(before)
  const [first] = install.bundles('linkerd-tracing-injector-webhook-config')
  expect(first).toContain(before)
  expect(first).toContain(install.stored('next-ca.crt') ?? '')
})
