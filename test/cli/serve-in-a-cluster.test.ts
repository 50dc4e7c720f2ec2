// serve beside an API server: readiness, what Pods are told, and an end that leaves nothing open.
import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findSurroundings } from '../../src/cli/find-surroundings.ts'
import { resolveSettings } from '../../src/config/resolve-settings.ts'
import { createLogger } from '../../src/runtime/logger.ts'
import { createMetrics } from '../../src/runtime/metrics.ts'
import { rawConnection } from '../http/tls-client.ts'
import { ScriptedApi } from '../kubernetes/scripted-api.ts'
import { root } from '../source-files.ts'
import { newFolder, runInProcess, type SpawnedServer, spawnServe } from './cli-run.ts'

const NAMESPACES = '/api/v1/namespaces'
const CONFIGMAPS = '/api/v1/namespaces/linkerd/configmaps'

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

async function review(
  server: SpawnedServer,
): Promise<{ warnings?: string[]; auditAnnotations: Record<string, string> }> {
  const connection = await rawConnection(server.port, { ca: await readFile(join(server.certDir, 'ca.crt')) })
  // Its proxy does not tell the domains of the mesh, so that those of linkerd-config count.
  const sample = await readFile(join(root, 'samples/review.json'), 'utf8')
  const body = sample.replaceAll(/LINKERD2_PROXY_(DESTINATION|IDENTITY)_SVC/g, 'OTHER_$1')
  const length = Buffer.byteLength(body)
  const head = `Host: localhost\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\nConnection: close`
  connection.send(`POST /mutate HTTP/1.1\r\n${head}\r\n\r\n${body}`)
  const answer = await connection.closed
  return JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)).response
}
const ready = (server: SpawnedServer) => fetch(`http://127.0.0.1:${server.adminPort}/ready`)
const metrics = async (server: SpawnedServer) => (await fetch(`http://127.0.0.1:${server.adminPort}/metrics`)).text()
const putNamespace = (inject: string) =>
  api.put(NAMESPACES, { metadata: { name: 'emojivoto', labels: { 'tracing.linkerd.io/inject': inject } } })

test('ready with the caches; follows Namespaces and linkerd-config; SIGINT ends it though watches are open', async () => {
  putNamespace('disabled')
  api.put(CONFIGMAPS, { metadata: { name: 'linkerd-config' }, data: { values: 'clusterDomain: one.example' } })
  const server = await spawnServe(['--kubeconfig', kubeconfig])
  await expect.poll(async () => (await ready(server)).status).toBe(200)
  expect((await review(server)).auditAnnotations).toMatchObject({ reason: 'not-opted-in' })
  putNamespace('enabled')
  await expect.poll(async () => (await review(server)).auditAnnotations['outcome']).toBe('traced')
  const collectorNow = async () => (await review(server)).auditAnnotations['collector']
  expect(await collectorNow()).toBe('linkerd-collector.linkerd-tracing.svc.one.example:4317')
  api.put(CONFIGMAPS, { metadata: { name: 'linkerd-config' }, data: { values: 'clusterDomain: two.example' } })
  await expect.poll(collectorNow).toBe('linkerd-collector.linkerd-tracing.svc.two.example:4317')
  expect(await metrics(server)).toMatch(/^linkerd_tracing_namespaces 1$/m)
  expect(await metrics(server)).toMatch(/^linkerd_tracing_namespace_last_event_timestamp_seconds 1\d{9}/m)
  server.child.kill('SIGINT')
  expect(await server.exited).toBe(0)
})

test('the facts of linkerd-config are in effect as they change, and closing ends all watches', async () => {
  api.put(CONFIGMAPS, { metadata: { name: 'linkerd-config' }, data: { values: 'clusterDomain: one.example' } })
  const values = resolveSettings({ command: 'serve', flags: { kubeconfig }, env: {} })
  const surroundings = await findSurroundings({
    ...values,
    env: {},
    log: createLogger('silent', new PassThrough()),
    metrics: createMetrics(),
  })
  await surroundings.cachesReady
  expect(surroundings.settings()).toMatchObject({ clusterDomain: 'one.example', trustDomain: 'one.example' })
  // Made anew only when something has changed: each Pod asks for them.
  expect(surroundings.settings()).toBe(surroundings.settings())
  api.put(CONFIGMAPS, { metadata: { name: 'linkerd-config' }, data: { values: 'clusterDomain: two.example' } })
  await expect.poll(() => surroundings.settings().clusterDomain).toBe('two.example')
  surroundings.stop()
  await expect.poll(() => api.openConnections).toBe(0)
})

test('a server that has ended by a signal has closed its watches', async () => {
  const words = ['--kubeconfig', kubeconfig, '--cert-dir', await newFolder(), '--port', '0', '--admin-port', '0']
  const run = runInProcess(['serve', ...words])
  expect(await run.returned).toBe(0)
  await expect.poll(() => api.openConnections).toBeGreaterThan(0)
  run.signals.emit('SIGINT')
  expect(await run.exited).toBe(0)
  await expect.poll(() => api.openConnections).toBe(0)
})

test('an API server that is away: serves, unready; Pods are told why their Namespace is not known', async () => {
  await api.stop()
  const server = await spawnServe(['--kubeconfig', kubeconfig])
  const answer = await ready(server)
  expect(answer.status).toBe(503)
  expect(await answer.json()).toMatchObject({ conditions: { tls: true, caches: false } })
  const response = await review(server)
  expect(response.auditAnnotations['outcome']).toBe('traced')
  expect(response.warnings).toContain(
    `linkerd-tracing: Namespace "emojivoto" could not be read from the API server; the install's settings were taken`,
  )
  await api.start()
  putNamespace('enabled')
  await expect.poll(async () => (await ready(server)).status, { timeout: 10_000 }).toBe(200)
  expect((await review(server)).warnings?.filter((warning) => warning.includes('Namespace'))).toEqual([])
  expect(await metrics(server)).toMatch(/^linkerd_tracing_namespace_gets_total\{result="error"\} 1$/m)
})

test('a port in use ends it, though it watches a cluster by then', async () => {
  const taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  const { port } = taken.address() as { port: number }
  const words = [
    '--kubeconfig',
    kubeconfig,
    '--cert-dir',
    await newFolder(),
    '--port',
    String(port),
    '--admin-port',
    '0',
  ]
  const run = runInProcess(['serve', ...words])
  expect(await run.returned).toBe(1)
  expect(run.stderr()).toContain('in use')
  await expect.poll(() => api.openConnections).toBe(0)
  await new Promise((resolve) => taken.close(resolve))
})

test('a kubeconfig that cannot be used stops the start with one sentence', async () => {
  const run = runInProcess(['serve', '--kubeconfig', '/nowhere/config', '--cert-dir', await newFolder()])
  expect(await run.returned).toBe(1)
  expect(run.stderr()).toMatch(/^error: kubeconfig \/nowhere\/config cannot be read: ENOENT/m)
})

test('a Namespaces file takes the cluster’s place', async () => {
  const file = join(await newFolder(), 'namespaces.yaml')
  await writeFile(
    file,
    'kind: Namespace\nmetadata: { name: emojivoto, labels: { tracing.linkerd.io/inject: enabled } }\n',
  )
  const server = await spawnServe(['--kubeconfig', kubeconfig, '--namespaces-file', file])
  expect((await ready(server)).status).toBe(200)
  expect((await review(server)).auditAnnotations['outcome']).toBe('traced')
  expect(api.requests).toEqual([])
})
