import { readdir, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { CertificateReport } from '../../src/tls/certificate-report.ts'
import { issueCa } from '../../src/tls/issue-certificate.ts'
import { splitPemBundle } from '../../src/tls/pem-bundle.ts'
import { verifyByOpenssl } from '../tls/openssl.ts'
import { testCa, testLeaf } from '../tls/test-certificates.ts'
import { newFolder, runInProcess } from './cli-run.ts'

const HOST = 'linkerd-tracing-injector.linkerd-tracing.svc'

async function certs(...words: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const run = runInProcess(['certs', ...words])
  const code = await run.returned
  return { code, stdout: run.stdout(), stderr: run.stderr() }
}

let folder: string
beforeEach(async () => {
  folder = join(await newFolder(), 'certs')
})
const at = (...words: string[]) => certs(words[0] ?? '', '--cert-dir', folder, ...words.slice(1))
const read = (name: string) => readFile(join(folder, name), 'utf8')
const contents = async () => {
  const names = (await readdir(folder)).sort()
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await read(name)] as const)))
}
const report = async (...words: string[]) =>
  JSON.parse((await at('show', '-o', 'json', ...words)).stdout) as CertificateReport

describe('generate', () => {
  test('makes what openssl takes for a server’s certificate of the Service: chain, names, usages, dates', async () => {
    expect(await at('generate')).toMatchObject({ code: 0, stderr: '' })
    const { text, caText } = await verifyByOpenssl(folder, HOST)
    expect(text).toContain('ASN1 OID: prime256v1')
    expect(text).toMatch(/Extended Key Usage: *\n\s*TLS Web Server Authentication\n/)
    expect(text).toMatch(/Basic Constraints: critical\n\s*CA:FALSE/)
    expect(text).toMatch(/Key Usage: critical\n\s*Digital Signature\n/)
    expect(text).toContain(`DNS:${HOST}.cluster.local`)
    expect(caText).toMatch(/CA:TRUE, pathlen:0/)
    expect(caText).toMatch(/Key Usage: critical\n\s*Certificate Sign, CRL Sign\n/)
  })

  test('nobody else may read what it makes', async () => {
    await at('generate')
    const modes = await Promise.all(
      ['.', ...(await readdir(folder))].map(async (name) => (await stat(join(folder, name))).mode & 0o077),
    )
    expect(modes.every((mode) => mode === 0)).toBe(true)
  })

  test('a second run changes nothing', async () => {
    await at('generate')
    const before = await contents()
    expect(await at('generate')).toMatchObject({ code: 0, stdout: `${folder}: all is there already\n` })
    expect(await contents()).toEqual(before)
  })

  test('takes names, another Service and lifetimes', async () => {
    const words = ['--name', '127.0.0.1', '--name', 'a.b', '--service', 's', '-n', 'ns', '--serving-lifetime', '1h']
    await at('generate', ...words)
    const [leaf] = (await report()).chain
    expect(leaf?.names).toBe('DNS:s, DNS:s.ns, DNS:s.ns.svc, DNS:s.ns.svc.cluster.local, IP Address:127.0.0.1, DNS:a.b')
    expect(Date.parse(leaf?.notAfter ?? '') - Date.now()).toBeLessThan(3_600_001)
  })

  test.each([
    ['--name', 'a.b,c.d'],
    ['--name', ''],
    ['--name', 'a.b.'],
    ['--name', 'a.*.b'],
    ['--name', '10.0.0.256'],
    ['--service', 'a b'],
    ['--cluster-domain', ''],
  ])('%s %j makes no name: refused, nothing is made', async (flag, name) => {
    const { code, stdout, stderr } = await at('generate', flag, name)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(
      /^error: a certificate cannot be for ".*": a name of it must be a DNS name: .*or an IP address\n$/,
    )
    await expect(readdir(folder)).rejects.toThrow('ENOENT')
  })

  test.each(['ca.crt', 'ca.key', 'tls.crt', 'tls.key'])(
    'without %s among the rest: refused, nothing is overwritten',
    async (file) => {
      await at('generate')
      await unlink(join(folder, file))
      const before = await contents()
      const { code, stderr } = await at('generate')
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('they are not overwritten') })
      expect(await contents()).toEqual(before)
    },
  )

  test('what was cut short after the CA is gone on with', async () => {
    await at('generate')
    const ca = await read('ca.crt')
    for (const file of ['tls.crt', 'tls.key', 'ca-bundle.crt']) await rm(join(folder, file))
    expect((await at('generate')).code).toBe(0)
    expect(await read('ca.crt')).toBe(ca)
    await verifyByOpenssl(folder, HOST)
  })

  test('one that is not for the names, or no good, is told, not kept', async () => {
    await at('generate')
    expect((await at('generate', '--name', 'other.svc')).stderr).toMatch(
      /is not for other\.svc; make another by certs rotate/,
    )
    await writeFile(join(folder, 'tls.key'), 'SECRET')
    const { code, stderr } = await at('generate')
    expect(code).toBe(1)
    expect(stderr).toMatch(/cannot be served with: the key is not unencrypted PEM/)
    expect(stderr).not.toContain('SECRET')
  })

  test.each([
    [['generate'], /--cert-dir is needed/],
    [['generate', '--cert-dir', 'x', '--ca-lifetime', '1'], /--ca-lifetime = "1": must be a duration/],
    [['rotate'], /name either --cert-dir or --secret/],
    [['rotate', '--secret', 's', '--ca', 'use'], /with --secret only --ca add/],
    [['show'], /name one of --cert-dir, --file, --secret and --url/],
    [['show', '--file', 'a', '--url', 'b'], /name one of/],
    [['show', '--url', 'http://x'], /is no https:\/\/ URL/],
    [['show', '--file', '/nowhere/x.crt'], /x\.crt cannot be read: ENOENT/],
    [['show', '--secret', 's', '--kubeconfig', '/nowhere/kube'], /kubeconfig \/nowhere\/kube cannot be read/],
  ])('%j is refused with a sentence', async (words, message) => {
    expect(await certs(...words)).toMatchObject({ code: 1, stderr: expect.stringMatching(message) })
  })
})

