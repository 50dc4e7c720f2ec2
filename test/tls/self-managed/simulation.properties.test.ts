// Whatever order things happen in, no API server ever meets a certificate that it cannot trust yet, or
// no longer; and whatever was broken is repaired.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createPatchPace } from '../../../src/kubernetes/patch-pace.ts'
import { createIssuer } from '../../../src/tls/self-managed/issuer.ts'
import { MAX_BUNDLE } from '../../../src/tls/self-managed/plan-bundle.ts'
import { parseSecretData } from '../../../src/tls/self-managed/secret-data.ts'
import { MAX_OLD } from '../../../src/tls/self-managed/stored-certificates.ts'
import { NAMES, SETTINGS, World } from './world.ts'

const { settleMs, skewMs } = SETTINGS
// A run is some hundred real certificates: npm run fuzz tries a thousandth of what it tries of Pods, and more than usual.
const RUNS = Math.max(25, Number(process.env['FUZZ_RUNS'] ?? 0) / 200)

const strangers = createIssuer({ settings: SETTINGS, names: NAMES, now: () => Date.UTC(2030, 0, 1) })
const [stranger, another] = [await strangers.issueCa(), await strangers.issueCa()]

type Act =
  | { readonly kind: 'pass'; readonly part: number }
  | { readonly kind: 'step' | 'see-secret' | 'see-bundles' | 'crash'; readonly who: number }
  | { readonly kind: 'fault'; readonly who: number; readonly fault: 'lost' | 'answer-lost' }
  | { readonly kind: 'wish'; readonly what: 'ca' | 'serving' }
  | { readonly kind: 'lock'; readonly isLocked: boolean }

const who = fc.nat({ max: 2 })
/** What happens every day: time, delays, crashes, writes that are lost, wishes, a Secret that may not be written. */
const ORDINARY: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('step' as const), who }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('pass' as const), part: fc.double({ min: 0.01, max: 2, noNaN: true }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lock' as const), isLocked: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('see-secret' as const, 'see-bundles' as const), who }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('crash' as const), who }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('fault' as const),
      who,
      fault: fc.constantFrom('lost' as const, 'answer-lost' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('wish' as const),
      what: fc.constantFrom('ca' as const, 'serving' as const),
    }),
  },
)

async function perform(world: World, act: Act): Promise<void> {
  if (act.kind === 'pass') {
    world.now += act.part * settleMs
    return
  }
  if (act.kind === 'lock') {
    world.isImmutable = act.isLocked
    return
  }
  if (act.kind === 'wish') return world.editSecret((data) => ({ ...data, rotate: act.what }))
  const replica = world.replicas[act.who % world.replicas.length]
  if (replica === undefined) return
  if (act.kind === 'step') await world.step(replica)
  else if (act.kind === 'see-secret') world.showSecret(replica)
  else if (act.kind === 'see-bundles') world.showBundles(replica)
  else if (act.kind === 'fault') replica.fault = act.fault
  else world.crash(act.who % world.replicas.length)
}

const skews = fc.array(fc.integer({ min: -skewMs / 2, max: skewMs / 2 }), { minLength: 1, maxLength: 3 })

async function settled(offsets: readonly number[]): Promise<World> {
  const world = new World(offsets)
  await world.calm(3 * settleMs, settleMs / 10)
  expect(world.refused()).toEqual([])
  return world
}

function expectAgreement(world: World): void {
  expect(world.refused()).toEqual([])
  expect(new Set(world.replicas.map(({ serving }) => serving?.certPem)).size).toBe(1)
  expect(world.replicas.every(({ isReady }) => isReady)).toBe(true)
  const bundles = Object.values(world.bundles).flat()
  const sets = new Set(bundles.map((pem) => pem.split('-----BEGIN').sort().join()))
  expect(sets.size).toBe(1)
  const { old, rotate } = parseSecretData(world.secret?.data ?? {}, [])
  // Four CAs within one serving lifetime: a wish for a fifth waits until the first has gone (find-obstacles.test.ts).
  if (old.length < MAX_OLD) expect(rotate).toBeUndefined()
}

const EXPIRED = /expired/

test('an ordinary life of several CAs: never refused, at most three CAs in a bundle, few writes', async () => {
  const world = await settled([0, skewMs / 3, -skewMs / 3])
  const cas = new Set<string>()
  let largest = 0
  await world.calm(3 * SETTINGS.caLifetimeMs, settleMs / 4, () => {
    expect(world.refused()).toEqual([])
    cas.add(world.secret?.data['ca.crt'] ?? '')
    largest = Math.max(largest, ...world.entries().map((entry) => entry.cas.length))
  })
  expectAgreement(world)
  // 180 hours of CAs that are followed after 40, of serving certificates that are followed after 5
  expect(cas.size).toBeGreaterThanOrEqual(4)
  expect(largest).toBeLessThanOrEqual(3)
  expect(world.writes).toBeLessThan(70)
})

