// Which change of the Secret is due, and when.
import { expect, test } from 'vitest'
import { planChange, type Situation } from '../../../src/tls/self-managed/plan-change.ts'
import { renewalTime } from '../../../src/tls/self-managed/rotation-settings.ts'
import {
  type Authority,
  type IssuedServing,
  MAX_OLD,
  mergeOld,
  type OldCa,
  type StoredCertificates,
} from '../../../src/tls/self-managed/stored-certificates.ts'
import { SETTINGS } from './world.ts'

const { settleMs, skewMs, caLifetimeMs, servingLifetimeMs } = SETTINGS
const START = 1_000_000_000

const ca = (id: string, madeAt = START): Authority => {
  return { id, notBefore: madeAt - skewMs, notAfter: madeAt + caLifetimeMs, pem: id, keyPem: `key of ${id}` }
}
const serving = (issuer: string, madeAt = START): IssuedServing => {
  const dates = { notBefore: madeAt - skewMs, notAfter: madeAt + servingLifetimeMs }
  return { id: `${issuer}@${madeAt}`, issuer, ...dates, pem: '', keyPem: '' }
}
const old = (id: string, lastMadeAt: number): OldCa => ({ ca: ca(id), last: serving(id, lastMadeAt) })
const sound: StoredCertificates = { ca: ca('A'), serving: serving('A'), old: [], damage: [] }

function plan(
  overrides: Partial<Omit<Situation, 'stored'>> & { stored?: Partial<StoredCertificates>; inPlaceMs?: number } = {},
) {
  const { stored, inPlaceMs, ...rest } = overrides
  return planChange({
    stored: { ...sound, ...stored },
    bundle: { inPlaceMs: () => inPlaceMs, isTrustingSomebody: true },
    emptyMs: 0,
    now: START + 1,
    jitter: 0,
    settings: SETTINGS,
    ...rest,
  })?.kind
}

test('nothing is due while all is well', () => {
  expect(plan()).toBeUndefined()
})

test('the serving certificate at half of its lifetime; jitter delays that by a tenth of the rest, and by no more', () => {
  const after = (part: number, jitter: number) => plan({ now: START + servingLifetimeMs * part, jitter })
  expect(after(0.499, 0)).toBeUndefined()
  expect(after(0.5, 0)).toBe('issue-serving')
  expect(after(0.54, 0.99)).toBeUndefined()
  expect(after(0.55, 0.99)).toBe('issue-serving')
})

test('the CA at two thirds; not while another one is under way, and not while there are old ones without end', () => {
  const at = START + (caLifetimeMs * 2) / 3
  const stored = { serving: serving('A', at) }
  expect(plan({ now: at - 1_000, stored })).toBeUndefined()
  expect(plan({ now: at + 1, stored })).toBe('add-ca')
  expect(plan({ now: at + 1, stored: { ...stored, next: ca('B', at) } })).toBeUndefined()
  const full = Array.from({ length: MAX_OLD }, (_unused, index) => old(`O${index}`, at))
  expect(plan({ now: at + 1, stored: { ...stored, old: full } })).toBeUndefined()
})

test('a new CA signs only after it has been in every bundle for the settle time, and jitter on top', () => {
  const stored = { next: ca('B') }
  expect(plan({ stored })).toBeUndefined()
  expect(plan({ stored, inPlaceMs: settleMs - 1 })).toBeUndefined()
  expect(plan({ stored, inPlaceMs: settleMs })).toBe('use-ca')
  expect(plan({ stored, inPlaceMs: settleMs, jitter: 0.5 })).toBeUndefined()
  expect(plan({ stored, inPlaceMs: settleMs * 1.05, jitter: 0.5 })).toBe('use-ca')
})

test('while it settles serving certificates of the old one are still renewed', () => {
  const stored = { next: ca('B') }
  expect(plan({ stored, now: START + servingLifetimeMs / 2, inPlaceMs: 1 })).toBe('issue-serving')
})

test('an old CA goes when its last certificate has expired by every clock', () => {
  const stored = { old: [old('Z', START - servingLifetimeMs)] }
  expect(plan({ stored, now: START + skewMs - 1 })).toBeUndefined()
  expect(plan({ stored, now: START + skewMs })).toBe('remove-cas')
})

test.each<[string, Partial<StoredCertificates>]>([
  ['is not there', { serving: undefined }],
  ['is of another CA', { serving: serving('B') }],
  ['has expired', { serving: serving('A', START - servingLifetimeMs) }],
])('a serving certificate that %s is made anew', (_what, stored) => {
  expect(plan({ stored })).toBe('issue-serving')
})

test('wishes are granted', () => {
  expect(plan({ stored: { rotate: 'serving' } })).toBe('issue-serving')
  expect(plan({ stored: { rotate: 'ca' } })).toBe('add-ca')
  expect(plan({ stored: { rotate: 'ca', next: ca('B') } })).toBe('clean')
})

test('without a CA: what is remembered, else the next one, else a new one', () => {
  const empty = { ca: undefined, serving: undefined }
  const late = { emptyMs: settleMs * 2 }
  expect(plan({ stored: empty, remembered: sound, ...late })).toBe('restore')
  expect(plan({ stored: { ...empty, next: ca('B') }, ...late })).toBe('use-ca')
  expect(plan({ stored: empty, ...late })).toBe('create')
  expect(plan({ stored: empty, remembered: { ...sound, ca: ca('A', START - caLifetimeMs) }, ...late })).toBe('create')
  expect(plan({ stored: { ca: ca('A', START - caLifetimeMs) }, ...late })).toBe('create')
})

test('an empty Secret is left to those who remember for ten seconds, when bundles trust somebody', () => {
  const stored = { ca: undefined, serving: undefined }
  expect(plan({ stored, emptyMs: 9_999 })).toBeUndefined()
  expect(plan({ stored, emptyMs: 10_000 })).toBe('create')
  const nobody = { inPlaceMs: () => undefined, isTrustingSomebody: false }
  expect(plan({ stored, bundle: nobody })).toBe('create')
})

test('the CA of what is served with stays trusted, when the Secret has another', () => {
  const mine = { serving: serving('X'), ca: ca('X') }
  expect(plan({ mine })).toBe('keep-ca')
  expect(plan({ mine, stored: { old: [old('X', START)] } })).toBeUndefined()
  expect(plan({ mine, now: START + servingLifetimeMs, stored: { serving: serving('A', START + 10) } })).not.toBe(
    'keep-ca',
  )
})

test('old CAs: each once, the latest knowledge of it, and not more than there is room for', () => {
  const many = Array.from({ length: MAX_OLD + 2 }, (_unused, index) => old(`O${index}`, START + index))
  const merged = mergeOld([...many, old('O0', START + 100)])
  expect(merged.map(({ ca: { id } }) => id)).toEqual(['O0', 'O5', 'O4', 'O3'])
})

test('what counts is the certificate’s own lifetime, without what it is dated back', () => {
  const certificate = { id: '', notBefore: -1_000, notAfter: 9_000 }
  expect(renewalTime(certificate, { renewAt: 0.5, skewMs: 1_000, jitter: 0 })).toBe(4_500)
  expect(renewalTime(certificate, { renewAt: 0.5, skewMs: 100_000, jitter: 0 })).toBe(9_000)
})
