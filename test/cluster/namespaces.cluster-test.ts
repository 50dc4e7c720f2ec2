// The Namespace cache against a real API server, through its restarts and its forgetting.
import { Agent, request } from 'node:https'
import { type AddressInfo, connect as connectTcp, createServer, type Socket } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { KubeConfig } from '@kubernetes/client-node'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { injectorRoles } from '../../src/install/injector-roles.ts'
import { type ClusterConnection, connectCluster } from '../../src/kubernetes/connect-cluster.ts'
import { findCluster } from '../../src/kubernetes/find-cluster.ts'
import { recordingLog, recordingMetrics } from '../kubernetes/watching.ts'
import { waitUntil } from './control-plane/wait-until.ts'
import { fillNamespaces } from './fill-namespaces.ts'
import { type Cluster, startCluster } from './start-cluster.ts'

const INJECT = 'tracing.linkerd.io/inject'

let cluster: Cluster
const connections: ClusterConnection[] = []

beforeAll(async () => {
  cluster = await startCluster({ controllerManager: false })
})
afterEach(() => {
  for (const connection of connections.splice(0)) connection.stop()
})
afterAll(() => cluster?.stop())

interface Watched extends ClusterConnection {
  readonly log: ReturnType<typeof recordingLog>
  readonly metrics: ReturnType<typeof recordingMetrics>
}

function connect(config: KubeConfig = findCluster({ kubeconfig: cluster.kubeconfig, env: {} })): Watched {
  const log = recordingLog()
  const metrics = recordingMetrics()
  const names = { linkerdNamespace: 'linkerd', collectorNamespace: 'linkerd-tracing' }
  // Pauses as they are in use, but for the longest: a test should not wait half a minute for it.
  const connection = connectCluster({ config, ...names, log, metrics, timing: { maxBackoffMs: 2_000 } })
  connections.push(connection)
  return { ...connection, log, metrics }
}

/** What the watch has shown: `absent` when it has not, else the label's value. */
function shown({ readNamespace }: ClusterConnection, name: string): string | undefined {
  const found = readNamespace(name)
  if (found === undefined || found instanceof Promise || !('labels' in found)) return 'absent'
  return found.labels[INJECT]
}

const become = (connection: Watched, name: string, wanted: string | undefined) => {
  const context = () => JSON.stringify({ shown: shown(connection, name), log: connection.log.lines.slice(-5) })
  return waitUntil(
    { what: `${name} to be ${wanted}`, limitMs: 30_000, context },
    () => shown(connection, name) === wanted,
  )
}
const createNamespace = (name: string) => cluster.kubectl('create', 'namespace', name)
const label = (name: string, value: string) =>
  cluster.kubectl('label', '--overwrite', 'namespace', name, `${INJECT}=${value}`)

test('Namespaces come, change and go as kubectl says', async () => {
  const connection = connect()
  await connection.ready
  expect(shown(connection, 'default')).toBeUndefined()
  await createNamespace('web')
  await become(connection, 'web', undefined)
  await label('web', 'enabled')
  await become(connection, 'web', 'enabled')
  await cluster.kubectl('annotate', 'namespace', 'web', 'resource.opentelemetry.io/team=a', 'other=b')
  await waitUntil({ what: 'the annotation', limitMs: 10_000 }, () => {
    const found = connection.readNamespace('web')
    return found !== undefined && 'annotations' in found && Object.keys(found.annotations).length === 1
  })
  await removeNamespace('web')
  await become(connection, 'web', 'absent')
})

test('a Namespace is read for its Pod in the same second, before the watch shows it', async () => {
  const connection = connect()
  await connection.ready
  let read = 0
  for (let index = 0; index < 20; index += 1) {
    const name = `instant-${index}`
    const namespace = { metadata: { name, labels: { [INJECT]: 'enabled' } } }
    await post('/api/v1/namespaces', namespace)
    const found = await connection.readNamespace(name)
    expect(found).toEqual({ labels: { [INJECT]: 'enabled' }, annotations: {} })
    read += 1
  }
  expect(read).toBe(20)
  expect(connection.metrics.gets.every((result) => result === 'found')).toBe(true)
})

test('one that is absent is unknown, and at once', async () => {
  const connection = connect()
  await connection.ready
  const startedAt = performance.now()
  expect(await connection.readNamespace('never-made')).toEqual({
    unknownBecause: 'Namespace "never-made" is not known to the API server',
  })
  expect(performance.now() - startedAt).toBeLessThan(400)
})

