// Facts of the mesh off linkerd-config, which may be absent, forbidden or nonsense.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createApiClient } from '../../src/kubernetes/api-client.ts'
import { type Discovery, startDiscovery } from '../../src/kubernetes/discovery.ts'
import { refuse, ScriptedApi } from './scripted-api.ts'
import { FAST, recordingLog, until } from './watching.ts'

const PATH = '/api/v1/namespaces/linkerd/configmaps'

let api: ScriptedApi
let stopped: AbortController
let log: ReturnType<typeof recordingLog>

beforeEach(async () => {
  api = new ScriptedApi()
  await api.start()
  stopped = new AbortController()
  log = recordingLog()
})
afterEach(async () => {
  stopped.abort(new Error('stopped'))
  await api.stop()
})

function start(timing: Partial<typeof FAST> = {}): Discovery {
  const client = createApiClient(api.config())
  const common = { client, linkerdNamespace: 'linkerd', signal: stopped.signal, log }
  return startDiscovery({ ...common, timing: { ...FAST, ...timing } })
}
const put = (values: string) => api.put(PATH, { metadata: { name: 'linkerd-config' }, data: { values } })
const watching = () => until(() => api.watchCount(PATH) === 1)
const warnings = () => log.lines.filter(({ level }) => level === 'warn')

test('is read, and followed; unchanged facts stay the same object', async () => {
  put('clusterDomain: a.example')
  const { discovered, settled } = start()
  await settled
  expect(discovered()).toEqual({ clusterDomain: 'a.example' })
  const before = discovered()
  await watching()
  put('clusterDomain: a.example\nlinkerdVersion: edge-26.8.3')
  await until(() => discovered().linkerdVersion === 'edge-26.8.3')
  const after = discovered()
  expect(after).not.toBe(before)
  // The same facts beside something that is told about, so that it is known when this has been read.
  const values = 'clusterDomain: a.example\nlinkerdVersion: edge-26.8.3\nother: 1'
  api.put(PATH, { metadata: { name: 'linkerd-config' }, data: { values, global: 'nonsense' } })
  await until(() => warnings().length === 1)
  expect(discovered()).toBe(after)
  put('clusterDomain: b.example')
  await until(() => discovered() !== after)
  expect(discovered()).toEqual({ clusterDomain: 'b.example' })
})

test('is watched by name, in Linkerd’s namespace', async () => {
  start()
  await watching()
  expect(api.requests.map(({ path, query }) => [path, query['fieldSelector']])).toEqual([
    [PATH, 'metadata.name=linkerd-config'],
    [PATH, 'metadata.name=linkerd-config'],
  ])
})

test('absent: settled at once, said in the log, and taken when it comes', async () => {
  const { discovered, settled } = start()
  await settled
  expect(discovered()).toEqual({})
  expect(log.lines.map(({ message }) => message)).toEqual(['linkerd-config is absent: flags and defaults hold'])
  await watching()
  put('clusterDomain: a.example')
  await until(() => discovered().clusterDomain === 'a.example')
})

test('deleted: flags and defaults hold again', async () => {
  put('clusterDomain: a.example')
  const { discovered, settled } = start()
  await settled
  await watching()
  api.remove(PATH, 'linkerd-config')
  await until(() => discovered().clusterDomain === undefined)
})

test('forbidden: settled at once, and said once, however often it is tried', async () => {
  api.intercepts.push((_, response) => refuse(response, 403, 'no'))
  const startedAt = Date.now()
  await start({ discoveryMs: 60_000 }).settled
  expect(Date.now() - startedAt).toBeLessThan(5_000)
  await until(() => api.requests.length >= 6)
  expect(warnings().map(({ because }) => because)).toEqual([
    'cannot list configmaps "linkerd-config" in namespace "linkerd": HTTP 403: the right to list configmaps "linkerd-config" in namespace "linkerd" is missing (no)',
  ])
})

test('an API server that never answers does not hold readiness up for long', async () => {
  api.intercepts.push(() => true)
  const startedAt = Date.now()
  await start().settled
  expect(Date.now() - startedAt).toBeLessThan(2_000)
})

test('what cannot be used is ignored, with a line that says so', async () => {
  put('clusterDomain: a.example\nlinkerdVersion: install-control-plane-version')
  const { discovered, settled } = start()
  await settled
  expect(discovered()).toEqual({ clusterDomain: 'a.example' })
  expect(warnings().map(({ ignored }) => ignored)).toEqual([
    'linkerdVersion "install-control-plane-version" is not usable',
  ])
})
