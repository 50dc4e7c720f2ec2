// `migrate` beside a scripted API server: what it asks, what it does without being installed, and what it refuses.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Raw } from '../../injection/samples.ts'
import { answer, refuse, type SeenRequest } from '../../kubernetes/scripted-api.ts'
import { newFolder, runInProcess } from '../cli-run.ts'
import {
  DEPLOYMENTS,
  PODS,
  REPLICA_SETS,
  runningPod,
  type ScriptedCluster,
  startScriptedCluster,
} from '../pod-coverage/scripted-cluster.ts'
import { JAEGERS, TEMPO } from './found.ts'

const CONFIGURATIONS = '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations'
/** Somebody has given it another name. */
const WEBHOOK = {
  metadata: { name: 'our-jaeger', uid: 'u', labels: { 'linkerd.io/extension': 'jaeger' } },
  webhooks: [{ failurePolicy: 'Ignore', clientConfig: { service: { name: 'jaeger-injector', namespace: 'tracing' } } }],
}

let cluster: ScriptedCluster
let backup: string
let rights: (right: Raw) => boolean
beforeEach(async () => {
  cluster = await startScriptedCluster()
  backup = join(await newFolder(), 'backup.json')
  rights = () => true
  cluster.putNamespace('kube-system', { uid: 'this-cluster', labels: {} })
  cluster.putNamespace('shop')
  cluster.api.put(CONFIGURATIONS, WEBHOOK)
  // These are there, and nothing is in them.
  cluster.api.change('/apis/rbac.authorization.k8s.io/v1/namespaces/linkerd/rolebindings', () => {})
  cluster.api.change('/api/v1/namespaces/tracing/services', () => {})
  cluster.api.intercepts.unshift(({ method, path, body }, response) => {
    if (path.endsWith('/selfsubjectaccessreviews'))
      return answer(response, { status: { allowed: rights(JSON.parse(body).spec.resourceAttributes) } })
    if (method === 'POST' && path === CONFIGURATIONS) {
      cluster.api.put(path, JSON.parse(body))
      return answer(response, JSON.parse(body))
    }
    if (method !== 'DELETE') return false
    cluster.api.change(CONFIGURATIONS, (objects) => objects.delete(path.split('/').at(-1) ?? ''))
    return answer(response, { kind: 'Status' })
  })
})
afterEach(() => cluster.stop())

const migrate = (...words: string[]) => cluster.run('migrate', ...words)
const written = () =>
  cluster.api.requests
    .filter(({ method, path }) => method !== 'GET' && !path.endsWith('/selfsubjectaccessreviews'))
    .map(({ method, path }) => `${method} ${path.split('/').at(-1)}`)

async function type(typed: string, ...words: string[]) {
  const ran = runInProcess(['migrate', ...words, '--kubeconfig', cluster.kubeconfig], {}, { typed })
  return { code: await ran.returned, stdout: ran.stdout(), stderr: ran.stderr() }
}

/** Nothing of linkerd-tracing is there. */
function uninstall(): void {
  cluster.api.change(CONFIGURATIONS, (objects) => objects.clear())
  for (const plural of ['clusterroles', 'clusterrolebindings'])
    cluster.api.change(`/apis/rbac.authorization.k8s.io/v1/${plural}`, (objects) => objects.clear())
  cluster.api.put(CONFIGURATIONS, WEBHOOK)
}

describe('on a terminal', () => {
  test('the plan is shown, then it is asked; a no changes nothing', async () => {
    const { code, stdout, stderr } = await type('n\n', '--apply', '--backup', backup)
    expect({ code, stderr }).toEqual({ code: 2, stderr: 'Do 1 step of these? [y/N] ' })
    expect(stdout).toMatch(
      /Steps:\n {2}1 {3}--apply {3}delete MutatingWebhookConfiguration our-jaeger\nnothing was changed\n$/,
    )
    expect(written()).toEqual([])
    await expect(readFile(backup)).rejects.toThrow('ENOENT')
  })

  test('a yes does it, says where it is kept, and what is left', async () => {
    const { code, stdout } = await type('y\n', '--apply', '--backup', backup)
    expect(code).toBe(0)
    expect(written()).toEqual(['DELETE our-jaeger'])
    expect(stdout).toContain(`what is changed is kept in ${backup}: linkerd-tracing migrate --restore ${backup}\n`)
    expect(stdout).toContain(
      'done: delete MutatingWebhookConfiguration our-jaeger\n\nWhat is left:\n\nnothing of another way',
    )
  })
})

