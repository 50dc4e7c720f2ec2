import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest'
import { ENTRIES, MARK_CONFIGURATION, TRACE_CONFIGURATION } from '../../src/install/object-names.ts'
import { linkerdTracingCommand, runScript } from '../certs-scripts/run-script.ts'
import { runInProcess } from '../cli/cli-run.ts'
import { accessCluster } from './cluster-access.ts'
import { makeAuthority } from './control-plane/certificates.ts'
import { waitUntil } from './control-plane/wait-until.ts'
import { type InstalledInjector, injectorHost, installInjector, LAYOUT } from './installed-injector.ts'
import type { LivePod } from './pods.ts'

const cluster = accessCluster(inject('cluster'))
const NAMES = [MARK_CONFIGURATION, TRACE_CONFIGURATION]

let folder: string
let injector: InstalledInjector | undefined
let env: Record<string, string>
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'linkerd-tracing-scripts-'))
  env = { LINKERD_TRACING: await linkerdTracingCommand(folder), KUBECTL: cluster.kubectlProgram, HOME: folder }
})
afterEach(async () => {
  await injector?.uninstall()
  injector = undefined
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const setBundle = (file: string, ...words: string[]) =>
  runScript('set-ca-bundle', ['--ca-file', file, '--kubeconfig', cluster.kubeconfig, ...words], { env })

async function configurations(): Promise<LivePod[]> {
  const { stdout } = await cluster.kubectl('get', 'mutatingwebhookconfiguration', ...NAMES, '-o', 'json')
  return JSON.parse(stdout).items
}
const bundles = async () => {
  const entries = (await configurations()).flatMap(({ webhooks }) => webhooks)
  return Object.fromEntries(entries.map(({ name, clientConfig }: LivePod) => [name, clientConfig.caBundle]))
}
/** Without what any write changes. */
const rest = async () =>
  (await configurations()).map(({ metadata, webhooks }) => ({
    metadata: { ...metadata, generation: 0, resourceVersion: '', managedFields: [] },
    webhooks: webhooks.map((entry: LivePod) => ({ ...entry, clientConfig: { ...entry.clientConfig, caBundle: '' } })),
  }))
const generations = async () => (await configurations()).map(({ metadata }) => metadata.generation)

async function bundleFile(name: string, extra = ''): Promise<{ file: string; value: string }> {
  const { cert } = await makeAuthority(name)
  const file = join(folder, `${name}.crt`)
  const text = cert.trimEnd()
  await writeFile(file, `# a comment\n${text}\n${extra}`)
  return { file, value: Buffer.from(`${text}\n`).toString('base64') }
}

describe('set-ca-bundle', () => {
  test('writes our own entries, touches nothing else, and a second run writes nothing', async () => {
    injector = await installInjector(cluster, { certs: 'files', serve: false })
    const before = await rest()
    const { file, value } = await bundleFile('one', '-----BEGIN PRIVATE KEY-----\nSECRET\n-----END PRIVATE KEY-----\n')
    expect(await setBundle(file)).toMatchObject({
      code: 0,
      stdout: NAMES.map((name) => `${name}: patched\n`).join(''),
      stderr: '',
    })
    expect(new Set(Object.values(await bundles()))).toEqual(new Set([value]))
    expect(await rest()).toEqual(before)
    const written = await generations()
    expect((await setBundle(file)).stdout).toBe(NAMES.map((name) => `${name}: every entry has it already\n`).join(''))
    expect(await generations()).toEqual(written)
  })

  test('goes by the live order, and leaves the entry alone that leads to Linkerd’s injector', async () => {
    injector = await installInjector(cluster, { certs: 'files', namespace: 'linkerd', serve: false })
    const move = [{ op: 'move', from: '/webhooks/0', path: '/webhooks/1' }]
    await cluster.kubectl(
      'patch',
      'mutatingwebhookconfiguration',
      MARK_CONFIGURATION,
      '--type=json',
      '-p',
      JSON.stringify(move),
    )
    const linkerd = (await makeAuthority('Linkerd')).cert
    const forward = Buffer.from(linkerd).toString('base64')
    const patch = [{ op: 'add', path: '/webhooks/0/clientConfig/caBundle', value: forward }]
    await cluster.kubectl(
      'patch',
      'mutatingwebhookconfiguration',
      MARK_CONFIGURATION,
      '--type=json',
      '-p',
      JSON.stringify(patch),
    )
    const { file, value } = await bundleFile('two')
    expect((await setBundle(file)).code).toBe(0)
    expect(await bundles()).toEqual({
      [ENTRIES.forward]: forward,
      [ENTRIES.mark]: value,
      [ENTRIES.controlPlane]: value,
      [ENTRIES.workloads]: value,
    })
  })

  test('--dry-run writes nothing', async () => {
    injector = await installInjector(cluster, { certs: 'files', serve: false })
    const before = await generations()
    const { code, stdout } = await setBundle((await bundleFile('three')).file, '--dry-run')
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('would be patched: [{"op":"test"') })
    expect(await generations()).toEqual(before)
  })

  test('without configurations, or a certificate, it says so', async () => {
    const { file } = await bundleFile('four')
    expect(await setBundle(file)).toMatchObject({ code: 1, stderr: expect.stringContaining('cannot be read') })
    await writeFile(file, 'no certificate')
    expect(await setBundle(file)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('there is no certificate in'),
    })
  })
})