test('delays, crashes, lost writes and wishes in any order: no API server is ever shown what it cannot trust', async () => {
  await fc.assert(
    fc.asyncProperty(skews, fc.array(ORDINARY, { maxLength: 80 }), async (offsets, acts) => {
      const world = await settled(offsets)
      for (const act of acts) {
        await perform(world, act)
        // Nobody can renew what he is not given the time to: only trust is asked for here.
        expect(world.refused().filter((why) => !EXPIRED.test(why))).toEqual([])
        for (const { cas } of world.entries()) expect(cas.length).toBeLessThanOrEqual(MAX_BUNDLE)
      }
      world.isImmutable = false
      await world.calm(3 * settleMs, settleMs / 10)
      expectAgreement(world)
    }),
    { numRuns: RUNS },
  )
}, 600_000)

/** What somebody else does to Secret and bundles; all of it is repaired, and none but the last four harms anybody. */
const DAMAGE: Readonly<Record<string, { readonly isHarmful: boolean; readonly act: (world: World) => void }>> = {
  'the Secret is emptied': { isHarmful: false, act: (world) => world.editSecret(() => ({})) },
  'the Secret is deleted': { isHarmful: false, act: (world) => world.deleteSecret() },
  'the CA is gone': { isHarmful: false, act: (world) => world.editSecret(without('ca.crt')) },
  'the CA’s key is gone': { isHarmful: false, act: (world) => world.editSecret(without('ca.key')) },
  'the CA is garbage': { isHarmful: false, act: (world) => world.editSecret((data) => ({ ...data, 'ca.crt': 'x' })) },
  'the serving certificate is gone': { isHarmful: false, act: (world) => world.editSecret(without('tls.crt')) },
  'the serving key is another’s': {
    isHarmful: false,
    act: (world) => world.editSecret((data) => ({ ...data, 'tls.key': data['ca.key'] ?? '' })),
  },
  'the next CA is garbage': {
    isHarmful: false,
    act: (world) => world.editSecret((data) => ({ ...data, 'next-ca.crt': 'x', 'next-ca.key': 'y' })),
  },
  'the old CAs are garbage': {
    isHarmful: false,
    act: (world) =>
      world.editSecret((data) => ({
        ...data,
        'old-ca.crt': '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----',
      })),
  },
  'a wish that is none': { isHarmful: false, act: (world) => world.editSecret((data) => ({ ...data, rotate: 'all' })) },
  'another CA is put into the Secret': {
    isHarmful: false,
    act: (world) => world.editSecret((data) => ({ ...data, 'ca.crt': stranger.pem, 'ca.key': stranger.keyPem })),
  },
  'a stranger’s CA is added to the bundles': {
    isHarmful: false,
    act: (world) => world.editBundles((pem) => pem + stranger.pem),
  },
  'the bundles are emptied': { isHarmful: true, act: (world) => world.editBundles(() => '') },
  'one bundle is emptied': {
    isHarmful: true,
    act: (world) => world.editBundles((pem, index) => (index === 0 ? '' : pem)),
  },
  'the bundles are a stranger’s': { isHarmful: true, act: (world) => world.editBundles(() => stranger.pem) },
  'the bundles are garbage': { isHarmful: true, act: (world) => world.editBundles(() => 'garbage') },
}

function without(key: string): (data: Record<string, string>) => Record<string, string> {
  return ({ [key]: _, ...rest }) => rest
}

test.each(Object.entries(DAMAGE))(
  '%s: it is repaired; nobody is refused unless a bundle is lost',
  async (_what, damage) => {
    const world = await settled([0, skewMs / 3])
    damage.act(world)
    await world.calm(settleMs * 1.2, settleMs / 10, () => {
      if (!damage.isHarmful) expect(world.refused()).toEqual([])
    })
    await world.calm(3 * settleMs, settleMs / 10)
    expectAgreement(world)
    const data = world.secret?.data ?? {}
    const trusted = [data['ca.crt'], data['next-ca.crt'], data['old-ca.crt']].join('')
    for (const { cas, isDirty } of world.entries()) {
      expect(isDirty).toBe(false)
      expect(cas.filter(({ pem }) => !trusted.includes(pem.trim()))).toEqual([])
    }
  },
)

/** The first replica sees what was done to the Secret within the patience of the others. */
async function takeNotice(world: World): Promise<void> {
  for (const replica of world.replicas.slice(0, 1)) {
    world.showSecret(replica)
    await world.step(replica)
    await world.step(replica)
  }
}

test('damage of the Secret amid crashes and delays: as long as one replica remembers, nobody is refused', async () => {
  const harmless = Object.values(DAMAGE).filter(({ isHarmful }) => !isHarmful)
  const mishap = fc.record({ kind: fc.constant('damage' as const), damage: fc.constantFrom(...harmless) })
  // The first replica does not crash.
  const act = fc.oneof({ weight: 12, arbitrary: ORDINARY }, { weight: 1, arbitrary: mishap })
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 60 }), async (acts) => {
      const world = await settled([0, skewMs / 3, -skewMs / 3])
      for (const one of acts) {
        if (one.kind === 'damage') {
          one.damage.act(world)
          await takeNotice(world)
        } else if (one.kind !== 'crash' || one.who !== 0) await perform(world, one)
        expect(world.refused().filter((why) => !EXPIRED.test(why))).toEqual([])
      }
      world.isImmutable = false
      await world.calm(4 * settleMs, settleMs / 10)
      expectAgreement(world)
    }),
    { numRuns: RUNS },
  )
}, 600_000)

