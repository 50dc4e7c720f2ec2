import { readFile, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CertificateReport } from '../../src/tls/certificate-report.ts'
import { testCa, testLeaf } from '../tls/test-certificates.ts'
import { newFolder, runInProcess } from './cli-run.ts'

const [ca, next, stranger] = await Promise.all(['ca', 'next', 'stranger'].map((name) => testCa(name)))
const leaf = await testLeaf(ca as NonNullable<typeof ca>)
const olds = await Promise.all(['w', 'x', 'y', 'z'].map((name) => testCa(name)))
const FIRST_END = new Date(Math.floor(Date.now() / 1000) * 1000 + 60_000)
const firstToGo = await testLeaf(olds[2] as NonNullable<typeof ca>, { notAfter: FIRST_END })
const base64 = (value = '') => Buffer.from(value).toString('base64')
const MARK = 'linkerd-collector-injector-webhook-config'
const TRACE = 'linkerd-tracing-injector-webhook-config'
const entry = (name: string, bundle: string | undefined) => ({ name, clientConfig: { caBundle: base64(bundle) } })

const secretData = { 'tls.crt': leaf.certPem, 'tls.key': leaf.keyPem, 'ca.crt': ca?.certPem, 'ca.key': ca?.keyPem }
const secretOf = (data: Record<string, string | undefined>) => ({
  data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, base64(value)])),
})
const SECRETS = '/api/v1/namespaces/linkerd-tracing/secrets'
const WEBHOOKS = '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations'
const objects: Record<string, unknown> = {
  [`${SECRETS}/own`]: secretOf({ ...secretData, 'next-ca.crt': next?.certPem }),
  [`${SECRETS}/full`]: secretOf({
    ...secretData,
    'old-ca.crt': [...olds, firstToGo].map((one) => one.certPem).join('\n'),
  }),
  [`${SECRETS}/underway`]: secretOf({ ...secretData, 'next-ca.crt': next?.certPem, 'next-ca.key': next?.keyPem }),
  [`${SECRETS}/foreign`]: secretOf({ 'tls.crt': leaf.certPem, 'tls.key': leaf.keyPem }),
  [`${SECRETS}/empty`]: {},
  [`${SECRETS}/broken`]: secretOf({ ...secretData, 'tls.key': 'SECRET' }),
  [`${WEBHOOKS}/${MARK}`]: {
    webhooks: [
      entry('mark.tracing.linkerd.io', ca?.certPem),
      entry('forward.tracing.linkerd.io', stranger?.certPem),
      'odd',
    ],
  },
  [`${WEBHOOKS}/${TRACE}`]: {
    webhooks: [
      entry('control-plane.tracing.linkerd.io', stranger?.certPem),
      { name: 'workloads.tracing.linkerd.io' },
      entry('broken.tracing.linkerd.io', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'),
    ],
  },
}

let api: Server
let kubeconfig = ''
const patches: { url: string | undefined; body: unknown; type: string | undefined }[] = []
beforeAll(async () => {
  api = createServer({ cert: leaf.certPem, key: leaf.keyPem }, async (request, response) => {
    const body = await text(request)
    if (request.method === 'PATCH') {
      patches.push({ url: request.url, body: JSON.parse(body), type: request.headers['content-type'] })
    }
    const found = objects[String(request.url)]
    response.writeHead(found === undefined ? 404 : 200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(found ?? { kind: 'Status', message: 'not found' }))
  })
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve))
  kubeconfig = join(await newFolder(), 'kubeconfig.json')
  const server = `https://localhost:${(api.address() as AddressInfo).port}`
  const context = { name: 'c', context: { cluster: 'c', user: 'u' } }
  const config = {
    clusters: [{ name: 'c', cluster: { server, 'certificate-authority-data': base64(ca?.certPem) } }],
    users: [{ name: 'u' }],
    contexts: [context],
  }
  await writeFile(kubeconfig, JSON.stringify({ ...config, 'current-context': 'c' }))
})
afterAll(() => new Promise((resolve) => api.close(resolve)))

async function certs(...words: string[]) {
  const run = runInProcess(['certs', ...words, '--kubeconfig', kubeconfig])
  return { code: await run.returned, stdout: run.stdout(), stderr: run.stderr() }
}
const report = async (...words: string[]) => {
  const { stdout } = await certs('show', '-o', 'json', ...words)
  return JSON.parse(stdout) as CertificateReport
}

