import { execFile } from 'node:child_process'
import { createHash, X509Certificate } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { platform, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { issueCa, issueCertificate, issueServing } from '../../src/tls/issue-certificate.ts'
import { CertificateFolderError, standaloneCertificate } from '../../src/tls/standalone-certificate.ts'
import { testCa, testLeaf } from './test-certificates.ts'

const NOW = new Date('2026-08-01T12:00:00Z')
const HOUR = 3_600_000
const later = (ms: number) => new Date(NOW.getTime() + ms)
/** DER of the extension basicConstraints (2.5.29.19), critical, of an empty sequence: cA is false by default. */
const BASIC_CONSTRAINTS_OF_A_LEAF = '0603551d130101ff04023000'
const NAMES = ['localhost', '127.0.0.1', '::1']

let folder: string
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'certificate-')), 'certs')
})
afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }))

const write = (name: string, text: string) => writeFile(join(folder, name), text)
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

async function putWithCaUntil(notAfter: Date) {
  await standaloneCertificate(folder, NOW)
  const ca = await issueCa({ commonName: 'linkerd-tracing CA', notBefore: NOW, notAfter })
  const leaf = await issueServing(ca, { names: NAMES, notBefore: NOW, notAfter: later(99 * HOUR) })
  await write('ca.crt', ca.certPem)
  await write('tls.crt', leaf.certPem)
  await write('tls.key', leaf.keyPem)
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
    // Said, not left out: without it some clients take any certificate for one that may sign.
    expect(leaf.raw.toString('hex')).toContain(BASIC_CONSTRAINTS_OF_A_LEAF)
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

  test('a folder that was there keeps its mode and is told of when every user may write into it; the key is closed', async () => {
    await mkdir(folder)
    await chmod(folder, 0o757)
    const made = await standaloneCertificate(folder, NOW)
    expect(await modeOf(folder)).toBe('757')
    expect(await modeOf(join(folder, 'tls.key'))).toBe('600')
    expect(made.isFolderOpenToAll).toBe(true)
    await chmod(folder, 0o775)
    expect(await standaloneCertificate(folder, NOW)).toMatchObject({ origin: 'reused', isFolderOpenToAll: false })
  })

  test('folders above it are made for their owner only too', async () => {
    await standaloneCertificate(join(folder, 'b', 'c'), NOW)
    expect([await modeOf(folder), await modeOf(join(folder, 'b'))]).toEqual(['700', '700'])
    expect(await readdir(join(folder, 'b', 'c'))).toHaveLength(3)
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
    [
      'lost its key',
      async () => {
        await put({ from: NOW, to: later(99 * HOUR) })
        await rm(join(folder, 'tls.key'))
      },
      /missing/,
    ],
    [
      'is nothing but its CA: the process was killed while it wrote',
      async () => {
        await put({ from: NOW, to: later(99 * HOUR) })
        await Promise.all(['tls.crt', 'tls.key'].map((file) => rm(join(folder, file))))
      },
      /missing/,
    ],
    ['has a CA that expires within a day', () => putWithCaUntil(later(24 * HOUR - 1000)), /expires within a day/],
  ]
  test.each(REMADE)('is remade when it %s', async (_when, prepare, reason) => {
    await prepare()
    const remade = await standaloneCertificate(folder, NOW)
    expect(remade).toMatchObject({ origin: 'made', remadeBecause: expect.stringMatching(reason) })
    expect(await standaloneCertificate(folder, NOW)).toMatchObject({ origin: 'reused' })
    expect((await readdir(folder)).sort()).toEqual(['ca.crt', 'tls.crt', 'tls.key'])
  })
})

