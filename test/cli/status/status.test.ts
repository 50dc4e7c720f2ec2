// `status` beside a scripted API server: pages, missing rights, what is left out, formats.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { parse } from 'yaml'
import { refuse } from '../../kubernetes/scripted-api.ts'
import { runInProcess } from '../cli-run.ts'
import {
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
})
afterEach(() => cluster.stop())

const replicaSet = (name: string) => ({ apiVersion: 'apps/v1', kind: 'ReplicaSet', name })
const putReplicaSet = (name: string, deployment: string) => {
  const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name: deployment, controller: true }
  cluster.put(REPLICA_SETS, { metadata: { name, namespace: 'shop', ownerReferences: [owner] } })
}

test('thousands of Pods come page by page, and are counted by what made them', async () => {
  putReplicaSet('web-1', 'web')
  for (let index = 0; index < 1_201; index++)
    cluster.put(PODS, runningPod(`web-1-${index}`, { traced: index !== 0, owner: replicaSet('web-1') }))
  const { code, stdout, stderr } = await cluster.run('status', '-o', 'json')
  expect({ code, stderr }).toEqual({ code: 2, stderr: '' })
  const { totals, namespaces } = JSON.parse(stdout)
  expect(totals).toMatchObject({ pods: { traced: 1_200, missed: 1 }, coveragePercent: 99 })
  const [{ workloads }] = namespaces
  expect(workloads).toHaveLength(1)
  expect(workloads[0]).toMatchObject({ group: 'apps', kind: 'Deployment', name: 'web' })
  const pages = cluster.api.requests.filter(({ path }) => path === '/api/v1/pods')
  expect(pages.map(({ query }) => query['limit'])).toEqual(['500', '500', '500'])
})

test('of ReplicaSets only the metadata is asked for', async () => {
  cluster.put(PODS, runningPod('web-1-a', { owner: replicaSet('web-1') }))
  await cluster.run('status')
  const asked = cluster.api.requests.filter(({ path }) => path === '/apis/apps/v1/replicasets')
  expect(asked.map(({ headers }) => headers.accept)).toEqual([expect.stringContaining('PartialObjectMetadataList')])
})

test('named Namespaces are asked for alone', async () => {
  cluster.put(PODS, runningPod('a', { traced: true }))
  const { code, stdout } = await cluster.run('status', 'shop', 'shop')
  expect(code).toBe(0)
  expect(stdout).toMatch(/^shop +pod\/a +1 +traced +spans go to linkerd-collector\.linkerd-tracing\.svc/m)
  const asked = cluster.api.requests.filter(({ path }) => path.endsWith('/pods')).map(({ path }) => path)
  expect(asked).toEqual(['/api/v1/namespaces/shop/pods'])
})

test('Pods that ended or are ending are left out', async () => {
  for (const phase of ['Succeeded', 'Failed']) cluster.put(PODS, { ...runningPod(phase), status: { phase } })
  const pod = runningPod('leaving')
  cluster.put(PODS, { ...pod, metadata: { ...pod.metadata, deletionTimestamp: '2026-03-02T00:00:00Z' } })
  const { code, stdout } = await cluster.run('status', '-o', 'yaml')
  expect(code).toBe(0)
  expect(parse(stdout).namespaces).toMatchObject([
    { name: 'shop', optedIn: true, workloads: [], coveragePercent: null },
  ])
})

test('without the right to list ReplicaSets Pods stay theirs, and a note says so', async () => {
  cluster.put(PODS, runningPod('web-1-a', { owner: replicaSet('web-1') }))
  cluster.api.intercepts.unshift(({ path }, response) =>
    path.endsWith('/replicasets') ? refuse(response, 403, 'forbidden') : false,
  )
  const { code, stdout, stderr } = await cluster.run('status')
  expect(code).toBe(2)
  expect(stderr).toBe(
    'note: what made each ReplicaSet is not known: cannot list replicasets: HTTP 403: the right to list replicasets is missing (forbidden)\n',
  )
  expect(stdout).toMatch(/replicaset\/web-1 +1 +missed/)
  expect(stdout).toContain('replicaset/web-1 in shop: delete its Pods, it makes others')
})

test('without the right to read the installation its defaults are assumed, and a note says so', async () => {
  cluster.put(PODS, runningPod('a', { traced: true }))
  cluster.api.intercepts.unshift(({ path }, response) =>
    path.includes('webhookconfigurations') ? refuse(response, 403, 'forbidden') : false,
  )
  const { code, stderr } = await cluster.run('status')
  expect(code).toBe(0)
  expect(stderr).toMatch(/^note: the installation could not be read, so its defaults are assumed: cannot get mutating/)
})

test('where nothing is installed that is said', async () => {
  cluster.api.change('/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations', (objects) =>
    objects.clear(),
  )
  const { code, stderr } = await cluster.run('status')
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: 'note: linkerd-tracing is not installed here: no Pod is traced by it (linkerd-tracing install)\n',
  })
})

test('without the right to list Pods nothing is said of them, exit code 1', async () => {
  cluster.api.intercepts.unshift(({ path }, response) =>
    path === '/api/v1/pods' ? refuse(response, 403, 'forbidden') : false,
  )
  expect(await cluster.run('status')).toEqual({
    code: 1,
    stdout: '',
    stderr: 'error: cannot list pods: HTTP 403: the right to list pods is missing (forbidden)\n',
  })
})

test('colour is for terminals only, and not where NO_COLOR is set', async () => {
  cluster.put(PODS, runningPod('a'))
  const hasColour = async (env: Record<string, string>, isTTY: boolean) => {
    const run = runInProcess(['status', '--kubeconfig', cluster.kubeconfig], env, { isTTY })
    await run.returned
    return run.stdout().includes('\u001b[31mmissed')
  }
  expect(await hasColour({}, true)).toBe(true)
  expect(await hasColour({ NO_COLOR: '1' }, true)).toBe(false)
  expect(await hasColour({}, false)).toBe(false)
})

test('a Namespace that is not there, exit code 1', async () => {
  expect(await cluster.run('status', 'nowhere')).toEqual({
    code: 1,
    stdout: '',
    stderr: 'error: Namespace nowhere is not there\n',
  })
})
