// A Secret can hold anything; only what is sound counts, and nothing of it is ever quoted.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { createIssuer, serviceNames } from '../../../src/tls/self-managed/issuer.ts'
import { parseLiveBundle } from '../../../src/tls/self-managed/parse-pem.ts'
import { parseSecretData, type SecretData, toSecretData } from '../../../src/tls/self-managed/secret-data.ts'
import type { StoredCertificates } from '../../../src/tls/self-managed/stored-certificates.ts'
import { type LeafOptions, testLeaf } from '../test-certificates.ts'
import { NAMES, SETTINGS } from './world.ts'

const NEEDED = NAMES.slice(-1)
const issuer = createIssuer({ settings: SETTINGS, names: NAMES, now: () => Date.UTC(2030, 0, 1) })
let whole: StoredCertificates
let data: Record<string, string>

beforeAll(async () => {
  const [ca, next, before] = await Promise.all([issuer.issueCa(), issuer.issueCa(), issuer.issueCa()])
  const { keyPem: _key, ...last } = await issuer.issueServing(before)
  const { keyPem: _caKey, ...old } = before
  whole = { ca, next, serving: await issuer.issueServing(ca), old: [{ ca: old, last }], rotate: 'ca', damage: [] }
  data = definedOf(toSecretData(whole))
})

function definedOf(given: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined))
}
const parse = (changed: SecretData) => parseSecretData(changed, NEEDED)

test('what is written is read again, and what is absent is no damage', () => {
  expect(parse(data)).toEqual(whole)
  expect(parse({})).toMatchObject({ old: [], damage: [] })
  expect(parse({ 'tls.crt': '', 'tls.key': '' }).damage).toEqual([])
})

test('a CA with a key of another kind, which could not sign as ours do', () => {
  const directory = mkdtempSync(join(tmpdir(), 'rsa-ca-'))
  try {
    const subject = ['-subj', '/CN=by hand', '-days', '30000', '-addext', 'basicConstraints=critical,CA:TRUE']
    const files = ['-keyout', join(directory, 'ca.key'), '-out', join(directory, 'ca.crt')]
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...subject, ...files], {
      stdio: 'ignore',
    })
    const read = (name: string) => readFileSync(join(directory, name), 'utf8')
    const { damage, ca } = parse({ ...data, 'ca.crt': read('ca.crt'), 'ca.key': read('ca.key') })
    expect(ca).toBeUndefined()
    expect(damage[0]).toMatch(/^ca\.crt has a key that is not ECDSA P-256/)
  } finally {
    rmSync(directory, { recursive: true })
  }
})

test.each<[string, (good: Record<string, string>) => Record<string, string>, RegExp]>([
  ['a CA that is cut off', (good) => ({ 'ca.crt': (good['ca.crt'] ?? '').slice(0, 200) }), /^ca\.crt is not one PEM/],
  [
    'a serving certificate for a CA',
    (good) => ({ 'ca.crt': good['tls.crt'] ?? '', 'ca.key': good['tls.key'] ?? '' }),
    /^ca\.crt is no self-signed CA/,
  ],
  ['a CA with another key', (good) => ({ 'ca.key': good['tls.key'] ?? '' }), /^ca\.crt has a key that is not its own/],
  [
    'a key that is none',
    () => ({ 'ca.key': 'not-a-key-but-still-a-secret' }),
    /^ca\.crt has a key that cannot be read/,
  ],
  [
    'a certificate of another CA',
    (good) => ({ 'ca.crt': good['next-ca.crt'] ?? '', 'ca.key': good['next-ca.key'] ?? '' }),
    /^tls\.crt is not signed by ca\.crt/,
  ],
  [
    'two certificates in one',
    (good) => ({ 'tls.crt': `${good['tls.crt']}${good['ca.crt']}` }),
    /^tls\.crt is not one PEM/,
  ],
  ['half a next CA', () => ({ 'next-ca.key': '' }), /^next-ca\.crt has a key/],
  [
    'old CAs that are garbage',
    () => ({ 'old-ca.crt': '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' }),
    /^old-ca\.crt is no PEM/,
  ],
  ['a wish that is none', () => ({ rotate: 'everything-secret' }), /^rotate is neither/],
])('%s is damage, said without contents', (_what, change, said) => {
  const changed = { ...data, ...change(data) }
  const { damage } = parse(changed)
  expect(damage.some((sentence) => said.test(sentence))).toBe(true)
  expect(damage.join()).not.toMatch(/secret|BEGIN/)
})

test.each<[string, LeafOptions, RegExp]>([
  ['for clients', { names: NAMES, usage: 'client' }, /^tls\.crt is not for a server/],
  ['whose name stands in the subject alone', { commonName: 'injector.ns.svc', names: [] }, /^tls\.crt is not for inj/],
])('a certificate of the CA %s is damage: no API server would take it', async (_what, options, said) => {
  const leaf = await testLeaf({ certPem: whole.ca?.pem ?? '', keyPem: whole.ca?.keyPem ?? '' }, options)
  const { damage, serving } = parse({ ...data, 'tls.crt': leaf.certPem, 'tls.key': leaf.keyPem })
  expect(damage).toEqual([expect.stringMatching(said)])
  expect(serving).toBeUndefined()
})

test('a serving certificate for other names is damage; further names do not matter', () => {
  expect(parseSecretData(data, ['elsewhere.svc']).damage).toEqual(['tls.crt is not for elsewhere.svc'])
  expect(parseSecretData(data, ['elsewhere.svc']).serving).toBeUndefined()
})

test('the names are those of the Service, the long one with the cluster’s domain', () => {
  expect(serviceNames({ name: 'a', namespace: 'b' }, 'c.d')).toEqual(['a', 'a.b', 'a.b.svc', 'a.b.svc.c.d'])
})

test('a serving certificate lasts no longer than its CA, and does not begin before it', async () => {
  const late = createIssuer({ settings: SETTINGS, names: NAMES, now: () => (whole.ca?.notAfter ?? 0) - 60_000 })
  const { ca } = whole
  if (ca === undefined) throw new Error('no CA')
  expect((await late.issueServing(ca)).notAfter).toBe(ca.notAfter)
  const early = createIssuer({ settings: SETTINGS, names: NAMES, now: () => ca.notBefore })
  expect((await early.issueServing(ca)).notBefore).toBe(ca.notBefore)
})

test('a bundle with anything but CAs in it is dirty, and never throws', () => {
  const { ca, serving } = whole
  expect(parseLiveBundle(ca?.pem ?? '')).toMatchObject({ cas: [{ id: ca?.id }], isDirty: false })
  expect(parseLiveBundle('')).toEqual({ cas: [], isDirty: false })
  for (const text of [
    'garbage',
    `${ca?.pem}x`,
    `${ca?.pem}${serving?.pem}`,
    '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----',
  ]) {
    expect(parseLiveBundle(text).isDirty).toBe(true)
  }
})
