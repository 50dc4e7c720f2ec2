// What stands in the caBundles, and which certificate is served with.
import { expect, test } from 'vitest'
import { createBundleTracker } from '../../../src/tls/self-managed/bundle-tracker.ts'
import { chooseServing } from '../../../src/tls/self-managed/choose-serving.ts'
import { createIssuer } from '../../../src/tls/self-managed/issuer.ts'
import { MAX_BUNDLE, planBundle } from '../../../src/tls/self-managed/plan-bundle.ts'
import type { OwnServing, TrustedCa } from '../../../src/tls/self-managed/stored-certificates.ts'
import { NAMES, SETTINGS } from './world.ts'

const NOW = 1_000
const ca = (id: string, notAfter = NOW + 1): TrustedCa => ({ id, notBefore: 0, notAfter, pem: id })
const [A, B, X] = [ca('A'), ca('B'), ca('X')]
const bundle = (...cas: TrustedCa[]) => ({ cas, isDirty: false })
const plan = (trusted: TrustedCa[], live: ReturnType<typeof bundle>[], unknownMs = 0) =>
  planBundle({ trusted, live, unknownMs: () => unknownMs, now: NOW, settleMs: 100 })
const ids = (wanted: readonly TrustedCa[] | undefined) => wanted?.map(({ id }) => id)

test('entries that trust exactly the wanted CAs, in whatever order, are left alone', () => {
  expect(plan([A, B], [bundle(B, A), bundle(A, B)])).toMatchObject({ differing: [], isRemoving: false })
  expect(plan([A, B], [bundle(A), bundle(), bundle(A, B)])).toMatchObject({ differing: [0, 1], isRemoving: false })
  expect(plan([A], [{ cas: [A], isDirty: true }, bundle(A, A)])).toMatchObject({ differing: [0, 1], isRemoving: true })
})

test('an entry is damaged where it lacks what has to be trusted, or holds what we never write; by another CA in it it is not', () => {
  const isDamaged = (...live: ReturnType<typeof bundle>[]) => plan([A, B], live)?.isDamaged
  expect(isDamaged(bundle(B, A), bundle(A, B, X))).toBe(false)
  expect([isDamaged(bundle(A, B), bundle(A, X)), isDamaged(bundle()), isDamaged(bundle(A, A, B))]).toEqual([
    true,
    true,
    true,
  ])
  expect(isDamaged({ cas: [A, B], isDirty: true })).toBe(true)
})

test('without knowing whom to trust nothing is ever written', () => {
  expect(plan([], [bundle(A)])).toBeUndefined()
})

test('a CA that the Secret does not name stays for the settle time, unless it has expired', () => {
  expect(ids(plan([A], [bundle(A, X)], 99)?.wanted)).toEqual(['A', 'X'])
  expect(plan([A], [bundle(A, X)], 100)).toMatchObject({ wanted: [A], differing: [0], isRemoving: true })
  expect(ids(plan([A], [bundle(A, ca('E', NOW))])?.wanted)).toEqual(['A'])
})

test('a bundle has its bound, and what the Secret names goes first', () => {
  const many = Array.from({ length: 20 }, (_unused, index) => ca(`X${index}`))
  const wanted = ids(plan([A, B], [bundle(...many)])?.wanted)
  expect(wanted).toHaveLength(MAX_BUNDLE)
  expect(wanted?.slice(0, 2)).toEqual(['A', 'B'])
})

const own = (of: TrustedCa, id: string, notAfter = NOW + 1): OwnServing => {
  return { ca: of, serving: { id, issuer: of.id, notBefore: 0, notAfter, pem: '', keyPem: '' } }
}
function choose(mine: OwnServing | undefined, stored: OwnServing, inPlace: Readonly<Record<string, number>> = {}) {
  const authority = { ...stored.ca, keyPem: '' }
  const bundleKnowledge = { inPlaceMs: (id: string) => inPlace[id], isTrustingSomebody: true }
  const settings = { ...SETTINGS, settleMs: 100 }
  const contents = { ca: authority, serving: stored.serving, old: [], damage: [] }
  return chooseServing({ stored: contents, mine, bundle: bundleKnowledge, now: NOW, settings })?.serving.id
}

test('a new certificate of the same CA is served with at once', () => {
  expect(choose(own(A, 'a1'), own(A, 'a2'))).toBe('a2')
})

test('one of another CA only after that has been in every bundle for the settle time', () => {
  expect(choose(own(A, 'a'), own(B, 'b'), { A: 999 })).toBe('a')
  expect(choose(own(A, 'a'), own(B, 'b'), { A: 999, B: 99 })).toBe('a')
  expect(choose(own(A, 'a'), own(B, 'b'), { A: 999, B: 100 })).toBe('b')
})

test('or when the present one is good for nothing: expired, or nobody trusts it and somebody does the other', () => {
  expect(choose(own(A, 'a', NOW), own(B, 'b'))).toBe('b')
  expect(choose(own(A, 'a'), own(B, 'b'), { B: 1 })).toBe('b')
  expect(choose(own(A, 'a'), own(B, 'b'), {})).toBe('a')
  expect(choose(undefined, own(B, 'b'))).toBe('b')
  expect(choose(own(A, 'a'), own(B, 'b', NOW))).toBe('a')
})

test('a CA is in place from when every entry had it, and anew after a break', async () => {
  const issuer = createIssuer({ settings: SETTINGS, names: NAMES, now: Date.now })
  const [first, second] = await Promise.all([issuer.issueCa(), issuer.issueCa()])
  let clock = 0
  const tracker = createBundleTracker(['one', 'two'], () => clock)
  const inPlace = (id: string) => tracker.knowledge(Date.now()).inPlaceMs(id)
  tracker.observe('one', { bundles: [first.pem] })
  expect(inPlace(first.id)).toBeUndefined()
  tracker.observe('two', { bundles: [first.pem, first.pem] })
  clock = 50
  tracker.observe('one', { bundles: [first.pem + second.pem] })
  tracker.observe('two', { bundles: [first.pem + second.pem, first.pem] })
  expect([inPlace(first.id), inPlace(second.id)]).toEqual([50, undefined])
  tracker.observe('two', { bundles: [first.pem + second.pem, first.pem + second.pem] })
  clock = 70
  expect([inPlace(first.id), inPlace(second.id)]).toEqual([70, 20])
  tracker.observe('one', { bundles: [''] })
  tracker.observe('one', { bundles: [first.pem + second.pem] })
  expect(inPlace(first.id)).toBe(0)
  // The one was there from the start, the other has to settle.
  expect([tracker.isTrusted(first.id, 100), tracker.isTrusted(second.id, 100)]).toEqual([true, false])
  clock = 170
  expect(tracker.isTrusted(second.id, 100)).toBe(true)
})

test('where there is no entry nobody has to be waited for; where none trusted anybody neither', async () => {
  const { id, pem } = await createIssuer({ settings: SETTINGS, names: NAMES, now: Date.now }).issueCa()
  const absent = createBundleTracker(['one'], () => 5)
  absent.observe('one', undefined)
  expect(absent.knowledge(0).inPlaceMs(id)).toBe(0)
  expect(absent.isTrusted(id, 100)).toBe(true)
  const empty = createBundleTracker(['one'], () => 5)
  empty.observe('one', { bundles: [''] })
  expect(empty.isTrusted(id, 100)).toBe(false)
  empty.observe('one', { bundles: [pem] })
  expect(empty.isTrusted(id, 100)).toBe(true)
})
