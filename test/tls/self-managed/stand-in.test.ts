// A Secret that cannot be written costs no certificate: each replica makes its own, by the CA that is trusted.
import { describe, expect, test } from 'vitest'
import { standInAuthority } from '../../../src/tls/self-managed/stand-in.ts'
import type { Authority, OwnServing } from '../../../src/tls/self-managed/stored-certificates.ts'
import { SETTINGS, World } from './world.ts'

const { settleMs, skewMs, servingLifetimeMs } = SETTINGS

describe.each<[string, (world: World, isHeld: boolean) => void]>([
  ['may not be changed', (world, isHeld) => Object.assign(world, { isImmutable: isHeld })],
  ['cannot be reached', (world, isHeld) => Object.assign(world, { isAway: isHeld })],
  [
    'is gone and may not be made again',
    (world, isHeld) => {
      world.mayCreate = !isHeld
      world.secret = isHeld ? undefined : { version: 5_000, data: {} }
    },
  ],
])('while the Secret %s', (_what, hold) => {
  test('for three lifetimes of a certificate, nobody is refused; then all have the same again', async () => {
    const world = new World([0, skewMs / 3])
    await world.calm(3 * settleMs, settleMs / 10)
    const before = world.secret?.data['ca.crt']
    hold(world, true)
    const usesBefore = world.replicas.map(({ uses }) => uses)
    await world.calm(3 * servingLifetimeMs, settleMs / 4, () => expect(world.refused()).toEqual([]))
    // Each lasts for nine tenths of its life, and the one before it is not taken again.
    expect(world.replicas.map(({ uses }, index) => uses - (usesBefore[index] ?? 0))).toEqual([3, 3])
    expect(world.replicas.map(({ obstacles }) => obstacles)).toEqual([['not-stored'], ['not-stored']])
    hold(world, false)
    await world.calm(settleMs, settleMs / 10, () => expect(world.refused()).toEqual([]))
    expect(world.secret?.data['ca.crt']).toBe(before)
    expect(world.replicas.map(({ serving }) => serving?.certPem)).toEqual(Array(2).fill(world.secret?.data['tls.crt']))
    expect(world.replicas.flatMap(({ obstacles }) => obstacles)).toEqual([])
  })
})

const NOW = 1_000_000_000
const authority = (id: string, notAfter = NOW + 1_000): Authority => {
  return { id, notBefore: 0, notAfter, pem: id, keyPem: 'key' }
}
/** Of a hundred milliseconds, so many are over. */
const aged = (age: number): OwnServing => ({
  ca: authority('A'),
  serving: { id: 's', issuer: 'A', notBefore: NOW - age, notAfter: NOW - age + 100, pem: '', keyPem: '' },
})
const due = (age: number, given: { stored?: Authority; remembered?: Authority; jitter?: number } = {}) =>
  standInAuthority({
    stored: { ca: given.stored, old: [], damage: [] },
    remembered: { ca: given.remembered, old: [], damage: [] },
    mine: aged(age),
    now: NOW,
    jitter: given.jitter ?? 0,
    settings: { ...SETTINGS, skewMs: 0 },
  })?.id

test('at nine tenths of its life, where it is renewed at half; jitter delays that by a tenth of the rest', () => {
  expect(due(89, { stored: authority('A') })).toBeUndefined()
  expect(due(90, { stored: authority('A') })).toBe('A')
  expect(due(90, { stored: authority('A'), jitter: 0.99 })).toBeUndefined()
  expect(due(91, { stored: authority('A'), jitter: 0.99 })).toBe('A')
})

test('by the CA of the present certificate alone, stored or remembered', () => {
  expect(due(95, { remembered: authority('A') })).toBe('A')
  expect(due(95, { stored: authority('B'), remembered: authority('A') })).toBe('A')
  expect(due(95, { stored: authority('B'), remembered: authority('B') })).toBeUndefined()
  expect(due(95)).toBeUndefined()
})

test('not by a CA that ends no later, which would be asked for it again and again', () => {
  expect(due(95, { stored: authority('A', NOW + 5) })).toBeUndefined()
  expect(due(95, { stored: authority('A', NOW + 6) })).toBe('A')
  expect(due(120, { stored: authority('A', NOW) })).toBeUndefined()
})
