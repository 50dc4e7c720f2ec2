import { execFileSync } from 'node:child_process'
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
const SCRIPTS = ['generate', 'rotate', 'verify', 'set-ca-bundle']

test('certs-scripts/ has these, executable, and what they share', () => {
  expect(readdirSync(FOLDER).sort()).toEqual([...SCRIPTS, 'common.sh'].sort())
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
  const run = (script: string, ...words: string[]) => runScript(script, [...flags, '--cert-dir', folder, ...words], env)
  const read = (name: string) => readFile(join(folder, name), 'utf8')
  const contents = async () => {
    const names = (await readdir(folder)).sort()
    return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await read(name)] as const)))
  }

  test('generate makes what openssl verifies, for its owner only; twice is once', async () => {
    expect(await run('generate', '--name', '127.0.0.1', '--name', 'a.b')).toMatchObject({ code: 0, stderr: '' })
    const { text, caText } = await verifyByOpenssl(folder, HOST)
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

  test('generate overwrites nothing that is there in part', async () => {
    await run('generate')
    await unlink(join(folder, 'tls.key'))
    const before = await contents()
    const { code, stderr } = await run('generate')
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('they are not overwritten') })
    expect(await contents()).toEqual(before)
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
      expect(await runScript(script, [...flags, '--cert-dir', folder, ...words], env)).toMatchObject({
        code: 0,
        stderr: '',
      })
    }
    await verifyByOpenssl(folder, HOST)
  }
})