test('files of one’s own, by the scripts alone: made, mounted, trusted, then another CA; at no step is the server distrusted', async () => {
  injector = await installInjector(cluster, { certs: 'files' })
  const mounted = dirname(injector.logFile)
  const certs = join(folder, 'certs')
  const script = async (name: string, ...words: string[]) =>
    expect(await runScript(name, [...words, '--openssl', '--cert-dir', certs], { env })).toMatchObject({
      code: 0,
      stderr: '',
    })
  const bring = async () => {
    for (const file of ['tls.key', 'tls.crt']) await copyFile(join(certs, file), join(mounted, file))
  }
  const bundle = join(certs, 'ca-bundle.crt')
  const verify = () =>
    runInProcess([
      'certs',
      'verify',
      '--url',
      `https://localhost:${injector?.port}`,
      '--name',
      injectorHost(LAYOUT),
      '--bundles',
      '--kubeconfig',
      cluster.kubeconfig,
    ])
  const becomes = (code: number) =>
    waitUntil(
      { what: `certs verify to end with ${code}`, limitMs: 15_000 },
      async () => (await verify().returned) === code,
    )
  await script('generate')
  await bring()
  await becomes(2)
  await setBundle(bundle)
  await becomes(0)
  // The order of the page: at no step is the server distrusted.
  for (const [step, then] of [
    ['add', setBundle],
    ['use', bring],
    ['drop', setBundle],
  ] as const) {
    await script('rotate', '--ca', step)
    expect(await verify().returned).toBe(0)
    await then(bundle)
    await becomes(0)
  }
  expect(await injector.metric('linkerd_tracing_certificate_reload_failures_total', { files: 'serving' })).toBe(0)
})

describe('certs, in a cluster', () => {
  const run = async (...words: string[]) => {
    const one = runInProcess(['certs', ...words, '--kubeconfig', cluster.kubeconfig])
    return { code: await one.returned, stdout: one.stdout(), stderr: one.stderr() }
  }
  test('shows the Secret of self-managed injectors and the bundles, and has them renew', async () => {
    injector = await installInjector(cluster)
    const secret = ['--secret', 'linkerd-tracing-injector-certs']
    expect(await run('verify', ...secret, '--bundles', '--name', injectorHost(LAYOUT))).toMatchObject({
      code: 0,
      stderr: '',
    })
    const leaf = async () => JSON.parse((await run('show', ...secret, '-o', 'json')).stdout).chain[0].fingerprint
    const old = await leaf()
    expect(await run('rotate', ...secret)).toMatchObject({ code: 0, stdout: expect.stringContaining('were asked for') })
    await waitUntil({ what: 'another certificate', limitMs: 30_000 }, async () => (await leaf()) !== old)
    expect((await run('verify', ...secret, '--bundles')).code).toBe(0)
  })

  test('a Secret that is not theirs, or not there, is told', async () => {
    await cluster.kubectl('create', 'secret', 'generic', 'other', '-n', 'default', '--from-literal=a=b')
    const other = ['--secret', 'other', '-n', 'default']
    expect(await run('rotate', ...other)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('it has no ca.key'),
    })
    expect(await run('show', ...other)).toMatchObject({ code: 1, stderr: expect.stringContaining('has no tls.crt') })
    expect(await run('show', '--secret', 'absent', '-n', 'default')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/cannot get secrets "absent" in namespace "default": HTTP 404/),
    })
    await cluster.kubectl('delete', 'secret', 'other', '-n', 'default')
  })
})
