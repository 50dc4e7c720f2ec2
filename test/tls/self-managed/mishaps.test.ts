// One replica amid clocks that jump, what cannot be used, and what cannot be made.
import { expect, test } from 'vitest'
import { createPatchPace } from '../../../src/kubernetes/patch-pace.ts'
import { createIssuer } from '../../../src/tls/self-managed/issuer.ts'
import { NAMES, type Replica, SETTINGS, World } from './world.ts'

const MINUTE = 60_000
const { settleMs } = SETTINGS

async function settled(): Promise<{ world: World; replica: Replica }> {
  const world = new World([0], () => createPatchPace({ firstMs: MINUTE, maxMs: 5 * MINUTE }))
  await world.calm(3 * settleMs, settleMs / 10)
  const [replica] = world.replicas
  if (replica === undefined) throw new Error('one replica')
  return { world, replica }
}

/** Time passes, and the replica sees everything; what its step throws is given. */
async function pass(world: World, replica: Replica, ms: number): Promise<unknown> {
  world.now += ms
  world.showSecret(replica)
  world.showBundles(replica)
  return world.step(replica).catch((error: unknown) => error)
}

const isFilled = ({ secret }: World) => secret?.data['ca.key'] !== undefined

test.each<[string, (world: World) => void, (world: World) => boolean]>([
  ['a caBundle', (world) => world.editBundles(() => ''), (world) => !Object.values(world.bundles).flat().includes('')],
  ['the Secret’s contents', (world) => world.editSecret(() => ({})), isFilled],
  ['the Secret', (world) => world.deleteSecret(), isFilled],
])('a clock that is set back stretches no pause: %s is put back twice', async (_what, damage, isRepaired) => {
  const { world, replica } = await settled()
  damage(world)
  await pass(world, replica, 1_000)
  await pass(world, replica, 1_000)
  expect(isRepaired(world)).toBe(true)
  damage(world)
  replica.skewMs -= 20 * MINUTE
  await pass(world, replica, 1_000)
  expect(isRepaired(world)).toBe(false)
  await pass(world, replica, MINUTE)
  await pass(world, replica, 1_000)
  expect(isRepaired(world)).toBe(true)
})

test('a clock that is set back does not keep what failed from being tried again', async () => {
  const { world, replica } = await settled()
  world.editSecret((data) => ({ ...data, rotate: 'serving' }))
  world.isImmutable = true
  await pass(world, replica, 1_000)
  expect(world.refusals).toBe(1)
  world.isImmutable = false
  replica.skewMs -= 20 * MINUTE
  await pass(world, replica, 1_000)
  expect(world.secret?.data).toHaveProperty('rotate')
  await pass(world, replica, MINUTE)
  expect(world.secret?.data).not.toHaveProperty('rotate')
})

test('the CA of what is served with is trusted, also while the Secret names another and cannot be written', async () => {
  const { world } = await settled()
  const stranger = await createIssuer({ settings: SETTINGS, names: NAMES, now: () => world.now }).issueCa()
  world.editSecret((data) => ({ ...data, 'ca.crt': stranger.pem, 'ca.key': stranger.keyPem }))
  world.isImmutable = true
  await world.calm(4 * settleMs, settleMs / 10, () => expect(world.refused()).toEqual([]))
})

test('a certificate that the server could not take is handed to it again', async () => {
  const { world, replica } = await settled()
  const before = replica.serving
  replica.isUseBroken = true
  world.editSecret((data) => ({ ...data, rotate: 'serving' }))
  expect(await pass(world, replica, 1_000)).toMatchObject({ message: 'cannot be used' })
  expect(replica.serving).toBe(before)
  expect(replica.keeper.serving()?.certPem).toBe(before?.certPem)
  replica.isUseBroken = false
  await pass(world, replica, 1_000)
  expect(replica.serving?.certPem).toBe(world.secret?.data['tls.crt'])
  expect(replica.serving?.certPem).not.toBe(before?.certPem)
})

test('while no certificate can be made that is tried ever less often, and the bundles are looked after', async () => {
  const { world, replica } = await settled()
  world.isIssuerBroken = true
  world.editSecret((data) => ({ ...data, rotate: 'serving' }))
  expect(await pass(world, replica, 1_000)).toMatchObject({ message: 'cannot be issued' })
  world.editBundles(() => '')
  expect(await pass(world, replica, 1_000)).toBeUndefined()
  expect(Object.values(world.bundles).flat()).not.toContain('')
  const failures: unknown[] = []
  for (let second = 0; second < 1_800; second += 10) failures.push(await pass(world, replica, 10_000))
  // Half an hour, at pauses of 1, 2, 4 and then 5 minutes.
  const tries = failures.filter((failure) => failure !== undefined).length
  expect(tries).toBeGreaterThanOrEqual(6)
  expect(tries).toBeLessThanOrEqual(9)
})