test('an API server that is killed and started again: what is known stays, what happened meanwhile comes', async () => {
  const connection = connect()
  await connection.ready
  await createNamespace('before')
  await become(connection, 'before', undefined)
  await cluster.apiServer.kill()
  await waitUntil({ what: 'the watch to notice', limitMs: 10_000 }, () => connection.metrics.restarts.length > 0)
  expect(shown(connection, 'before')).toBeUndefined()
  const startedAt = performance.now()
  const unknown = await connection.readNamespace('during')
  expect(unknown).toMatchObject({ unknownBecause: expect.stringContaining('could not be read') })
  expect(performance.now() - startedAt).toBeLessThan(700)
  await cluster.apiServer.start()
  await createNamespace('after')
  await become(connection, 'after', undefined)
  await label('before', 'enabled')
  await become(connection, 'before', 'enabled')
})

test('an API server that ends as for an update is watched on, too', async () => {
  const connection = connect()
  await connection.ready
  await cluster.apiServer.stop()
  await cluster.apiServer.start()
  await createNamespace('updated')
  await become(connection, 'updated', undefined)
})

test('410 Gone: versions compacted while nobody watched have the list taken anew, and deleted ones go', async () => {
  await createNamespace('gone')
  await createNamespace('stays')
  // Through a gate that can be shut, so that the watch breaks while the API server lives on.
  const gate = await openGate(Number(new URL(cluster.server).port))
  const connection = connect(throughGate(gate.port))
  try {
    await connection.ready
    await become(connection, 'gone', undefined)
    gate.shut()
    await removeNamespace('gone')
    await label('stays', 'enabled')
    await compact()
    // The API server's own cache of events remembers further back than etcd: a restart empties it.
    await cluster.apiServer.kill()
    await cluster.apiServer.start()
    expect(shown(connection, 'gone')).toBeUndefined()
    gate.open()
    await become(connection, 'gone', 'absent')
    await become(connection, 'stays', 'enabled')
    expect(connection.metrics.restarts).toContain('expired')
  } finally {
    await gate.close()
  }
})

describe('with the shipped roles', () => {
  const layout = {
    namespace: 'linkerd-tracing',
    linkerdNamespace: 'linkerd',
    allNamespaces: false,
    controlPlane: true,
    certs: 'self-managed' as const,
  }
  let kubeconfig: string

  beforeAll(async () => {
    for (const name of ['linkerd', 'linkerd-tracing']) await createNamespace(name)
    const values = 'clusterDomain: cluster.example\nidentityTrustDomain: mesh.example\nlinkerdVersion: edge-26.8.3\n'
    await cluster.kubectl('create', 'configmap', 'linkerd-config', '-n', 'linkerd', `--from-literal=values=${values}`)
    const items = injectorRoles(layout)
    await cluster.kubectlWith(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }), 'apply', '-f', '-')
    kubeconfig = await cluster.serviceAccountKubeconfig('linkerd-tracing', 'linkerd-tracing-injector')
  })

  test('all works: Namespaces, a GET, linkerd-config', async () => {
    const connection = connect(findCluster({ kubeconfig, env: {} }))
    await connection.ready
    expect(connection.discovered()).toEqual({
      clusterDomain: 'cluster.example',
      trustDomain: 'mesh.example',
      linkerdVersion: 'edge-26.8.3',
    })
    expect(shown(connection, 'default')).toBeUndefined()
    expect(await connection.readNamespace('never-made')).toMatchObject({ unknownBecause: expect.any(String) })
    await cluster.kubectl(
      ...['patch', 'configmap', 'linkerd-config', '-n', 'linkerd', '--type=merge'],
      ...['-p', JSON.stringify({ data: { values: 'clusterDomain: other.example' } })],
    )
    await waitUntil({ what: 'the new domain', limitMs: 10_000 }, () => {
      return connection.discovered().clusterDomain === 'other.example'
    })
    expect(connection.log.lines.filter(({ level }) => level === 'warn')).toEqual([])
  })

  test('a right that is taken away is named, readiness included; given back, all goes on without a restart', async () => {
    const { stdout } = await cluster.kubectl('get', 'clusterrolebinding', 'linkerd-tracing-injector', '-o', 'json')
    await cluster.kubectl('delete', 'clusterrolebinding', 'linkerd-tracing-injector')
    await waitUntil({ what: 'the right to be gone', limitMs: 10_000 }, async () => {
      const account = 'system:serviceaccount:linkerd-tracing:linkerd-tracing-injector'
      return !(await cluster.isAllowed('list', 'namespaces', '--as', account))
    })
    const connection = connect(findCluster({ kubeconfig, env: {} }))
    await waitUntil({ what: 'a refusal', limitMs: 10_000 }, () => connection.metrics.restarts.includes('forbidden'))
    const refusal = connection.log.lines.find(({ cause }) => cause === 'forbidden')
    expect(refusal?.['because']).toMatch(
      /^cannot list namespaces: HTTP 403: the right to list namespaces is missing \(namespaces is forbidden: User "system:serviceaccount:/,
    )
    expect(await connection.readNamespace('default')).toEqual({
      unknownBecause: 'Namespace "default" could not be read: the right to get it is missing',
    })
    const { metadata, ...binding } = JSON.parse(stdout)
    const again = { ...binding, metadata: { name: metadata.name } }
    await cluster.kubectlWith(JSON.stringify(again), 'create', '-f', '-')
    await connection.ready
    expect(shown(connection, 'default')).toBeUndefined()
  })
})

