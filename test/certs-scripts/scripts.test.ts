import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { splitPemBundle } from '../../src/tls/pem-bundle.ts'
import { newFolder } from '../cli/cli-run.ts'
import { root } from '../source-files.ts'
import { openssl, verifyByOpenssl } from '../tls/openssl.ts'
import { testCa, testLeaf } from '../tls/test-certificates.ts'
import { linkerdTracingCommand, runScript, SHELL } from './run-script.ts'

const HOST = 'linkerd-tracing-injector.linkerd-tracing.svc'
const FOLDER = join(root, 'certs-scripts')
const FIVE_MINUTES_MS = 300_000
const DAY_MS = 86_400_000
const SCRIPTS = ['generate', 'rotate', 'verify', 'set-ca-bundle']

test('certs-scripts/ has these, executable, and what they share', () => {
  expect(readdirSync(FOLDER).sort()).toEqual([...SCRIPTS, 'common.sh', 'issue.sh'].sort())
  for (const script of SCRIPTS) expect(statSync(join(FOLDER, script)).mode & 0o111).toBe(0o111)
})

describe.each(SCRIPTS)('%s', (script) => {
  test('is a script that a POSIX shell takes', () => {
    expect(readFileSync(join(FOLDER, script), 'utf8')).toMatch(/^#!\/bin\/sh\n[\s\S]*\nset -eu\n/)
    for (const shell of ['sh', SHELL]) execFileSync(shell, ['-n', join(FOLDER, script)])
  })
  test('--help has usage, examples and exit codes', async () => {
    const { code, stdout, stderr } = await runScript(script, ['--help'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(new RegExp(`^Usage: ${script} [\\s\\S]*\nExamples?:\n[\\s\\S]*\nExit codes: `))
  })
  test.each([['--wrong'], [script === 'set-ca-bundle' ? '--ca-file' : '--cert-dir'], []])(
    'misused (%j): a sentence, exit code 1',
    async (...words) => {
      const { code, stdout, stderr } = await runScript(script, words)
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toMatch(new RegExp(`^${script}: .*\\n$`))
    },
  )
})

let env: Record<string, string>
beforeAll(async () => {
  env = { LINKERD_TRACING: await linkerdTracingCommand(await newFolder()) }
})

describe.each([
  { by: 'openssl', flags: ['--openssl'] },
  { by: 'linkerd-tracing', flags: [] },
])('by $by', ({ flags }) => {
  let folder: string
  beforeEach(async () => {
    folder = join(await newFolder(), 'certs')
  })
  const runIn = (cwd: string, script: string, ...words: string[]) =>
    runScript(script, [...flags, '--cert-dir', folder, ...words], { env, cwd })
  const run = (script: string, ...words: string[]) => runIn(root, script, ...words)
  const read = (name: string) => readFile(join(folder, name), 'utf8')
  const contents = async () => {
    const names = (await readdir(folder)).sort()
    return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await read(name)] as const)))
  }

  test('generate makes what openssl verifies, for its owner only; twice is once', async () => {
    expect(await run('generate', '--name', '127.0.0.1', '--name', 'a.b')).toMatchObject({ code: 0, stderr: '' })
    const { text, caText } = await verifyByOpenssl(folder, HOST)
    // What openssl makes has key identifiers too, as RFC 5280 asks for; selfsigned cannot write them.
    const strict = ['-x509_strict', '-CAfile', join(folder, 'ca-bundle.crt'), join(folder, 'tls.crt')]
    if (flags.length > 0) await openssl('verify', ...strict)
    expect(text).toContain('ASN1 OID: prime256v1')
    expect(text).toMatch(/Extended Key Usage: *\n\s*TLS Web Server Authentication\n/)
    expect(text).toMatch(/Basic Constraints: critical\n\s*CA:FALSE/)
    expect(text).toMatch(/Key Usage: critical\n\s*Digital Signature\n/)
    const host = 'linkerd-tracing-injector.linkerd-tracing'
    const dns = ['linkerd-tracing-injector', host, `${host}.svc`, `${host}.svc.cluster.local`].map(
      (name) => `DNS:${name}`,
    )
    expect(text).toContain([...dns, 'IP Address:127.0.0.1', 'DNS:a.b'].join(', '))
    expect(caText).toMatch(/CA:TRUE, pathlen:0/)
    expect(caText).toMatch(/Key Usage: critical\n\s*Certificate Sign, CRL Sign\n/)
    const files = ['ca-bundle.crt', 'ca.crt', 'ca.key', 'tls.crt', 'tls.key']
    expect((await readdir(folder)).sort()).toEqual(files)
    for (const name of ['.', ...files]) expect((await stat(join(folder, name))).mode & 0o077).toBe(0)
    const before = await contents()
    expect((await run('generate')).stdout).toContain('all is there already')
    expect(await contents()).toEqual(before)
    expect((await run('verify')).code).toBe(0)
  })

  test('certificates begin five minutes ago, and last as long as was asked for', async () => {
    const before = Date.now()
    await run('generate', '--ca-lifetime', '0365d', '--serving-lifetime', '08d')
    for (const [name, days] of [
      ['ca.crt', 365],
      ['tls.crt', 8],
    ] as const) {
      const { validFromDate, validToDate } = new X509Certificate(await read(name))
      const madeAt = validFromDate.getTime() + FIVE_MINUTES_MS
      expect(madeAt).toBeGreaterThan(before - 1_000)
      expect(madeAt).toBeLessThanOrEqual(Date.now())
      expect(validToDate.getTime() - madeAt).toBe(days * DAY_MS)
    }
    for (const wrong of ['0d', '000d', '3651d', '99999d', '8', 'd', '1h1']) {
      expect(await run('rotate', '--serving-lifetime', wrong)).toMatchObject({ code: 1, stdout: '' })
    }
  })

  test('a name with a wildcard is that name, whatever files are where it is run', async () => {
    const cwd = await newFolder()
    await writeFile(join(cwd, 'x.shop.svc'), '')
    expect(await runIn(cwd, 'generate', '--name', '*.shop.svc')).toMatchObject({ code: 0, stderr: '' })
    expect(new X509Certificate(await read('tls.crt')).subjectAltName).toMatch(/, DNS:\*\.shop\.svc$/)
    expect((await runIn(cwd, 'generate', '--name', '*.shop.svc')).stdout).toContain('all is there already')
    expect(await runIn(cwd, 'rotate', '--name', '*.shop.svc', '--name', 'y')).toMatchObject({ code: 0, stderr: '' })
    expect(new X509Certificate(await read('tls.crt')).subjectAltName).toMatch(/, DNS:\*\.shop\.svc, DNS:y$/)
    await writeFile(join(cwd, 'x.elsewhere'), '')
    expect((await runIn(cwd, 'verify', '--name', '*.elsewhere')).stdout).toContain('not for *.elsewhere')
  })

  test('a directory that was there keeps its mode; what is put into it is for its owner', async () => {
    await mkdir(folder, { mode: 0o750 })
    expect((await run('generate')).code).toBe(0)
    expect((await run('rotate')).code).toBe(0)
    expect((await stat(folder)).mode & 0o777).toBe(0o750)
    for (const name of await readdir(folder)) expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600)
  })

  test('verify trusts the bundle alone, not what the machine trusts', async () => {
    await run('generate')
    const machine = await newFolder()
    const hash = (await openssl('x509', '-in', join(folder, 'ca.crt'), '-noout', '-hash')).trim()
    await writeFile(join(machine, `${hash}.0`), await read('ca.crt'))
    await writeFile(join(folder, 'ca-bundle.crt'), (await testCa()).certPem)
    const trusting = { env: { ...env, SSL_CERT_DIR: machine } }
    const verified = await runScript('verify', [...flags, '--cert-dir', folder], trusting)
    expect(verified).toMatchObject({ code: 2, stdout: expect.stringMatching(/does not trust/) })
  })

  test('generate overwrites nothing that is there in part', async () => {
    await run('generate')
    await unlink(join(folder, 'tls.key'))
    const before = await contents()
    const { code, stderr } = await run('generate')
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('they are not overwritten') })
    expect(await contents()).toEqual(before)
  })

  test('generate leaves a certificate that is for other names, and says so', async () => {
    // Of letters and digits that an IP address has too.
    await run('generate', '--name', '10.0.0.1', '--name', '::1', '--name', 'cafe1')
    const before = await contents()
    const again = await run('generate', '--name', '10.0.0.1', '--name', '::1', '--name', 'cafe1')
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('all is there already') })
    const { code, stderr } = await run('generate', '--namespace', 'other', '--name', '10.0.0.2')
    const host = 'linkerd-tracing-injector.other'
    const missing = [host, `${host}.svc`, `${host}.svc.cluster.local`, '10.0.0.2'].join(', ')
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining(`is not for ${missing}; make another`),
    })
    expect(await contents()).toEqual(before)
    expect((await run('verify', '--name', '10.0.0.1', '--name', '::1', '--name', 'cafe1')).code).toBe(0)
    expect((await run('verify', '--name', 'cafe2')).code).toBe(2)
  })

  test('rotate makes a new pair by the same CA', async () => {
    await run('generate')
    const before = await contents()
    expect((await run('rotate')).code).toBe(0)
    const after = await contents()
    expect(Object.keys(after).filter((name) => after[name] !== before[name])).toEqual(['tls.crt', 'tls.key'])
    await verifyByOpenssl(folder, HOST)
  })

  test('another CA, step by step, each twice: the bundle always trusts what is in use', async () => {
    await run('generate')
    const old = await read('tls.crt')
    const oldFile = join(await newFolder(), 'old.crt')
    await writeFile(oldFile, old)
    const trusts = (certificate: string) =>
      openssl('verify', '-CAfile', join(folder, 'ca-bundle.crt'), certificate).then(
        () => true,
        () => false,
      )
    for (let count = 0; count < 2; count += 1) expect((await run('rotate', '--ca', 'add')).code).toBe(0)
    expect(await read('tls.crt')).toBe(old)
    expect(splitPemBundle(await read('ca-bundle.crt'))).toHaveLength(2)
    for (let count = 0; count < 2; count += 1) expect((await run('rotate', '--ca', 'use')).code).toBe(0)
    expect(splitPemBundle(await read('ca-bundle.crt'))).toHaveLength(2)
    await verifyByOpenssl(folder, HOST)
    expect(await trusts(oldFile)).toBe(true)
    for (let count = 0; count < 2; count += 1) expect((await run('rotate', '--ca', 'drop')).code).toBe(0)
    expect(await read('ca-bundle.crt')).toBe(await read('ca.crt'))
    await verifyByOpenssl(folder, HOST)
    expect(await trusts(oldFile)).toBe(false)
    expect((await readdir(folder)).sort()).toEqual(['ca-bundle.crt', 'ca.crt', 'ca.key', 'tls.crt', 'tls.key'])
  })

  test('rotate says what is lacking, and leaves what is there', async () => {
    await mkdir(folder)
    expect((await run('rotate')).stderr).toContain('has no ca.crt with its ca.key')
    await run('generate', '--ca-lifetime', '2d', '--serving-lifetime', '1d')
    const before = await contents()
    expect((await run('rotate')).stderr).toMatch(/the CA in .* ends .*before the new certificate would/)
    await writeFile(join(folder, 'ca.key'), (await testCa()).keyPem)
    expect((await run('rotate', '--serving-lifetime', '1d')).code).toBe(1)
    expect({ ...(await contents()), 'ca.key': '' }).toEqual({ ...before, 'ca.key': '' })
  })

  test('verify names each fault and ends with 2', async () => {
    await run('generate')
    expect((await run('verify', '--name', 'a.b')).stdout).toMatch(/problem: .*not for a\.b/)
    const other = join(await newFolder(), 'other.crt')
    await writeFile(other, (await testCa()).certPem)
    const distrusted = await run('verify', '--ca-file', other)
    expect(distrusted).toMatchObject({ code: 2, stdout: expect.stringContaining(`${other} does not trust`) })
    await writeFile(join(folder, 'tls.key'), (await testCa()).keyPem)
    expect(await run('verify')).toMatchObject({ code: 2, stdout: expect.stringMatching(/key (is not|of)/) })
    const ca = await testCa()
    await writeFile(join(folder, 'ca-bundle.crt'), ca.certPem)
    for (const options of [{ notAfter: new Date(Date.now() - 1000) }, { usage: 'client' as const }]) {
      const leaf = await testLeaf(ca, { names: [HOST], ...options })
      await writeFile(join(folder, 'tls.crt'), leaf.certPem)
      await writeFile(join(folder, 'tls.key'), leaf.keyPem)
      expect((await run('verify')).code).toBe(2)
    }
    await writeFile(join(folder, 'tls.crt'), 'GARBAGE')
    expect((await run('verify')).code).toBe(1)
  })

  test('no output has a key in it, nor has a command line', async () => {
    const outputs = [
      await run('generate'),
      await run('rotate'),
      await run('verify'),
      await run('rotate', '--ca', 'add'),
    ]
    const keys = (await Promise.all(['ca.key', 'tls.key', 'next-ca.key'].map(read))).join('')
    for (const line of keys.split('\n').filter((text) => text !== '' && !text.startsWith('-'))) {
      expect(JSON.stringify(outputs)).not.toContain(line)
    }
  })
})