describe('rotate', () => {
  test('makes a new pair by the same CA', async () => {
    await at('generate')
    const before = await contents()
    expect((await at('rotate')).code).toBe(0)
    const after = await contents()
    const changed = Object.keys(after).filter((name) => after[name] !== before[name])
    expect(changed).toEqual(['tls.crt', 'tls.key'])
    await verifyByOpenssl(folder, HOST)
  })

  test('another CA, step by step: at each moment the bundle in force trusts the certificate in use', async () => {
    await at('generate')
    const [oldCa, oldBundle] = [await read('ca.crt'), await read('ca-bundle.crt')]
    const oldLeaf = await read('tls.crt')
    await at('rotate', '--ca', 'add')
    expect(await read('tls.crt')).toBe(oldLeaf)
    expect(splitPemBundle(await read('ca-bundle.crt'))).toHaveLength(2)
    await verifyByOpenssl(folder, HOST)
    const wide = await read('ca-bundle.crt')
    expect((await at('rotate', '--ca', 'add')).stdout).toContain('was added before')
    expect(await read('ca-bundle.crt')).toBe(wide)

    expect((await at('rotate', '--ca', 'use')).code).toBe(0)
    expect(splitPemBundle(await read('ca-bundle.crt')).sort()).toEqual(splitPemBundle(wide).sort())
    await verifyByOpenssl(folder, HOST)
    expect(await read('ca.crt')).not.toBe(oldCa)
    // the replicas that have the old one yet are trusted too
    await writeFile(join(folder, 'old.crt'), oldLeaf)
    expect(
      (await certs('verify', '--file', join(folder, 'old.crt'), '--ca-file', join(folder, 'ca-bundle.crt'))).code,
    ).toBe(0)
    expect((await at('rotate', '--ca', 'use')).stdout).toContain('there is no next CA, nothing was done')

    expect((await at('rotate', '--ca', 'drop')).stdout).toContain('was dropped')
    expect(await read('ca-bundle.crt')).toBe(await read('ca.crt'))
    await verifyByOpenssl(folder, HOST)
    expect(
      (await certs('verify', '--file', join(folder, 'old.crt'), '--ca-file', join(folder, 'ca-bundle.crt'))).code,
    ).toBe(2)
    expect((await at('rotate', '--ca', 'drop')).stdout).toContain('there was no old CA')
    expect(oldBundle).not.toBe(await read('ca-bundle.crt'))
  })

  test('a use that was cut short can be run again', async () => {
    await at('generate')
    await at('rotate', '--ca', 'add')
    const [next, nextKey, oldCa] = [await read('next-ca.crt'), await read('next-ca.key'), await read('ca.crt')]
    await at('rotate', '--ca', 'use')
    // as if it had died just before it took the next CA's files away
    await writeFile(join(folder, 'next-ca.crt'), next)
    await writeFile(join(folder, 'next-ca.key'), nextKey)
    expect((await at('rotate', '--ca', 'use')).code).toBe(0)
    expect(splitPemBundle(await read('ca-bundle.crt')).sort()).toEqual(splitPemBundle(oldCa + next).sort())
    await verifyByOpenssl(folder, HOST)
  })

  test.each([
    [['rotate'], /has no ca\.crt with its ca\.key to sign with/],
    [['rotate', '--ca', 'add'], /has no ca\.crt/],
    [['rotate', '--ca', 'drop'], /has no ca\.crt/],
  ])('%j without a CA is refused', async (words, message) => {
    expect(await at(...words)).toMatchObject({ code: 1, stderr: expect.stringMatching(message) })
  })

  test('a CA that ends before the certificate would is refused', async () => {
    await at('generate', '--ca-lifetime', '2d', '--serving-lifetime', '1d')
    expect((await at('rotate')).stderr).toMatch(/before the new certificate would: make another CA first/)
    expect((await at('rotate', '--serving-lifetime', '1h')).code).toBe(0)
  })

  test('a CA whose key is another, is refused', async () => {
    await at('generate')
    await writeFile(join(folder, 'ca.key'), (await testCa()).keyPem)
    expect((await at('rotate')).stderr).toMatch(/the CA in .* cannot sign: the key is not the one/)
  })
})

