// `status --heal` beside a scripted API server: what it asks, what it refuses, where it stops.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Raw } from '../../injection/samples.ts'
import { answer, refuse } from '../../kubernetes/scripted-api.ts'
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
  cluster.putNamespace('shop')
  // Pods by the selector of their workload.
  cluster.api.intercepts.unshift(({ method, path, query }, response) => {
    const [, name] = /^app=(.+)$/.exec(query['labelSelector'] ?? '') ?? []
    if (method !== 'GET' || !path.endsWith('/pods') || name === undefined) return false
    const pod = cluster.api.get('/api/v1/namespaces/shop/pods', `${name}-1-a`)
    return answer(response, { metadata: { resourceVersion: '1' }, items: pod === undefined ? [] : [pod] } as Raw)
  })
})
afterEach(() => cluster.stop())

const DONE = { observedGeneration: 1, updatedReplicas: 2, replicas: 2, availableReplicas: 2 }
const ownerOf = (name: string) => ({ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${name}-1` })

/** A Deployment with a Pod that was missed. */
function deploy(name: string, spec: object = {}): void {
  const metadata = { name, namespace: 'shop', generation: 1 }
  const selector = { matchLabels: { app: name } }
  cluster.put(DEPLOYMENTS, { metadata, spec: { replicas: 2, selector, ...spec }, status: DONE })
  const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name, controller: true }
  cluster.put(REPLICA_SETS, { metadata: { name: `${name}-1`, namespace: 'shop', ownerReferences: [owner] } })
  cluster.put(PODS, runningPod(`${name}-1-a`, { owner: ownerOf(name) }))
}

/** From now on a restart gives a Deployment a Pod that is traced; dry runs change nothing. */
function replacePods(): { fails: string } {
  const restarts = { fails: '' }
  cluster.api.intercepts.unshift(({ method, path, query }, response) => {
    const name = /deployments\/(.+)$/.exec(path)?.[1]
    if (method !== 'PATCH' || name === undefined) return false
    if (query['dryRun'] === 'All') return answer(response, cluster.api.get(DEPLOYED, name) as Raw)
    if (name === restarts.fails) {
      const condition = { type: 'Progressing', reason: 'ProgressDeadlineExceeded', message: 'no image' }
      cluster.put(DEPLOYMENTS, {
        ...(cluster.api.get(DEPLOYED, name) as Raw),
        status: { ...DONE, conditions: [condition] },
      })
      return false
    }
    cluster.put(PODS, runningPod(`${name}-1-a`, { owner: ownerOf(name), traced: true }))
    return false
  })
  return restarts
}

const DEPLOYED = '/apis/apps/v1/namespaces/shop/deployments'
const restarted = () =>
  cluster.api.requests
    .filter(({ method, query }) => method === 'PATCH' && query['dryRun'] === undefined)
    .map(({ path }) => path.split('/').at(-1))

async function heal(...words: string[]) {
  return cluster.run('status', '--heal', ...words)
}

async function healTyping(typed: string) {
  const run = runInProcess(['status', '--heal', '--kubeconfig', cluster.kubeconfig], {}, { typed })
  return { code: await run.returned, stdout: run.stdout(), stderr: run.stderr() }
}

const PLAN = `To be restarted one at a time, in this order:

NAMESPACE   WORKLOAD         NOT TRACED   AWAY AT A TIME   NOW
shop        deployment/api   1            0 of 2           can be restarted
shop        deployment/web   1            0 of 2           can be restarted
`

describe('the question', () => {
  beforeEach(() => {
    for (const name of ['web', 'api']) deploy(name)
    replacePods()
  })

  test('yes: the plan is done, exit code 0', async () => {
    const { code, stdout, stderr } = await healTyping('y\n')
    expect(code).toBe(0)
    expect(stdout).toBe(
      `${PLAN}${['api', 'web'].map((name) => `deployment/${name} in shop restarted, and traced (0 s)\n`).join('')}`,
    )
    expect(stderr).toContain('Restart these 2 workloads, one at a time? [y/N] ')
    expect(restarted()).toEqual(['api', 'web'])
  })

  test('no: nothing is changed, exit code 2', async () => {
    const { code, stdout } = await healTyping('n\n')
    expect({ code, stdout, restarted: restarted() }).toEqual({ code: 2, stdout: PLAN, restarted: [] })
  })

  test('where nobody can be asked it is refused', async () => {
    const { code, stderr } = await heal()
    expect({ code, stderr, restarted: restarted() }).toEqual({
      code: 1,
      stderr:
        'error: Restart these 2 workloads, one at a time? Nobody can be asked here: --yes says so, --dry-run only shows it; nothing was changed\n',
      restarted: [],
    })
  })

  test('a dry run asks nobody, has each restart judged, and changes nothing; exit code 2', async () => {
    const { code, stdout, stderr } = await heal('--dry-run')
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: PLAN.replace('To be', 'Would be'),
      stderr: '',
    })
    expect(restarted()).toEqual([])
    expect(cluster.changes()).toHaveLength(2)
  })

  test('-o json asks nobody either', async () => {
    expect((await heal('-o', 'json')).stderr).toBe(
      'error: -o json asks nobody: --yes restarts, --dry-run shows what would be\n',
    )
    const { code, stdout, stderr } = await heal('-o', 'json', '--yes')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const api = { namespace: 'shop', group: 'apps', kind: 'Deployment', name: 'api' }
    expect(JSON.parse(stdout)).toMatchObject({ dryRun: false, failed: null, left: [], healed: [api, { name: 'web' }] })
  })
})

describe('where it stops', () => {
  test('a rollout that fails: what is left, and how to go on', async () => {
    for (const name of ['a', 'b', 'c']) deploy(name)
    const restarts = replacePods()
    restarts.fails = 'b'
    const { code, stdout, stderr } = await heal('--yes')
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr:
        'error: deployment/b in shop: no image; nothing else is restarted; once that is put right, the same command goes on with what is left\n',
    })
    expect(stdout).toMatch(/\n\nNot restarted:\n {2}deployment\/c in shop: a restart before it did not end well\n$/)
    expect(restarted()).toEqual(['a', 'b'])
    restarts.fails = ''
    cluster.put(DEPLOYMENTS, { ...(cluster.api.get(DEPLOYED, 'b') as Raw), status: DONE })
    expect((await heal('--yes')).code).toBe(0)
    expect(restarted()).toEqual(['a', 'b', 'b', 'c'])
  })

  test('Pods that are made anew and still not traced', async () => {
    for (const name of ['a', 'b']) deploy(name)
    const { code, stderr } = await heal('--yes')
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /^error: deployment\/a in shop: it was restarted, and 1 of its 1 Pods are still not traced: linkerd-tracing explain deployment\/a -n shop; /,
    )
    expect(restarted()).not.toContain('b')
  })

  test('a restart that the API server refuses in the middle of it: what is left is said all the same', async () => {
    for (const name of ['a', 'b', 'c']) deploy(name)
    replacePods()
    cluster.api.intercepts.unshift(({ method, path, query }, response) =>
      method === 'PATCH' && path.endsWith('/b') && query['dryRun'] === undefined
        ? refuse(response, 409, 'changed meanwhile')
        : false,
    )
    const { code, stdout, stderr } = await heal('--yes')
    expect(code).toBe(1)
    expect(stderr).toMatch(/^error: deployment\/b in shop: cannot patch deployments "b" .*HTTP 409/)
    expect(stdout).toContain('deployment/c in shop: a restart before it did not end well')
  })

  test('an injector that is still away: nothing is restarted', async () => {
    deploy('a')
    cluster.decides.traced = false
    const { code, stdout, stderr } = await heal('--yes', '--timeout', '0s')
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'error: new Pods of Namespace shop would not be traced: the injector does not answer; linkerd-tracing check tells why; nothing was restarted\n',
    })
  })
})

describe('what is left alone', () => {
  test('what the API server refuses, and what nobody knows of; what waits for a restart is no concern of healing', async () => {
    deploy('a')
    cluster.putNamespace('odd', { managedFields: [] })
    cluster.put(PODS, { ...runningPod('doubtful'), metadata: { ...runningPod('doubtful').metadata, namespace: 'odd' } })
    const old = runningPod('old')
    cluster.put(PODS, { ...old, metadata: { ...old.metadata, creationTimestamp: '2026-01-15T00:00:00Z' } })
    cluster.api.intercepts.unshift(({ method }, response) =>
      method === 'PATCH' ? refuse(response, 403, 'forbidden') : false,
    )
    const { code, stdout } = await heal('--yes')
    expect({ code, stdout }).toEqual({
      code: 2,
      stdout: `No workload is to be restarted.

Not restarted:
  deployment/a in shop: cannot patch deployments "a" in namespace "shop": HTTP 403: the right to patch deployments "a" in namespace "shop" is missing (forbidden)
    kubectl rollout restart -n shop deployment/a
  pod/doubtful in odd: it should be traced; when its Namespace was opted in is not known exactly enough to say why it is not (--untraced restarts it all the same)
`,
    })
  })

  test('with --untraced what nobody knows of is restarted too', async () => {
    cluster.putNamespace('shop', { managedFields: [] })
    deploy('a')
    replacePods()
    expect((await heal('--yes')).stdout).toMatch(
      /^No workload is to be restarted\.\n\nNot restarted:\n {2}deployment\/a in shop: /,
    )
    const { code, stdout } = await heal('--yes', '--untraced')
    expect(code).toBe(0)
    expect(stdout).toMatch(/deployment\/a in shop restarted, and traced \(0 s\)\n$/)
  })

  test('a Namespace whose new Pods would not be traced; those of others are restarted', async () => {
    deploy('a')
    replacePods()
    cluster.putNamespace('full')
    const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'b' }
    const pod = runningPod('b', { owner })
    cluster.put(PODS, { ...pod, metadata: { ...pod.metadata, namespace: 'full' } })
    const selector = { matchLabels: { app: 'b' } }
    cluster.put(DEPLOYMENTS, {
      metadata: { name: 'b', namespace: 'full', generation: 1 },
      spec: { replicas: 2, selector },
      status: DONE,
    })
    cluster.api.intercepts.unshift(({ method, path, query }, response) => {
      if (method === 'GET' && query['labelSelector'] === 'app=b')
        return answer(response, { metadata: { resourceVersion: '1' }, items: [pod] } as Raw)
      return method === 'POST' && path.endsWith('/namespaces/full/pods')
        ? refuse(response, 403, 'exceeded quota')
        : false
    })
    const { code, stdout } = await heal('--yes')
    expect(code).toBe(2)
    expect(stdout).toMatch(
      /\n {2}deployment\/b in full: cannot create pods in namespace "full": HTTP 403.*exceeded quota/,
    )
    expect(restarted()).toEqual(['a'])
  })

  test('nothing at all where nothing was missed: exit code 0', async () => {
    cluster.put(PODS, runningPod('a', { traced: true }))
    expect(await heal('--yes')).toEqual({ code: 0, stdout: 'No workload is to be restarted.\n', stderr: '' })
  })
})

describe('what is not known is in the way', () => {
  test.each(['poddisruptionbudgets', 'horizontalpodautoscalers', 'mutatingwebhookconfigurations'])(
    'without the right to read %s nothing is restarted',
    async (plural) => {
      deploy('a')
      cluster.api.intercepts.unshift(({ path }, response) =>
        path.includes(`/${plural}`) ? refuse(response, 403, 'forbidden') : false,
      )
      const { code, stderr } = await heal('--yes')
      expect(code).toBe(1)
      expect(stderr).toMatch(new RegExp(`^error: .*the right to \\w+ ${plural} .*is missing`))
      expect(cluster.changes()).toEqual([])
    },
  )
})

test.each([
  [['--dry-run'], '--dry-run'],
  [['--yes'], '--yes'],
  [['--timeout', '5m'], '--timeout'],
  [['--untraced'], '--untraced'],
])('%j without --heal is refused', async (words, flag) => {
  const { code, stderr } = await cluster.run('status', ...words)
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: `error: ${flag} goes with --heal only: status itself changes nothing\n`,
  })
})

test('a timeout that is none is refused before anything is asked', async () => {
  expect((await heal('--timeout', 'soon')).stderr).toBe('error: --timeout soon is no duration such as 10m, 90s or 0s\n')
  expect(cluster.api.requests).toEqual([])
})

test('-n is a Namespace behind the command, and may be given again', async () => {
  cluster.putNamespace('books')
  await cluster.run('status', 'shop', '-n', 'books', '-n', 'shop')
  const asked = cluster.api.requests.filter(({ path }) => path.endsWith('/pods')).map(({ path }) => path)
  expect(asked).toEqual(['/api/v1/namespaces/shop/pods', '/api/v1/namespaces/books/pods'])
})