test.each([1, 2, 3])('%i replicas that start at once on an empty Secret agree on one CA', async (count) => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat({ max: count - 1 }), { maxLength: 20 }), async (order) => {
      const world = new World(Array.from({ length: count }, (_unused, index) => index * 1_000))
      for (const replica of world.replicas) {
        world.showSecret(replica)
        world.showBundles(replica)
      }
      // All at once first: whoever is slower sees what the others stored while it makes its own.
      await Promise.all(world.replicas.map((replica) => world.step(replica)))
      for (const index of order) await perform(world, { kind: 'step', who: index })
      await world.calm(2 * settleMs, settleMs / 10)
      expectAgreement(world)
      expect(world.entries().map(({ cas }) => cas.length)).toEqual([1, 1, 1])
      expect(
        world.replicas.flatMap(({ reports }) => reports).filter((report) => report === 'create written'),
      ).toHaveLength(1)
    }),
    { numRuns: RUNS },
  )
})

test('a deleted Secret that may not be made again: all serve on, and it is filled once it is there', async () => {
  const world = await settled([0, skewMs / 3])
  const before = world.secret?.data['ca.crt']
  world.deleteSecret()
  world.mayCreate = false
  await world.calm(2 * settleMs, settleMs / 10, () => expect(world.refused()).toEqual([]))
  world.secret = { version: 5_000, data: {} }
  await world.calm(settleMs, settleMs / 10, () => expect(world.refused()).toEqual([]))
  expect(world.secret?.data['ca.crt']).toBe(before)
  expectAgreement(world)
})

test.each<[string, (turn: number) => string]>([
  ['empties the bundles', () => ''],
  ['puts a CA of its own into them', () => stranger.pem],
  ['puts another CA into them each time', (turn) => (turn % 2 === 0 ? stranger : another).pem],
])('another writer that %s again and again is not fought, and is told of', async (_what, pemAt) => {
  const world = new World([0], () => createPatchPace({ firstMs: settleMs / 20, maxMs: settleMs / 2 }))
  await world.calm(2 * settleMs, settleMs / 20)
  world.bundleWrites = 0
  for (let turn = 0; turn < 80; turn += 1) {
    world.editBundles(() => pemAt(turn))
    await world.calm(settleMs / 20, settleMs / 20)
  }
  // Four hours: at pauses of 1, 2, 4, 8 and then 10 twentieths of an hour, for two configurations.
  expect(world.bundleWrites).toBeGreaterThanOrEqual(8)
  expect(world.bundleWrites).toBeLessThanOrEqual(26)
  expect(world.replicas[0]?.reports).toContain('reset')
})

test('a replica that sees an empty Secret for the first time waits, however long it took to see it', async () => {
  const world = await settled([0, 0])
  world.editSecret(() => ({}))
  world.crash(1)
  const [, fresh] = world.replicas
  if (fresh === undefined) throw new Error('two replicas')
  world.now += settleMs
  world.showSecret(fresh)
  world.showBundles(fresh)
  await world.step(fresh)
  expect(world.secret?.data).toEqual({})
  world.now += 20_000
  await world.step(fresh)
  expect(world.secret?.data).toHaveProperty(['ca.key'])
})

test('a Secret that nobody may change is not written to again and again', async () => {
  const world = new World([0], () => {
    let last = Number.NEGATIVE_INFINITY
    return {
      pauseAt: (now) => Math.max(0, last + settleMs - now),
      onPatch: (now) => {
        last = now
      },
      streak: () => 0,
    }
  })
  world.isImmutable = true
  await world.calm(4 * settleMs, settleMs / 20)
  expect(world.refusals).toBeGreaterThan(1)
  expect(world.refusals).toBeLessThanOrEqual(5)
})

test('a replica whose watch of the Secret is stuck takes no CA out of the bundles that others need', async () => {
  const world = await settled([0, 0])
  const [follower, stuck] = world.replicas
  if (follower === undefined || stuck === undefined) throw new Error('two replicas')
  world.editSecret((data) => ({ ...data, rotate: 'ca' }))
  for (let turn = 0; turn < 50; turn += 1) {
    world.now += settleMs / 10
    world.showSecret(follower)
    for (const replica of [follower, stuck]) {
      world.showBundles(replica)
      await world.step(replica)
      expect(world.refused()).toEqual([])
    }
  }
  expect(world.replicas.flatMap(({ reports }) => reports).filter((report) => report === 'reset')).toEqual([])
})
