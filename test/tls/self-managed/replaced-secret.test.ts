// A Secret that somebody replaced, and that nobody may write: what is served with has to be trusted all the same.
import { expect, test } from 'vitest'
import { SETTINGS, World } from './world.ts'

const { settleMs } = SETTINGS

async function settled(): Promise<World> {
  const world = new World([0, 0])
  await world.calm(3 * settleMs, settleMs / 10)
  expect(world.refused()).toEqual([])
  return world
}

test('another CA in a Secret that cannot be changed is used once it has settled, and no API server is lost meanwhile', async () => {
  const [world, other] = [await settled(), await settled()]
  const before = world.replicas[0]?.serving?.certPem
  world.isImmutable = true
  world.editSecret(() => ({ ...other.secret?.data }))
  await world.calm(3 * settleMs, settleMs / 10, () => expect(world.refused()).toEqual([]))
  expect(world.refusals).toBeGreaterThan(0)
  expect(world.replicas.map(({ serving }) => serving?.certPem)).toEqual([
    other.secret?.data['tls.crt'],
    other.secret?.data['tls.crt'],
  ])
  expect(before).not.toBe(other.secret?.data['tls.crt'])
})