test('what is no name or lifetime is refused before openssl sees it', async () => {
  const folder = join(await newFolder(), 'certs')
  for (const words of [
    ['--name', 'a\nb'],
    ['--name', 'a,DNS:b'],
    ['--service', 'a b'],
    ['--serving-lifetime', '1h'],
  ]) {
    expect((await runScript('generate', ['--openssl', '--cert-dir', folder, ...words])).code).toBe(1)
  }
  await expect(readdir(folder)).rejects.toThrowError(/ENOENT/)
})

// Leap days, ends of years, and 2050, from which on years have four digits (RFC 5280, 4.1.2.5).
test.each([
  '1970-01-01T00:00:00Z',
  '2000-02-29T23:59:59Z',
  '2026-11-22T08:09:07Z',
  '2028-02-28T23:59:59Z',
  '2028-02-29T00:00:00Z',
  '2036-12-31T23:59:59Z',
  '2049-12-31T23:59:59Z',
  '2050-01-01T00:00:00Z',
  '2100-03-01T00:00:00Z',
])('openssl is told %s in its own form', (moment) => {
  const script = '. "$1/common.sh"; . "$1/issue.sh"; utc_time "$2"'
  const seconds = String(new Date(moment).getTime() / 1000)
  const told = execFileSync(SHELL, ['-c', script, 'x', FOLDER, seconds], { encoding: 'utf8' })
  const whole = moment.replace(/[-:T]/g, '')
  expect(told).toBe(whole < '2050' ? whole.slice(2) : whole)
})

test('what one makes the other goes on with', async () => {
  const folder = join(await newFolder(), 'certs')
  const steps = [
    ['generate'],
    ['rotate', '--ca', 'add'],
    ['rotate', '--ca', 'use'],
    ['rotate', '--ca', 'drop'],
    ['verify'],
  ]
  for (const [first, second] of [
    [[], ['--openssl']],
    [['--openssl'], []],
  ]) {
    await rm(folder, { recursive: true, force: true })
    for (const [index, [script = '', ...words]] of steps.entries()) {
      const flags = (index % 2 === 0 ? first : second) ?? []
      expect(await runScript(script, [...flags, '--cert-dir', folder, ...words], { env })).toMatchObject({
        code: 0,
        stderr: '',
      })
    }
    await verifyByOpenssl(folder, HOST)
  }
})
