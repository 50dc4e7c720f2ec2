// What keeps certificates from being renewed is found, and not mistaken for what takes a while.
import { expect, test } from 'vitest'
import { createIssuer } from '../../../src/tls/self-managed/issuer.ts'
import { toSecretData } from '../../../src/tls/self-managed/secret-data.ts'
import { MAX_OLD, type OldCa } from '../../../src/tls/self-managed/stored-certificates.ts'
import { NAMES, SETTINGS, World } from './world.ts'

const { settleMs, servingLifetimeMs } = SETTINGS
const TICK = settleMs / 10

async function settled(): Promise<World> {
  const world = new World([0])
  await world.calm(3 * settleMs, TICK)
  return world
}
const obstacles = (world: World) => world.replicas.flatMap((replica) => replica.obstacles)

test('an ordinary rotation of the CA meets none', async () => {
  const world = await settled()
  const before = world.secret?.data['ca.crt']
  world.editSecret((data) => ({ ...data, rotate: 'ca' }))
  await world.calm(2 * servingLifetimeMs, TICK, () => expect(obstacles(world)).toEqual([]))
  expect(world.secret?.data['ca.crt']).not.toBe(before)
})

test('a new CA that somebody takes out of a caBundle again and again is said after five settle times', async () => {
  const world = await settled()
  world.editSecret((data) => ({ ...data, rotate: 'ca' }))
  const [before = ''] = Object.values(world.bundles).flat()
  const takeOut = () => world.editBundles((pem, index) => (index === 0 ? before : pem))
  await world.calm(4.8 * settleMs, TICK, () => {
    expect(obstacles(world)).toEqual([])
    takeOut()
  })
  await world.calm(settleMs, TICK, takeOut)
  expect(obstacles(world)).toEqual(['ca-unsettled'])
  await world.calm(2 * settleMs, TICK)
  expect(obstacles(world)).toEqual([])
})

test('a CA put into the Secret by hand that the caBundles never show is said too', async () => {
  const world = await settled()
  const issuer = createIssuer({ settings: SETTINGS, names: NAMES, now: () => world.now })
  const ca = await issuer.issueCa()
  const data = toSecretData({ ca, serving: await issuer.issueServing(ca), old: [], damage: [] })
  world.editSecret((before) => ({ ...before, ...(data as Record<string, string>) }))
  const [kept = ''] = Object.values(world.bundles).flat()
  await world.calm(6 * settleMs, TICK, () => world.editBundles(() => kept))
  expect(obstacles(world)).toContain('ca-unsettled')
})

test('a CA that is asked for while there is no room for it is said, and made when there is', async () => {
  const world = await settled()
  const issuer = createIssuer({ settings: SETTINGS, names: NAMES, now: () => world.now })
  const make = async (): Promise<OldCa> => {
    const ca = await issuer.issueCa()
    return { ca, last: await issuer.issueServing(ca) }
  }
  const old = await Promise.all(Array.from({ length: MAX_OLD }, make))
  const pems = old.flatMap(({ ca, last }) => [ca.pem, last?.pem ?? '']).join('')
  world.editSecret((data) => ({ ...data, 'old-ca.crt': pems }))
  await world.calm(settleMs, TICK)
  expect(obstacles(world)).toEqual([])
  world.editSecret((data) => ({ ...data, rotate: 'ca' }))
  await world.calm(settleMs, TICK)
  expect(obstacles(world)).toEqual(['old-cas'])
  expect(world.secret?.data).not.toHaveProperty(['next-ca.crt'])
  const before = world.secret?.data['ca.crt']
  await world.calm(servingLifetimeMs + 2 * settleMs, TICK)
  expect(obstacles(world)).toEqual([])
  expect(world.secret?.data['ca.crt']).not.toBe(before)
  expect(world.secret?.data).not.toHaveProperty('rotate')
})
