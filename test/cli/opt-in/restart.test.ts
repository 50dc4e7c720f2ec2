// `enable --restart` beside a scripted API server: rollouts that end, that fail, that cannot be.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Raw } from '../../injection/samples.ts'
import { answer, type SeenRequest } from '../../kubernetes/scripted-api.ts'
import { runInProcess } from '../cli-run.ts'
import {
  DEPLOYMENTS,
  PODS,
  REPLICA_SETS,
  runningPod,
  type ScriptedCluster,
  startScriptedCluster,
} from '../pod-coverage/scripted-cluster.ts'

let cluster: ScriptedCluster
beforeEach(async () => {
  cluster = await startScriptedCluster()
  cluster.putNamespace('shop', { annotations: { 'linkerd.io/inject': 'enabled' } })
})
afterEach(() => cluster.stop())

const DEPLOYED = '/apis/apps/v1/namespaces/shop/deployments'
const DONE = { observedGeneration: 1, updatedReplicas: 1, replicas: 1, availableReplicas: 1 }
const FAILED = {
  ...DONE,
  conditions: [{ type: 'Progressing', reason: 'ProgressDeadlineExceeded', message: 'no progress' }],
}

/** A Deployment with a Pod that is not traced. */
function deploy(name: string, { status = DONE, spec = {} }: { status?: object; spec?: object } = {}): void {
  const metadata = { name, namespace: 'shop', generation: 1 }
  cluster.put(DEPLOYMENTS, { metadata, spec: { replicas: 1, ...spec }, status })
  const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name, controller: true }
  cluster.put(REPLICA_SETS, { metadata: { name: `${name}-1`, namespace: 'shop', ownerReferences: [owner] } })
  cluster.put(
    PODS,
    runningPod(`${name}-1-a`, { owner: { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${name}-1` } }),
  )
}

/** From now on a restart of a Deployment gives it a Pod that is traced. */
function replacePods(): void {
  cluster.api.intercepts.unshift(({ method, path }) => {
    const name = /deployments\/(.+)$/.exec(path)?.[1]
    if (method !== 'PATCH' || name === undefined) return false
    const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${name}-1` }
    cluster.put(PODS, runningPod(`${name}-1-a`, { owner, traced: true }))
    return false
  })
}

const restarted = () => cluster.changes().map((change) => /deployments\/(\S+)/.exec(change)?.[1])

