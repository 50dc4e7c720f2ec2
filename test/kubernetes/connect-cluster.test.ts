import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ClusterConnection, connectCluster } from '../../src/kubernetes/connect-cluster.ts'
import { ScriptedApi } from './scripted-api.ts'
import { FAST, recordingLog, recordingMetrics, until } from './watching.ts'

const NAMESPACES = '/api/v1/namespaces'
const CONFIGMAPS = '/api/v1/namespaces/linkerd/configmaps'
const CONFIGURATIONS = '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations'

let api: ScriptedApi
let connection: ClusterConnection | undefined
beforeEach(async () => {
  api = new ScriptedApi()
  await api.start()
})
afterEach(async () => {
  connection?.stop()
  await api.stop()
})

function connect(collectorNamespace: string): ClusterConnection {
  const common = { config: api.config(), linkerdNamespace: 'linkerd', timing: FAST }
  connection = connectCluster({ ...common, collectorNamespace, log: recordingLog(), metrics: recordingMetrics() })
  return connection
}
const isReady = (promise: Promise<void>) => Promise.race([promise.then(() => true), Promise.resolve(false)])

test('is ready when the Namespaces are known and linkerd-config has been asked for', async () => {
  api.put(NAMESPACES, { metadata: { name: 'web' } })
  api.put(CONFIGMAPS, { metadata: { name: 'linkerd-config' }, data: { values: 'clusterDomain: a.example' } })
  const held = new Map<string, () => void>()
  api.intercepts.push(({ path, query }, response) => {
    if (query['watch'] !== undefined || held.has(path)) return false
    held.set(path, () => response.writeHead(503).end())
    return true
  })
  const { ready, discovered, readNamespace } = connect('linkerd-tracing')
  await until(() => held.size === 2)
  held.get(NAMESPACES)?.()
  await until(() => api.watchCount(NAMESPACES) === 1)
  expect(await isReady(ready)).toBe(false)
  held.get(CONFIGMAPS)?.()
  await ready
  expect(readNamespace('web')).toEqual({ labels: {}, annotations: {} })
  await until(() => discovered().clusterDomain === 'a.example')
})

test('webhook configurations are watched in the seed layout only', async () => {
  await connect('linkerd-tracing').ready
  await until(() => api.watchCount(CONFIGMAPS) === 1)
  expect(api.requests.filter(({ path }) => path === CONFIGURATIONS)).toEqual([])
  connection?.stop()
  await connect('linkerd').ready
  await until(() => api.watchCount(CONFIGURATIONS) === 2)
})

test('stopped, it closes all its connections', async () => {
  await connect('linkerd').ready
  await until(() => api.watchCount(CONFIGURATIONS) === 2 && api.watchCount(NAMESPACES) === 1)
  // Leaves a connection that is kept for the next GET.
  await connection?.readNamespace('other')
  connection?.stop()
  const startedAt = Date.now()
  await until(() => api.openConnections === 0)
  // Kept ones too, and not only when the other side tires of them after 5 s.
  expect(Date.now() - startedAt).toBeLessThan(2_000)
  const before = api.requests.length
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(api.requests.length).toBe(before)
})
