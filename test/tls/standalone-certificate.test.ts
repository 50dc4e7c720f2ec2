import { execFile } from 'node:child_process'
import { createHash, X509Certificate } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { issueCertificate } from '../../src/tls/issue-certificate.ts'
import { standaloneCertificate } from '../../src/tls/standalone-certificate.ts'

const NOW = new Date('2026-08-01T12:00:00Z')
const HOUR = 3_600_000
const later = (ms: number) => new Date(NOW.getTime() + ms)
const NAMES = ['localhost', '127.0.0.1', '::1']

let folder: string
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'certificate-')), 'certs')
})
afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }))

const read = (name: string) => readFile(join(folder, name), 'utf8')
const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8)
const digests = async () =>
  Promise.all(
    ['ca.crt', 'tls.crt', 'tls.key'].map(async (f) =>
      createHash('sha256')
        .update(await read(f))
        .digest('hex'),
    ),
  )

/** Writes a certificate with dates or names of one's own into the folder. */
async function put(dates: { from: Date; to: Date; names?: string[] }, files = ['ca.crt', 'tls.crt', 'tls.key']) {
  await standaloneCertificate(folder, NOW)
  const issued = await issueCertificate({ names: dates.names ?? NAMES, notBefore: dates.from, notAfter: dates.to })
  const texts: Record<string, string> = { 'ca.crt': issued.caPem, 'tls.crt': issued.certPem, 'tls.key': issued.keyPem }
  for (const file of files) await writeFile(join(folder, file), texts[file] ?? '')
}

async function putGarbage(file: string) {
  await put({ from: NOW, to: later(99 * HOUR) })
  await writeFile(join(folder, file), 'SECRET')
}