test('all are restarted, in the order of their names, by the annotation of kubectl', async () => {
  for (const name of ['b', 'a', 'c']) deploy(name)
  replacePods()
  const { code, stdout, stderr } = await cluster.run('enable', 'shop', '--restart')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toBe(
    `namespace/shop is as it should be\n${['a', 'b', 'c'].map((name) => `deployment/${name} in shop restarted (0 s)\n`).join('')}`,
  )
  expect(restarted()).toEqual(['a', 'b', 'c'])
  expect(cluster.changes()[0]).toMatch(
    /^\/apis\/apps\/v1\/namespaces\/shop\/deployments\/a \{"spec":\{"template":\{"metadata":\{"annotations":\{"kubectl\.kubernetes\.io\/restartedAt":"[^"]+"\}\}\}\}\}$/,
  )
})

describe('what stops', () => {
  test.each<[string, { status?: object; spec?: object }, RegExp]>([
    [
      'a rollout that failed',
      { status: FAILED },
      /^error: deployment\/b in shop: no progress; not restarted: deployment\/c in shop\n$/,
    ],
    [
      'a rollout that takes too long',
      { status: { ...DONE, availableReplicas: 0 } },
      /b in shop: it did not come up again in 0 s: 0 of 1 new/,
    ],
    [
      'a Deployment that is paused',
      { spec: { paused: true } },
      /b in shop: it is paused: kubectl rollout resume; not restarted: deployment\/c/,
    ],
  ])('%s', async (_, broken, told) => {
    deploy('a')
    deploy('b', broken)
    deploy('c')
    replacePods()
    const { code, stderr } = await cluster.run('enable', 'shop', '--restart', '--timeout', '0s')
    expect(code).toBe(1)
    expect(stderr).toMatch(told)
    expect(restarted()).not.toContain('c')
  })

  test('Pods that are made anew and still not traced: exit code 1', async () => {
    deploy('a')
    const { code, stderr } = await cluster.run('enable', 'shop', '--restart')
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'warning: deployment/a in shop still has Pods that are not traced: linkerd-tracing status tells why\n',
    })
  })
})

describe('Ctrl-C', () => {
  const start = () => runInProcess(['enable', 'shop', '--restart', '--kubeconfig', cluster.kubeconfig])

  test('during a rollout: that it goes on, what is not restarted, and how to go on', async () => {
    deploy('a')
    deploy('b', { status: { ...DONE, availableReplicas: 0 } })
    deploy('c')
    replacePods()
    const run = start()
    await vi.waitUntil(() => restarted().includes('b'), { timeout: 30_000 })
    run.signals.emit('SIGINT')
    expect(await run.exited).toBe(130)
    expect(run.stderr()).toBe(
      '\ninterrupted: deployment/b in shop is being restarted and goes on without us (kubectl rollout status -n shop deployment/b); not restarted: deployment/c in shop; the same command goes on with what is left\n',
    )
    // The process would be gone; here the command ends by this.
    cluster.put(DEPLOYMENTS, { ...(cluster.api.get(DEPLOYED, 'b') as Raw), status: FAILED })
    await run.returned
  })

  test('before the first: nothing is being restarted', async () => {
    for (const name of ['a', 'b']) deploy(name)
    replacePods()
    cluster.decides.traced = false
    const isProbe = ({ method, path }: SeenRequest) => method === 'POST' && path.endsWith('/namespaces/shop/pods')
    const run = start()
    await vi.waitUntil(() => cluster.api.requests.some(isProbe), { timeout: 30_000 })
    run.signals.emit('SIGTERM')
    expect(await run.exited).toBe(143)
    expect(run.stderr()).toBe(
      '\ninterrupted: nothing is being restarted; not restarted: deployment/a in shop, deployment/b in shop; the same command goes on with what is left\n',
    )
    cluster.decides.traced = true
    expect(await run.returned).toBe(0)
  })
})

test('nothing is restarted before a dry run comes back as the label says', async () => {
  deploy('a')
  replacePods()
  cluster.decides.traced = false
  let probes = 0
  cluster.api.intercepts.unshift(({ method, path, query }) => {
    if (method !== 'POST' || !path.endsWith('/namespaces/shop/pods')) return false
    expect(query['dryRun']).toBe('All')
    expect(restarted()).toEqual([])
    // One that has heard of it, one that has not: only three in a row count.
    cluster.decides.traced = [2, 4, 5, 6].includes(++probes)
    return false
  })
  expect((await cluster.run('enable', 'shop', '--restart')).code).toBe(0)
  expect(probes).toBe(6)
  expect(restarted()).toEqual(['a'])
})

test('disable restarts what is traced, once Pods no longer are', async () => {
  deploy('a')
  deploy('b')
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'b-1' }
  cluster.put(PODS, runningPod('b-1-a', { owner, traced: true }))
  cluster.decides.traced = false
  cluster.api.intercepts.unshift(({ method, path }) => {
    if (method === 'PATCH' && path.endsWith('/deployments/b')) cluster.put(PODS, runningPod('b-1-a', { owner }))
    return false
  })
  const { code, stdout } = await cluster.run('disable', 'shop', '--restart')
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout:
      'namespace/shop: label tracing.linkerd.io/inject=disabled set, it was "enabled"\ndeployment/b in shop restarted (0 s)\n',
  })
  expect(cluster.changes()[0]).toBe(
    '/api/v1/namespaces/shop {"metadata":{"labels":{"tracing.linkerd.io/inject":"disabled"}}}',
  )
})

test('a bare Pod is not restarted, and that is said', async () => {
  cluster.put(PODS, runningPod('alone'))
  const { code, stderr } = await cluster.run('enable', 'shop', '--restart')
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: 'warning: not restarted: pod/alone in shop: nothing makes it anew: delete it, and create it again\n',
  })
})

test('what a cluster calls a Pod steers no terminal', async () => {
  cluster.put(PODS, runningPod('alone\u009b2J'))
  const { stderr } = await cluster.run('enable', 'shop', '--restart')
  expect(stderr).toMatch(/^warning: not restarted: pod\/alone\\u009b2J in shop: nothing makes it anew/)
})

test('a dry run asks for dry runs only', async () => {
  cluster.putNamespace('shop', { labels: {} })
  deploy('a')
  const asked: (string | undefined)[] = []
  cluster.api.intercepts.unshift(({ method, path, query }, response) => {
    if (method !== 'PATCH') return false
    asked.push(query['dryRun'])
    return answer(response, cluster.api.get('/api/v1/namespaces', path.split('/').at(-1) ?? '') as Raw)
  })
  const { code, stdout } = await cluster.run('enable', 'shop', '--restart', '--dry-run')
  expect(code).toBe(0)
  expect(stdout).toMatch(/set, it was absent \(dry run\)\ndeployment\/a in shop would be restarted \(dry run\)\n$/)
  expect(asked).toEqual(['All'])
})

test('a timeout that is none is refused before anything is asked', async () => {
  const { code, stderr } = await cluster.run('enable', 'shop', '--timeout', 'soon')
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: 'error: --timeout soon is no duration such as 10m, 90s or 0s\n',
  })
  expect(cluster.api.requests).toEqual([])
})

test('without a Namespace there is nothing to enable', async () => {
  expect((await cluster.run('enable')).stderr).toMatch(/^error: missing required argument 'namespace'/)
})