test('5,000 Namespaces: first sync within 10 s, kept in few MB (npm run bench:namespaces: 100,000)', async () => {
  const config = findCluster({ kubeconfig: cluster.kubeconfig, env: {} })
  const labels = (team: string) => ({ [INJECT]: 'enabled', team })
  await fillNamespaces(cluster, { count: 5_000, prefix: 'many', labels })
  setFlagsFromString('--expose-gc')
  const collectGarbage = runInNewContext('gc') as () => void
  collectGarbage()
  const before = process.memoryUsage().heapUsed
  const startedAt = performance.now()
  const connection = connect(config)
  await connection.ready
  const seconds = (performance.now() - startedAt) / 1000
  collectGarbage()
  const megabytes = (process.memoryUsage().heapUsed - before) / 1e6
  console.info(`5,000 Namespaces: ${seconds.toFixed(2)} s, ${megabytes.toFixed(1)} MB`)
  expect(connection.metrics.seen.namespaces).toBeGreaterThanOrEqual(5_000)
  expect(shown(connection, 'many-4999')).toBe('enabled')
  expect(seconds).toBeLessThan(10)
  expect(megabytes).toBeLessThan(20)
}, 300_000)

/** Creates an object as admin; kubectl would take a second for each. */
async function post(path: string, object: object): Promise<void> {
  const options = { method: 'POST', agent, headers: { 'content-type': 'application/json' } }
  await cluster.clientConfig().applyToHTTPSOptions(options)
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const sent = request(`${cluster.server}${path}`, { ...options, agent }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode))
    })
    sent.once('error', reject)
    sent.end(JSON.stringify(object))
  })
  if (status !== 201) throw new Error(`POST ${path}: ${status}`)
}

const agent = new Agent({ keepAlive: true, maxSockets: 20 })
afterAll(() => agent.destroy())

/** As the controller manager does: a Namespace goes when its finalizer has. */
async function removeNamespace(name: string): Promise<void> {
  await cluster.kubectl('delete', 'namespace', name, '--wait=false')
  const namespace = JSON.stringify({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name },
    spec: { finalizers: [] },
  })
  await cluster.kubectlWith(namespace, 'replace', '--raw', `/api/v1/namespaces/${name}/finalize`, '-f', '-')
}

/** Has etcd forget all versions but the last. */
async function compact(): Promise<void> {
  const ask = async (path: string, body: object) => {
    const url = `http://127.0.0.1:${cluster.ports.etcd}/v3/kv/${path}`
    const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) })
    if (!response.ok) throw new Error(`etcd ${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as { header: { revision: string } }
  }
  const { header } = await ask('range', { key: Buffer.from('x').toString('base64') })
  await ask('compaction', { revision: header.revision, physical: true })
}

function throughGate(port: number): KubeConfig {
  const config = findCluster({ kubeconfig: cluster.kubeconfig, env: {} })
  const current = config.getCurrentCluster()
  if (current === null) throw new Error('no cluster')
  config.clusters = [{ ...current, server: `https://127.0.0.1:${port}` }]
  return config
}

/** A way to the API server that can be shut. */
async function openGate(target: number) {
  const sockets = new Set<Socket>()
  let isShut = false
  const server = createServer((from) => {
    if (isShut) {
      from.destroy()
      return
    }
    const to = connectTcp(target, '127.0.0.1')
    for (const [one, other] of [
      [from, to],
      [to, from],
    ] as const) {
      sockets.add(one)
      one.on('error', () => {}).on('close', () => other.destroy())
      one.pipe(other)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const cut = () => {
    for (const socket of sockets) socket.destroy()
    sockets.clear()
  }
  return {
    port: (server.address() as AddressInfo).port,
    shut: () => {
      isShut = true
      cut()
    },
    open: () => {
      isShut = false
    },
    close: async () => {
      cut()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