describe('somebody else’s certificate', () => {
  /** A CA of a company, with its serving certificate; not for this machine. */
  async function putForeign({ commonName = 'Example Corp CA', notAfter = new Date(Date.now() + 48 * HOUR) } = {}) {
    const ca = await testCa(commonName)
    const leaf = await testLeaf(ca, { names: ['example.org'], notAfter })
    await mkdir(folder, { recursive: true })
    const texts = { 'ca.crt': ca.certPem, 'ca.key': ca.keyPem, 'tls.crt': leaf.certPem, 'tls.key': leaf.keyPem }
    for (const [file, text] of Object.entries(texts)) await writeFile(join(folder, file), text)
  }
  const all = async () =>
    Object.fromEntries(
      await Promise.all((await readdir(folder)).sort().map(async (file) => [file, await read(file)] as const)),
    )

  test.each([
    ['without its CA', 'Example Corp CA', 'ca.crt'],
    ['with its CA', 'Example Corp CA', undefined],
    ['with the CA of certs generate', 'linkerd-tracing CA 0123456789ab', undefined],
  ])('%s is used as it is, whatever its names and however short its life', async (_how, commonName, without) => {
    await putForeign({ commonName, notAfter: new Date(Date.now() + HOUR) })
    if (without !== undefined) await rm(join(folder, without))
    const before = await all()
    const foreign = await standaloneCertificate(folder, new Date())
    expect(foreign).toMatchObject({ origin: 'foreign', certificate: { certPem: before['tls.crt'] } })
    expect(foreign).not.toHaveProperty('caFile')
    expect(await all()).toEqual(before)
  })

  test('our own with another CA beside it, or in one file with others, is nobody’s to write over', async () => {
    await put({ from: NOW, to: later(HOUR) })
    const other = (await testCa()).certPem
    for (const caPem of [other, `${await read('ca.crt')}${other}`]) {
      await writeFile(join(folder, 'ca.crt'), caPem)
      expect(await standaloneCertificate(folder, NOW)).toMatchObject({ origin: 'foreign' })
      expect(await read('ca.crt')).toBe(caPem)
    }
  })

  const remove = async (...files: string[]) => {
    await Promise.all(files.map((file) => rm(join(folder, file))))
  }
  const STOPS: ReadonlyArray<[string, () => Promise<unknown>, RegExp, string]> = [
    ['has expired', () => putForeign({ notAfter: new Date(Date.now() - 1000) }), /expired at/, 'tls.crt'],
    [
      'is of another key',
      () => putForeign().then(async () => write('tls.key', (await testCa()).keyPem)),
      /key is not the one/,
      'tls.key',
    ],
    [
      'has a key that cannot be read',
      () => putForeign().then(() => write('tls.key', 'SECRET')),
      /unencrypted PEM/,
      'tls.key',
    ],
    [
      'is ours, with a key that is not',
      () => put({ from: NOW, to: later(99 * HOUR) }, ['tls.key']),
      /key is not the one/,
      'tls.key',
    ],
    ['is garbage', () => putGarbage('tls.crt'), /not PEM/, 'tls.crt'],
    ['lacks its key', () => putForeign().then(() => remove('tls.key')), /has no tls.key beside it/, 'tls.crt'],
    [
      'is a key alone',
      () => putForeign().then(() => remove('tls.crt', 'ca.crt')),
      /has no tls.crt beside it/,
      'tls.key',
    ],
    [
      'is a key beside our CA',
      () => put({ from: NOW, to: later(HOUR) }).then(() => remove('tls.crt')),
      /has no tls.crt/,
      'tls.key',
    ],
    ['is a certificate alone', () => putForeign().then(() => remove('tls.key', 'ca.crt')), /has no tls.key/, 'tls.crt'],
    [
      'is a CA alone',
      () => putForeign().then(() => remove('tls.key', 'tls.crt')),
      /has no tls.crt and tls.key/,
      'ca.crt',
    ],
  ]
  test.each(STOPS)(
    'when it %s, the start stops, all is left alone, and no key is shown',
    async (...[, prepare, reason, file]) => {
      await prepare()
      const before = await all()
      const error: unknown = await standaloneCertificate(folder, new Date()).catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(CertificateFolderError)
      const message = String((error as Error).message)
      expect(message).toMatch(reason)
      expect(message).toContain(join(folder, file))
      expect(message).toContain('--certs files')
      expect(message).not.toContain('SECRET')
      expect(await all()).toEqual(before)
    },
  )
})

describe('what the file system says no to is one sentence with the setting, its value and the reason', () => {
  test('a file where the folder should be', async () => {
    const file = join(folder, '..', 'file')
    await writeFile(file, '')
    await expect(standaloneCertificate(file, NOW)).rejects.toThrowError(
      `--cert-dir ${JSON.stringify(file)} cannot be used: it, or a part of its path, is not a directory`,
    )
  })

  // In /proc nothing can be made; Node's own recursive mkdir never ends there.
  test.runIf(platform() === 'linux')('a place where nothing can be made', async () => {
    await expect(standaloneCertificate('/proc/linkerd-tracing/certs', NOW)).rejects.toThrowError(
      /^--cert-dir "\/proc\/linkerd-tracing\/certs" cannot be used: \w/,
    )
  })

  test('a directory where a file should be, which leaves no half of a file', async () => {
    await mkdir(join(folder, 'ca.crt'), { recursive: true })
    await expect(standaloneCertificate(folder, NOW)).rejects.toThrowError(/ca\.crt: it is a directory$/)
    expect(await readdir(folder)).toEqual(['ca.crt'])
  })
})