describe('certs --secret', () => {
  test('reads certificate, key and every CA of the Secret', async () => {
    expect(await report('--secret', 'own')).toMatchObject({
      source: 'Secret linkerd-tracing/own',
      key: 'is its own',
      bundles: [{ name: 'ca.crt of Secret linkerd-tracing/own', certificates: 2, trusts: true }],
      problems: [],
    })
    expect((await certs('verify', '--secret', 'own', '--name', 'localhost')).code).toBe(0)
  })

  test('with --bundles each entry of ours is compared, and Linkerd’s is not', async () => {
    const { bundles, problems } = await report('--secret', 'own', '--bundles')
    expect(bundles.slice(1)).toEqual([
      { name: 'caBundle of mark.tracing.linkerd.io', certificates: 1, trusts: true },
      { name: 'caBundle of control-plane.tracing.linkerd.io', certificates: 1, trusts: false },
      { name: 'caBundle of workloads.tracing.linkerd.io', certificates: 0, trusts: false },
      { name: 'caBundle of broken.tracing.linkerd.io', certificates: 0, trusts: false },
    ])
    expect(problems).toContain('caBundle of workloads.tracing.linkerd.io does not trust it')
    expect((await certs('verify', '--secret', 'own', '--bundles')).code).toBe(2)
  })

  test.each([
    ['absent', /cannot get secrets "absent" in namespace "linkerd-tracing": HTTP 404/],
    ['empty', /Secret linkerd-tracing\/empty has no tls\.crt/],
    ['broken', /Secret linkerd-tracing\/broken: tls\.key is not unencrypted PEM/],
  ])('%s: a sentence, without what is in it', async (name, message) => {
    const { code, stderr } = await certs('show', '--secret', name)
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(message) })
    expect(stderr).not.toContain('SECRET')
  })

  test.each([
    ['show', '--secret', 'own'],
    ['rotate', '--secret', 'own'],
  ])('an API server that is away is named: %s %s', async (...words) => {
    const away = join(await newFolder(), 'kubeconfig.json')
    const text = await readFile(kubeconfig, 'utf8')
    await writeFile(away, text.replace(/localhost:\d+/, 'localhost:1'))
    const run = runInProcess(['certs', ...words, '--kubeconfig', away])
    expect(await run.returned).toBe(1)
    expect(run.stderr()).toMatch(/^error: no answer from the API server https:\/\/localhost:1: .*ECONNREFUSED/)
  })
})

describe('certs rotate --secret', () => {
  test.each([
    [[], 'serving'],
    [['--ca', 'add'], 'ca'],
  ])('%j asks the injectors for it, in the key where they look', async (words, what) => {
    patches.length = 0
    expect(await certs('rotate', '--secret', 'own', ...words)).toMatchObject({ code: 0, stderr: '' })
    const body = [{ op: 'add', path: '/data/rotate', value: base64(what) }]
    expect(patches).toEqual([{ url: `${SECRETS}/own`, body, type: 'application/json-patch+json' }])
  })

  test('another CA for which there is no room is refused, with what is in the way and until when', async () => {
    patches.length = 0
    const { code, stderr } = await certs('rotate', '--secret', 'full', '--ca', 'add')
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/linkerd-tracing\/full has 4 old CAs/) })
    expect(stderr).toContain(
      `ask again when the first of them has gone, which is soon after ${FIRST_END.toISOString()}`,
    )
    expect(patches).toEqual([])
    expect((await certs('rotate', '--secret', 'full')).code).toBe(0)
    expect(patches).toHaveLength(1)
  })

  test('another CA beside one that is on its way is not asked for', async () => {
    patches.length = 0
    const { code, stdout } = await certs('rotate', '--secret', 'underway', '--ca', 'add')
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('is on its way already, nothing was') })
    expect(patches).toEqual([])
  })

  test('a Secret that is not theirs is left alone', async () => {
    patches.length = 0
    const { code, stderr } = await certs('rotate', '--secret', 'foreign')
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('it has no ca.key') })
    expect(patches).toEqual([])
  })
})

test('without --kubeconfig that of kubectl is taken', async () => {
  const run = runInProcess(['certs', 'show', '--secret', 'own'], { KUBECONFIG: kubeconfig })
  expect(await run.returned).toBe(0)
})