describe('Ctrl-C', () => {
  const DEPLOYED = '/apis/apps/v1/namespaces/shop/deployments'
  const start = (...words: string[]) => runInProcess(['migrate', ...words, '--yes', '--kubeconfig', cluster.kubeconfig])

  test('during --apply: the rollout that goes on, what is done and what not, how to go on and how back', async () => {
    const status = { observedGeneration: 1, updatedReplicas: 1, replicas: 1, availableReplicas: 0 }
    const metadata = { name: 'web', namespace: 'shop', generation: 1 }
    cluster.put(DEPLOYMENTS, { metadata, spec: { replicas: 1 }, status })
    const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', controller: true }
    cluster.put(REPLICA_SETS, { metadata: { name: 'web-1', namespace: 'shop', ownerReferences: [owner] } })
    const pod = runningPod('web-1-a', { owner: { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-1' } })
    pod.spec.containers[1].env.push({ name: 'LINKERD2_PROXY_TRACE_COLLECTOR_SVC_ADDR', value: JAEGERS })
    cluster.put(PODS, pod)
    const run = start('--apply', '--restart', '--backup', backup)
    await vi.waitUntil(() => written().includes('PATCH web'), { timeout: 30_000 })
    run.signals.emit('SIGINT')
    expect(await run.exited).toBe(130)
    expect(run.stderr()).toBe(
      `\ninterrupted: deployment/web in shop is being restarted and goes on without us (kubectl rollout status -n shop deployment/web); done before: delete MutatingWebhookConfiguration our-jaeger\nGo on with the same command and another --backup, or take it back: linkerd-tracing migrate --restore ${backup}\n`,
    )
    // The process would be gone; here the command ends by this.
    const now = { ...(cluster.api.get(DEPLOYED, 'web') as Raw), status: { ...status, availableReplicas: 1 } }
    cluster.put(DEPLOYMENTS, now)
    await run.returned
  })

  test('during --restore: that not all is as before', async () => {
    await migrate('--apply', '--yes', '--backup', backup)
    const { promise: released, resolve: release } = Promise.withResolvers<void>()
    const isMade = ({ method, path }: SeenRequest) => method === 'POST' && path === CONFIGURATIONS
    cluster.api.intercepts.unshift((request, response) => {
      if (!isMade(request)) return false
      void released.then(() => answer(response, JSON.parse(request.body)))
      return true
    })
    const run = start('--restore', backup)
    await vi.waitUntil(() => cluster.api.requests.some(isMade), { timeout: 30_000 })
    run.signals.emit('SIGTERM')
    expect(await run.exited).toBe(143)
    expect(run.stderr()).toBe(
      '\ninterrupted: what is not told above may not be as before; the same command goes on with what is left\n',
    )
    release()
    await run.returned
  })
})

describe('--restore', () => {
  beforeEach(async () => {
    await migrate('--apply', '--yes', '--backup', backup)
    cluster.api.requests.length = 0
  })

  test('asks too, then makes again what was deleted', async () => {
    expect((await type('n\n', '--restore', backup)).stderr).toBe(`Bring 1 object back as ${backup} has them? [y/N] `)
    expect(written()).toEqual([])
    const { code, stdout } = await migrate('--restore', backup, '--yes')
    expect({ code, written: written() }).toEqual({ code: 0, written: ['POST mutatingwebhookconfigurations'] })
    expect(stdout).toMatch(/^MutatingWebhookConfiguration our-jaeger is as before\n/)
    expect(cluster.api.get(CONFIGURATIONS, 'our-jaeger')).toMatchObject({ webhooks: WEBHOOK.webhooks })
  })

  test('takes the last change back first', async () => {
    const kept = JSON.parse(await readFile(backup, 'utf8'))
    const [change] = kept.changes
    const other = { ...change, object: { ...change.object, metadata: { name: 'last' } } }
    await writeFile(backup, JSON.stringify({ ...kept, changes: [change, other] }))
    const { stdout } = await migrate('--restore', backup, '--yes', '-o', 'json')
    expect(JSON.parse(stdout)).toEqual({
      restored: ['last', 'our-jaeger'].map((name) => ({
        object: `MutatingWebhookConfiguration ${name}`,
        outcome: 'restored',
      })),
    })
  })

  test('does not bring one cluster’s objects into another', async () => {
    const kept = await readFile(backup, 'utf8')
    await writeFile(backup, kept.replace('this-cluster', 'other-cluster'))
    expect(await migrate('--restore', backup, '--yes')).toMatchObject({
      code: 1,
      stderr: `error: --restore ${backup}: it is of another cluster; nothing was changed\n`,
    })
    expect(written()).toEqual([])
  })

  test('needs the right to make things', async () => {
    rights = ({ verb }) => verb !== 'create'
    expect((await migrate('--restore', backup, '--yes')).stderr).toBe(
      'error: these rights are missing: create mutatingwebhookconfigurations.admissionregistration.k8s.io; nothing was changed\n',
    )
  })
})

describe('where linkerd-tracing is not installed', () => {
  test('what nobody answers for goes, and what traces stays', async () => {
    uninstall()
    cluster.api.put('/api/v1/namespaces/tracing/services', { metadata: { name: 'jaeger-injector' } })
    const { code, stdout } = await migrate('--apply', '--yes', '--backup', backup)
    expect({ code, written: written() }).toEqual({ code: 2, written: [] })
    expect(stdout).toContain('  1   by hand   install linkerd-tracing\n')
    expect(stdout).toContain('no step is due: what is left is done by hand, or with more flags\n')
    cluster.api.change('/api/v1/namespaces/tracing/services', (objects) => objects.clear())
    expect((await migrate('--apply', '--yes', '--backup', backup)).code).toBe(0)
    expect(written()).toEqual(['DELETE our-jaeger'])
  })

  test('nothing is opted in, nor restarted', async () => {
    uninstall()
    cluster.putNamespace('books', { labels: {} })
    const pod = runningPod('web-1')
    pod.spec.containers[1].env.push({ name: 'LINKERD2_PROXY_TRACE_COLLECTOR_SVC_ADDR', value: JAEGERS })
    cluster.put(PODS, { ...pod, metadata: { ...pod.metadata, namespace: 'books' } })
    await migrate('--apply', '--restart', '--yes', '--backup', backup)
    expect(written()).toEqual(['DELETE our-jaeger'])
  })
})

test('where the installation cannot be read nothing is planned by its defaults', async () => {
  cluster.api.intercepts.unshift(
    ({ path }, response) => path.endsWith('/linkerd-config') && refuse(response, 403, 'no'),
  )
  const { code, stderr } = await migrate('--apply', '--yes', '--backup', backup)
  expect(code).toBe(1)
  expect(stderr).toMatch(/^error: the installation could not be read, .*: cannot get configmaps "linkerd-config"/)
  expect(written()).toEqual([])
})

test.each([
  [['destination', `-trace-collector=${TEMPO}`]],
  [['destination', `--trace-collector=${TEMPO}`]],
  [['destination', '-trace-collector', TEMPO]],
  [['destination', '--trace-collector', TEMPO]],
])('programs of the control plane are told to trace by %j', async (args) => {
  const template = { spec: { containers: [{ name: 'destination', args }] } }
  cluster.put(DEPLOYMENTS, { metadata: { name: 'linkerd-destination', namespace: 'linkerd' }, spec: { template } })
  const { findings } = JSON.parse((await migrate('-o', 'json')).stdout)
  expect(findings).toContain(
    `programs of the control plane are told to send spans: deployment/linkerd-destination to ${TEMPO}; linkerd-config does not say so`,
  )
})