describe('show and verify', () => {
  test('names, expiry, chain and bundles, as table, JSON and YAML alike', async () => {
    await at('generate')
    const { stdout, code } = await at('show')
    expect(code).toBe(0)
    for (const part of ['CN=linkerd-tracing', HOST, 'is its own', 'ca-bundle.crt', 'trusts it', 'fine']) {
      expect(stdout).toContain(part)
    }
    const json = await report()
    expect(parse((await at('show', '-o', 'yaml')).stdout)).toEqual(json)
    expect(json).toMatchObject({ key: 'is its own', problems: [], bundles: [{ certificates: 1, trusts: true }] })
  })

  test('verify names each fault, and ends with 2', async () => {
    await at('generate')
    const other = join(folder, 'other.crt')
    await writeFile(other, (await testCa()).certPem)
    await writeFile(join(folder, 'tls.key'), (await testCa()).keyPem)
    const { code, stdout } = await at('verify', '--name', 'a.b', '--name', '10.0.0.1', '--ca-file', other)
    expect(code).toBe(2)
    for (const fault of [
      'the key is not the one of the certificate',
      'it is not for a.b',
      'it is not for 10.0.0.1',
      `${other} does not trust it`,
    ]) {
      expect(stdout).toContain(`problem:      ${fault}\n`)
    }
    expect((await at('show')).code).toBe(0)
  })

  test('dates and purpose are checked', async () => {
    const ca = await testCa()
    const faults = async (options: Parameters<typeof testLeaf>[1], by = ca) => {
      await at('generate')
      await writeFile(join(folder, 'one.crt'), (await testLeaf(by, options)).certPem)
      await writeFile(join(folder, 'their-ca.crt'), by.certPem)
      const words = ['--file', join(folder, 'one.crt'), '--ca-file', join(folder, 'their-ca.crt'), '-o', 'json']
      return (JSON.parse((await certs('verify', ...words)).stdout) as CertificateReport).problems.join('; ')
    }
    expect(await faults({})).toBe('')
    expect(await faults({ notAfter: new Date(Date.now() - 1000) })).toMatch(/^it expired at 20.*does not trust it$/)
    expect(await faults({ notBefore: new Date(Date.now() + 60_000) })).toMatch(/^it is valid only from 20/)
    expect(await faults({ usage: 'client' })).toBe('it is not for server authentication')
    const [before, ago] = [new Date(Date.now() - 60_000), new Date(Date.now() - 1000)]
    const over = await issueCa({ commonName: 'over', notBefore: before, notAfter: ago })
    expect(await faults({}, over)).toMatch(/^\S*their-ca\.crt does not trust it$/)
  })

  test('a chain is followed, in whatever order it comes; what is broken in a file is told', async () => {
    const root = await testCa('root')
    const middle = await testCa('middle', root)
    const leaf = await testLeaf(middle)
    const [file, cas] = [join(await newFolder(), 'chain.crt'), join(await newFolder(), 'cas.crt')]
    await writeFile(cas, root.certPem)
    const verify = () => certs('verify', '--file', file, '--ca-file', cas)
    for (const others of [[middle], [await testCa(), middle], [middle, root]]) {
      await writeFile(file, [leaf, ...others].map(({ certPem }) => certPem).join('\n'))
      expect(await verify()).toMatchObject({ code: 0, stdout: expect.stringContaining('chain 1:') })
    }
    await writeFile(file, leaf.certPem)
    expect((await verify()).code).toBe(2)
    // a chain that is trusted, but did not sign the certificate before it
    const foreign = await testLeaf(await testCa('middle'))
    await writeFile(file, [foreign, middle].map(({ certPem }) => certPem).join('\n'))
    expect((await verify()).code).toBe(2)
    await writeFile(file, `${leaf.certPem}\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`)
    expect(await verify()).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/chain\.crt: certificate 2 is not PEM/),
    })
    await writeFile(file, 'nothing')
    expect(await verify()).toMatchObject({ code: 1, stderr: expect.stringContaining('there is no certificate in it') })
  })

  test('without any bundle there is nothing to verify by', async () => {
    const file = join(await newFolder(), 'x.crt')
    await writeFile(file, (await testLeaf(await testCa())).certPem)
    const { code, stdout } = await certs('verify', '--file', file)
    expect(code).toBe(2)
    expect(stdout).toContain('there is no bundle to check it by: name --ca-file or --bundles')
  })

  test('a server that runs is asked what it shows', async () => {
    await at('generate', '--name', '127.0.0.1')
    const server = createServer({ cert: await read('tls.crt'), key: await read('tls.key') })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
    const words = ['--url', url, '--name', '127.0.0.1', '--ca-file', join(folder, 'ca-bundle.crt')]
    expect(await certs('verify', ...words)).toMatchObject({ code: 0, stderr: '' })
    await new Promise((resolve) => server.close(resolve))
    expect(await certs('verify', ...words)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`${url} cannot be reached`),
    })
  })

  test('no output ever has a key in it', async () => {
    await at('generate')
    const outputs = [
      await at('show'),
      await at('show', '-o', 'json'),
      await at('verify', '-o', 'yaml'),
      await at('rotate'),
    ]
    const keys = await Promise.all(['tls.key', 'ca.key'].map(read))
    const text = JSON.stringify(outputs)
    expect(text).not.toContain('PRIVATE')
    for (const line of keys.flatMap((key) => key.split('\n').slice(1, -2))) expect(text).not.toContain(line)
  })
})
