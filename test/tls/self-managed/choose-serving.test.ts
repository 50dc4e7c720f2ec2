// Which certificate a replica serves with, of what it has and what the Secret holds.
import { expect, test } from 'vitest'
import { chooseServing } from '../../../src/tls/self-managed/choose-serving.ts'
import type { Authority, IssuedServing, OwnServing } from '../../../src/tls/self-managed/stored-certificates.ts'
import { SETTINGS } from './world.ts'

const { settleMs, skewMs } = SETTINGS
const NOW = 1_000_000_000
const ca = (id: string): Authority => ({ id, notBefore: 0, notAfter: 2 * NOW, pem: id, keyPem: '' })
const serving = (id: string, issuer: string, dates: Partial<IssuedServing> = {}): IssuedServing => {
  return { id, issuer, notBefore: NOW - skewMs, notAfter: NOW + 1_000, pem: id, keyPem: '', ...dates }
}
const mine: OwnServing = { serving: serving('mine', 'A'), ca: ca('A') }

/** How long each CA has been in every bundle. */
type InPlace = Readonly<Record<string, number>>

function choose(stored: IssuedServing, given: { mine?: OwnServing | undefined; inPlace?: InPlace } = {}) {
  const { inPlace = { A: settleMs } } = given
  return chooseServing({
    stored: { ca: ca(stored.issuer), serving: stored, old: [], damage: [] },
    mine: 'mine' in given ? given.mine : mine,
    bundle: { inPlaceMs: (id) => inPlace[id], isTrustingSomebody: true },
    now: NOW,
    settings: SETTINGS,
  })?.serving.id
}

test('another of the same CA is taken at once', () => {
  expect(choose(serving('other', 'A'))).toBe('other')
})

test('one whose time has not come, made by a clock that is ahead, is not taken until it has', () => {
  expect(choose(serving('ahead', 'A', { notBefore: NOW + 1 }))).toBe('mine')
  expect(choose(serving('ahead', 'A', { notBefore: NOW }))).toBe('ahead')
  expect(choose(serving('ahead', 'B', { notBefore: NOW + 1 }), { inPlace: { A: 1, B: settleMs } })).toBe('mine')
})

test('where there is none, or one that has expired, one that is ahead is better', () => {
  const ahead = serving('ahead', 'A', { notBefore: NOW + 1 })
  expect(choose(ahead, { mine: undefined })).toBe('ahead')
  expect(choose(ahead, { mine: { ...mine, serving: serving('over', 'A', { notAfter: NOW }) } })).toBe('ahead')
})

test('one of another CA is taken when that one has settled, or the present one is lost', () => {
  const other = serving('other', 'B')
  expect(choose(other)).toBe('mine')
  expect(choose(other, { inPlace: { A: settleMs, B: settleMs - 1 } })).toBe('mine')
  expect(choose(other, { inPlace: { A: settleMs, B: settleMs } })).toBe('other')
  expect(choose(other, { inPlace: { B: 0 } })).toBe('other')
  expect(choose(other, { inPlace: {} })).toBe('mine')
})

test('one that has expired is never taken', () => {
  expect(choose(serving('over', 'A', { notAfter: NOW }))).toBe('mine')
})