describe('an empty folder', () => {
  test('gets three files, for their owner only, and nothing else', async () => {
    const made = await standaloneCertificate(folder, NOW)
    expect(made).toMatchObject({ origin: 'made', caFile: join(folder, 'ca.crt') })
    expect(made).not.toHaveProperty('remadeBecause')
    expect((await readdir(folder)).sort()).toEqual(['ca.crt', 'tls.crt', 'tls.key'])
    expect(await modeOf(folder)).toBe('700')
    expect(await modeOf(join(folder, 'tls.key'))).toBe('600')
  })

  test('the certificate is ECDSA P-256, for this machine, for servers only, signed by the CA whose key is gone', async () => {
    const { certificate } = await standaloneCertificate(folder, NOW)
    const leaf = new X509Certificate(certificate.certPem)
    const ca = new X509Certificate(await read('ca.crt'))
    expect(leaf.publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1')
    expect(ca.publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1')
    expect(leaf.subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1')
    expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1'])
    expect([ca.ca, leaf.ca]).toEqual([true, false])
    expect(leaf.verify(ca.publicKey)).toBe(true)
    const key = await read('tls.key')
    expect(key.match(/BEGIN/g)).toHaveLength(1)
    expect(leaf.validFromDate < NOW).toBe(true)
    expect(certificate.notAfter).toEqual(leaf.validToDate)
  })

  test('openssl agrees: chain, purpose, names', async () => {
    await standaloneCertificate(folder, new Date())
    const verify = (...more: string[]) =>
      promisify(execFile)('openssl', ['verify', '-CAfile', join(folder, 'ca.crt'), ...more, join(folder, 'tls.crt')])
    await verify('-purpose', 'sslserver', '-verify_hostname', 'localhost')
    await verify('-purpose', 'sslserver', '-verify_ip', '127.0.0.1')
    await verify('-purpose', 'sslserver', '-verify_ip', '::1')
    await expect(verify('-purpose', 'sslclient')).rejects.toThrowError()
  })

  test('a folder that was open to all is closed', async () => {
    await standaloneCertificate(folder, NOW)
    await chmod(folder, 0o755)
    await rm(join(folder, 'ca.crt'))
    await rm(join(folder, 'tls.crt'))
    await standaloneCertificate(folder, NOW)
    expect(await modeOf(folder)).toBe('700')
  })
})

describe('our own certificate', () => {
  test('is taken again while it is valid', async () => {
    const made = await standaloneCertificate(folder, NOW)
    const before = await digests()
    const reused = await standaloneCertificate(folder, later(100 * 24 * HOUR))
    expect(reused).toEqual({ ...made, origin: 'reused' })
    expect(await digests()).toEqual(before)
  })

  const REMADE: ReadonlyArray<[string, () => Promise<unknown>, RegExp]> = [
    ['expires within a day', () => put({ from: later(-HOUR), to: later(24 * HOUR - 1000) }), /expires within a day/],
    ['has expired', () => put({ from: later(-2 * HOUR), to: later(-HOUR) }), /expired at/],
    ['is not valid yet', () => put({ from: later(HOUR), to: later(100 * HOUR) }), /valid only from/],
    ['lacks a name', () => put({ from: NOW, to: later(99 * HOUR), names: ['localhost', '127.0.0.1'] }), /not for ::1/],
    ['was signed by another CA', () => put({ from: NOW, to: later(99 * HOUR) }, ['ca.crt']), /did not sign/],
    ['is of another key', () => put({ from: NOW, to: later(99 * HOUR) }, ['tls.key']), /key is not the one/],
    [
      'lost a file',
      async () => {
        await put({ from: NOW, to: later(99 * HOUR) })
        await rm(join(folder, 'tls.key'))
      },
      /missing/,
    ],
    ['is garbage', () => putGarbage('tls.crt'), /not PEM/],
    ['has a CA of garbage', () => putGarbage('ca.crt'), /.+/],
  ]
  test.each(REMADE)('is remade when it %s', async (_when, prepare, reason) => {
    await prepare()
    const remade = await standaloneCertificate(folder, NOW)
    expect(remade).toMatchObject({ origin: 'made', remadeBecause: expect.stringMatching(reason) })
    expect(await standaloneCertificate(folder, NOW)).toMatchObject({ origin: 'reused' })
    expect((await readdir(folder)).sort()).toEqual(['ca.crt', 'tls.crt', 'tls.key'])
  })
})

describe('somebody else’s certificate (no ca.crt)', () => {
  test('is used as it is, whatever its names and however short its life', async () => {
    await put({ from: later(-HOUR), to: later(HOUR), names: ['example.org'] })
    await rm(join(folder, 'ca.crt'))
    const certPem = await read('tls.crt')
    const foreign = await standaloneCertificate(folder, NOW)
    expect(foreign).toMatchObject({ origin: 'foreign', certificate: { certPem } })
    expect(foreign).not.toHaveProperty('caFile')
    expect((await readdir(folder)).sort()).toEqual(['tls.crt', 'tls.key'])
  })

  test.each([
    ['expired', () => put({ from: later(-2 * HOUR), to: later(-HOUR) }), /expired at/],
    ['mismatched', () => put({ from: NOW, to: later(HOUR) }, ['tls.key']), /the key is not the one of the certificate/],
    ['unreadable', () => putGarbage('tls.key'), /unencrypted PEM/],
  ] as const)('when %s it stops the start, is left alone, and no key is shown', async (_what, prepare, reason) => {
    await prepare()
    await rm(join(folder, 'ca.crt'))
    const before = await read('tls.key')
    const error: unknown = await standaloneCertificate(folder, NOW).catch((thrown: unknown) => thrown)
    const message = String((error as Error).message)
    expect(message).toMatch(reason)
    expect(message).toContain(join(folder, 'tls.crt'))
    expect(message).toContain(join(folder, 'tls.key'))
    expect(message).not.toContain('SECRET')
    expect(await read('tls.key')).toBe(before)
  })
})

test('a folder that cannot be read is an error, not a new certificate', async () => {
  await writeFile(join(folder, '..', 'file'), '')
  await expect(standaloneCertificate(join(folder, '..', 'file'), NOW)).rejects.toThrowError(/ENOTDIR/)
})

test('a folder that cannot be written leaves no half of a file', async () => {
  await standaloneCertificate(folder, NOW)
  await rm(join(folder, 'ca.crt'))
  await rm(join(folder, 'tls.crt'))
  await mkdir(join(folder, 'ca.crt'))
  await writeFile(join(folder, 'ca.crt', 'x'), '')
  await expect(standaloneCertificate(folder, NOW)).rejects.toThrowError(/EISDIR/)
  await rm(join(folder, 'ca.crt'), { recursive: true })
  expect(await readdir(folder)).toEqual(['tls.key'])
})
