// What `migrate` finds in a cluster, beside a scripted API server.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { answer, refuse } from '../../kubernetes/scripted-api.ts'
import {
  PODS,
  REPLICA_SETS,
  runningPod,
  type ScriptedCluster,
  startScriptedCluster,
} from '../pod-coverage/scripted-cluster.ts'
import { JAEGERS } from './found.ts'

const CONFIGURATIONS = '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations'

let cluster: ScriptedCluster
beforeEach(async () => {
  cluster = await startScriptedCluster()
  cluster.putNamespace('kube-system', { uid: 'this-cluster', labels: {} })
  cluster.putNamespace('shop')
  cluster.api.change('/apis/rbac.authorization.k8s.io/v1/namespaces/linkerd/rolebindings', () => {})
})
afterEach(() => cluster.stop())

function putSender(name: string, more: object = {}, owner?: object): void {
  const pod = runningPod(name, owner === undefined ? {} : { owner })
  pod.spec.containers[1].env.push({ name: 'LINKERD2_PROXY_TRACE_COLLECTOR_SVC_ADDR', value: JAEGERS })
  cluster.put(PODS, { ...pod, ...more })
}

test('Pods that have ended send nothing any more', async () => {
  putSender('done', { status: { phase: 'Succeeded' } })
  expect((await cluster.run('migrate')).code).toBe(0)
  putSender('running')
  expect((await cluster.run('migrate')).stdout).toContain('1 workload send spans to')
})

test('a webhook that leads to a Service of that name, and says nothing else of linkerd-jaeger, is told', async () => {
  const clientConfig = { service: { name: 'jaeger-injector', namespace: 'tools' } }
  cluster.api.put(CONFIGURATIONS, { metadata: { name: 'theirs', uid: 'u' }, webhooks: [{ clientConfig }] })
  const { code, stdout } = await cluster.run('migrate', '--apply', '--yes')
  expect(code).toBe(2)
  expect(stdout).toContain(
    'by hand   look whether MutatingWebhookConfiguration theirs is linkerd-jaeger’s, and delete it\n',
  )
  expect(cluster.api.requests.some(({ method }) => method === 'DELETE')).toBe(false)
})

test('what could not be found out is told once, however often the cluster is looked at', async () => {
  putSender('web-1', {}, { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web' })
  cluster.putNamespace('books', { labels: {} })
  cluster.put(PODS, {
    ...cluster.api.get('/api/v1/namespaces/shop/pods', 'web-1'),
    metadata: { name: 'a', namespace: 'books' },
  })
  cluster.api.intercepts.unshift(({ path }, response) => {
    if (path === `${REPLICA_SETS.root}/replicasets`) return refuse(response, 403, 'no')
    return path.endsWith('/selfsubjectaccessreviews') && answer(response, { status: { allowed: true } })
  })
  // It is looked at before and after.
  const { stdout, stderr } = await cluster.run('migrate', '--apply', '--yes', '--backup', `${cluster.kubeconfig}.json`)
  expect(stdout).toContain('done: opt Namespace books in')
  expect(stderr.match(/what made each ReplicaSet is not known/g)).toHaveLength(1)
})

test('who lacks a right is told before anything is kept or changed', async () => {
  putSender('web-1')
  cluster.putNamespace('shop', { labels: {} })
  cluster.api.intercepts.unshift(
    ({ path }, response) =>
      path.endsWith('/selfsubjectaccessreviews') && answer(response, { status: { allowed: false } }),
  )
  expect((await cluster.run('migrate', '--apply', '--yes')).stderr).toBe(
    'error: these rights are missing: patch namespaces; nothing was changed\n',
  )
  expect(cluster.changes()).toEqual([])
})
