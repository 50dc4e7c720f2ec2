import { expect, test } from 'vitest'
import { makeChange } from '../../../src/tls/self-managed/make-change.ts'
import type { Change } from '../../../src/tls/self-managed/plan-change.ts'
import type {
  Authority,
  IssuedServing,
  OldCa,
  OwnServing,
  StoredCertificates,
} from '../../../src/tls/self-managed/stored-certificates.ts'

const dates = { notBefore: 0, notAfter: 10 }
const ca = (id: string): Authority => ({ id, ...dates, pem: `pem of ${id}`, keyPem: `key of ${id}` })
const serving = (id: string, issuer: string): IssuedServing => ({
  id,
  issuer,
  ...dates,
  pem: id,
  keyPem: `key of ${id}`,
})
const oldOf = (id: string, leaf: string): OldCa => {
  const { keyPem: _ca, ...certificate } = ca(id)
  const { keyPem: _leaf, ...last } = serving(leaf, id)
  return { ca: certificate, last }
}
const issuer = {
  issueCa: async () => ca('new'),
  issueServing: async ({ id }: Authority) => serving(`leaf of ${id}`, id),
}
const stored: StoredCertificates = {
  ca: ca('A'),
  next: ca('B'),
  serving: serving('a', 'A'),
  old: [oldOf('Z', 'z')],
  rotate: 'ca',
  damage: ['something'],
}
const make = (change: Change, overrides: Partial<StoredCertificates> = {}, mine?: OwnServing) =>
  makeChange(change, { stored: { ...stored, ...overrides }, mine, issuer })

test('the next CA signs, and the one before stays with its last certificate, without its key', async () => {
  expect(await make({ kind: 'use-ca' })).toEqual({
    ...stored,
    ca: ca('B'),
    next: undefined,
    serving: serving('leaf of B', 'B'),
    old: expect.arrayContaining([oldOf('A', 'a'), oldOf('Z', 'z')]),
    damage: [],
  })
  expect(JSON.stringify((await make({ kind: 'use-ca' })).old)).not.toContain('key of')
})

test('a CA is added beside the one that signs, and the wish for it is granted', async () => {
  const made = await make({ kind: 'add-ca' }, { next: undefined })
  expect(made).toEqual({ ...stored, next: ca('new'), rotate: undefined, damage: [] })
})

test('a serving certificate is of the CA that signs; a wish for a CA stays', async () => {
  const made = await make({ kind: 'issue-serving' })
  expect(made).toEqual({ ...stored, serving: serving('leaf of A', 'A'), damage: [] })
  expect((await make({ kind: 'issue-serving' }, { rotate: 'serving' })).rotate).toBeUndefined()
})

test('what is made anew keeps what was trusted, and what is served with', async () => {
  const mine = { serving: serving('m', 'M'), ca: oldOf('M', 'm').ca }
  const made = await make({ kind: 'create' }, { ca: undefined, serving: undefined }, mine)
  expect(made).toMatchObject({ ca: ca('new'), serving: serving('leaf of new', 'new'), damage: [] })
  expect(made.next).toBeUndefined()
  expect(made.old).toEqual(expect.arrayContaining([oldOf('Z', 'z'), oldOf('M', 'm')]))
})

test('what is restored is what was remembered, with the old CAs of both', async () => {
  const contents = { ca: ca('R'), serving: serving('r', 'R'), old: [oldOf('Y', 'y')], damage: [] }
  const made = await make({ kind: 'restore', contents })
  expect(made).toMatchObject({ ca: ca('R'), serving: serving('r', 'R') })
  expect(made.old).toEqual(expect.arrayContaining([oldOf('Z', 'z'), oldOf('Y', 'y')]))
})

test('old CAs come and go by themselves', async () => {
  expect((await make({ kind: 'keep-ca', old: oldOf('X', 'x') })).old).toHaveLength(2)
  expect((await make({ kind: 'remove-cas', ids: ['Z'] })).old).toEqual([])
})

test('cleaning takes damage away, and a wish that is being granted', async () => {
  expect(await make({ kind: 'clean' })).toEqual({ ...stored, rotate: undefined, damage: [] })
  expect((await make({ kind: 'clean' }, { next: undefined })).rotate).toBe('ca')
})

test('a change that does not fit is an error, and no half of a Secret', async () => {
  await expect(make({ kind: 'use-ca' }, { next: undefined })).rejects.toThrow('does not fit')
  await expect(make({ kind: 'issue-serving' }, { ca: undefined })).rejects.toThrow('does not fit')
})
