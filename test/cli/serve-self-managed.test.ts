// serve --certs self-managed beside an API server that does what it is told.
import { X509Certificate } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connect, type PeerCertificate } from 'node:tls'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findFreePorts } from '../cluster/control-plane/free-ports.ts'
import { refuse, ScriptedApi } from '../kubernetes/scripted-api.ts'
import { newFolder, runInProcess, type SpawnedServer, spawnServe } from './cli-run.ts'

const SECRETS = '/api/v1/namespaces/linkerd-tracing/secrets'
const SECRET = 'linkerd-tracing-injector-certs'
const CONFIGURATIONS = '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations'
const MARK = 'linkerd-collector-injector-webhook-config'
const TRACE = 'linkerd-tracing-injector-webhook-config'
const HOST = 'linkerd-tracing-injector.linkerd-tracing.svc'

let api: ScriptedApi
let kubeconfig: string
beforeEach(async () => {
  api = new ScriptedApi()
  await api.start()
  kubeconfig = join(await newFolder(), 'config')
  const cluster = { server: `http://127.0.0.1:${api.port}`, 'insecure-skip-tls-verify': true }
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster }],
    users: [{ name: 'u', user: {} }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'c',
  }
  await writeFile(kubeconfig, JSON.stringify(config))
})
afterEach(() => api.stop())

const own = (name: string) => ({ name, clientConfig: { service: { name: 'linkerd-tracing-injector' } } })
function install(): void {
  api.put(SECRETS, { metadata: { name: SECRET } })
  api.put(CONFIGURATIONS, { metadata: { name: MARK }, webhooks: [own('mark.tracing.linkerd.io')] })
  api.put(CONFIGURATIONS, {
    metadata: { name: TRACE },
    webhooks: [own('control-plane.tracing.linkerd.io'), own('workloads.tracing.linkerd.io')],
  })
}
const dataOf = (key: string) => {
  const data = (api.get(SECRETS, SECRET)?.['data'] ?? {}) as Record<string, string>
  return Buffer.from(data[key] ?? '', 'base64').toString('utf8')
}
const bundles = () =>
  [MARK, TRACE]
    .flatMap((name) => (api.get(CONFIGURATIONS, name)?.['webhooks'] ?? []) as { clientConfig: { caBundle?: string } }[])
    .map(({ clientConfig }) => Buffer.from(clientConfig.caBundle ?? '', 'base64').toString('utf8'))
const serve = (...flags: string[]) =>
  spawnServe(['--certs', 'self-managed', '--kubeconfig', kubeconfig, '--log-level', 'debug', ...flags])

function handshake({ port }: SpawnedServer, ca: string): Promise<PeerCertificate> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', servername: HOST, ca }, () => {
      resolve(socket.getPeerCertificate())
      socket.destroy()
    })
    socket.once('error', reject)
  })
}

test('makes CA and certificate, has every entry trust them, is ready then, and serves a new one at once', async () => {
  install()
  const server = await serve()
  await expect.poll(async () => (await fetch(`http://127.0.0.1:${server.adminPort}/ready`)).status).toBe(200)
  const ca = dataOf('ca.crt')
  expect(bundles()).toEqual([ca, ca, ca])
  const first = await handshake(server, ca)
  expect(first.fingerprint256).toBe(new X509Certificate(dataOf('tls.crt')).fingerprint256)
  const data = api.get(SECRETS, SECRET)?.['data'] as Record<string, string>
  api.put(SECRETS, { metadata: { name: SECRET }, data: { ...data, rotate: Buffer.from('serving').toString('base64') } })
  await expect.poll(async () => (await handshake(server, ca)).fingerprint256).not.toBe(first.fingerprint256)
  expect(dataOf('ca.crt')).toBe(ca)
  expect(api.get(SECRETS, SECRET)?.['data']).not.toHaveProperty('rotate')
  const metrics = await (await fetch(`http://127.0.0.1:${server.adminPort}/metrics`)).text()
  expect(metrics).toMatch(/certificate_changes_total\{change="create",result="written"\} 1$/m)
  expect(metrics).toMatch(/^linkerd_tracing_ca_expiry_timestamp_seconds 1[89]\d{8}/m)
  server.child.kill('SIGINT')
  expect(await server.exited).toBe(0)
})

test('without a cluster it says what is missing', async () => {
  const run = runInProcess(['serve', '--certs', 'self-managed'])
  expect(await run.returned).toBe(1)
  expect(run.stderr()).toContain('--certs')
  expect(run.stderr()).toContain('needs a cluster')
})

test('lives while it waits for its certificate, says why, and a signal ends it', async () => {
  api.intercepts.push(({ path }, response) => path === SECRETS && refuse(response, 403, 'no'))
  const [adminPort = 0] = await findFreePorts(1)
  const flags = ['--certs', 'self-managed', '--kubeconfig', kubeconfig, '--drain-seconds', '0', '--port', '0']
  const run = runInProcess(['serve', ...flags, '--admin-port', `${adminPort}`])
  const admin = (path: string) => fetch(`http://127.0.0.1:${adminPort}${path}`)
  await expect.poll(async () => (await admin('/live')).status).toBe(200)
  expect(await (await admin('/ready')).json()).toMatchObject({ conditions: { tls: false } })
  await expect.poll(run.stdout).toContain('the right to list secrets')
  run.signals.emit('SIGTERM')
  expect(await run.exited).toBe(0)
})

test('a start that ends for another reason ends the process, which would go on keeping certificates', async () => {
  install()
  await expect(serve('--client-ca-file', 'absent.crt')).rejects.toThrow(/serve ended: .*absent\.crt cannot be read/)
})

test('while bundles cannot be written it serves and is not ready', async () => {
  install()
  let isRefusing = true
  api.intercepts.push(({ method, path }, response) => {
    return isRefusing && method === 'PATCH' && path.includes(TRACE) && refuse(response, 403, 'no')
  })
  const server = await serve()
  const ready = async () => (await fetch(`http://127.0.0.1:${server.adminPort}/ready`)).status
  await expect.poll(() => bundles()[0]).not.toBe('')
  expect(await ready()).toBe(503)
  isRefusing = false
  await expect.poll(ready, { timeout: 20_000 }).toBe(200)
})
