// `review` on a real API server, beside the stand-in for Linkerd's injector and the shipped webhook.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { newFolder, runInProcess } from '../cli/cli-run.ts'
import { accessCluster } from './cluster-access.ts'
import { waitUntil } from './control-plane/wait-until.ts'
import { type InstalledInjector, installInjector } from './installed-injector.ts'
import { dryRunPod, plainDeployment, plainPod } from './pods.ts'
import { type StandInInjector, startStandInInjector } from './stand-in-injector.ts'

const cluster = accessCluster(inject('cluster'))
const MESHED = { annotations: { 'linkerd.io/inject': 'enabled' } }
const [IN, OUT, PLAIN] = ['review-in', 'review-out', 'review-plain']

let injector: InstalledInjector
let linkerd: StandInInjector

beforeAll(async () => {
  linkerd = await startStandInInjector(cluster)
  injector = await installInjector(cluster)
  const enabled = { 'tracing.linkerd.io/inject': 'enabled' }
  await cluster.createNamespace({ name: IN, labels: enabled, ...MESHED })
  await cluster.createNamespace({ name: OUT, ...MESHED })
  await cluster.createNamespace({ name: PLAIN, labels: enabled })
  await waitUntil({ what: 'a Pod to be traced', limitMs: 60_000 }, async () => {
    const pod = await dryRunPod(cluster, plainPod({ namespace: IN, name: 'probe' }))
    return JSON.stringify(pod).includes('LINKERD2_PROXY_TRACE_')
  })
})
afterAll(async () => {
  for (const name of [IN, OUT, PLAIN]) {
    await cluster.kubectl('delete', 'namespace', name, '--wait=false').catch(() => {})
  }
  await injector?.uninstall()
  await linkerd?.stop()
})

async function review(objects: readonly object[], words: readonly string[] = [], kubeconfig = cluster.kubeconfig) {
  const file = join(await newFolder(), 'manifests.json')
  await writeFile(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }))
  const run = runInProcess(['review', '-f', file, '--kubeconfig', kubeconfig, ...words])
  const code = await run.returned
  return { code, stdout: run.stdout(), stderr: run.stderr() }
}

const INVALID = { 'config.linkerd.io/trace-collector': 'http://otel:4317' }
const DISABLED = { 'tracing.linkerd.io/inject': 'disabled' }

test('a workload that would be traced: decision, and what tracing changes, and nothing else', async () => {
  const { code, stdout, stderr } = await review([plainDeployment({ namespace: IN, name: 'web' })])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const [heading = '', ...lines] = stdout.split('\n')
  expect(heading).toBe(
    `deployment/web (${IN}): traced: spans go to "linkerd-collector.linkerd-tracing.svc.cluster.local:4317" by opentelemetry as service "linkerd-proxy"`,
  )
  const added = lines.filter((line) => line.startsWith('+')).join('\n')
  expect(added).toContain('name: LINKERD2_PROXY_TRACE_COLLECTOR_SVC_ADDR')
  expect(added).toContain('tracing.linkerd.io/status: ')
  // Neither Linkerd's own work nor names that the API server makes up.
  expect(added).not.toMatch(/image: |kube-api-access|creationTimestamp|tracing\.linkerd\.io\/inject/)
  expect(lines.filter((line) => line.startsWith('-'))).toEqual([])
})

test('nothing is kept', async () => {
  await review([plainDeployment({ namespace: IN, name: 'kept' })])
  expect((await cluster.kubectl('get', 'pods,deployments', '-n', IN, '-o', 'name')).stdout).toBe('')
})

test('each workload has its own decision, by the documented words', async () => {
  const objects = [
    plainDeployment({ namespace: IN, name: 'fine' }),
    plainDeployment({ namespace: IN, name: 'loner', labels: DISABLED }),
    plainDeployment({ namespace: IN, name: 'invalid', annotations: INVALID }),
    plainPod({ namespace: OUT, name: 'outside' }),
    plainPod({ namespace: PLAIN, name: 'plain' }),
    plainPod({ namespace: 'linkerd-tracing', name: 'own', labels: { 'tracing.linkerd.io/component': 'jaeger' } }),
  ]
  const { code, stdout } = await review(objects, ['-o', 'json'])
  const { workloads } = JSON.parse(stdout) as { workloads: Record<string, unknown>[] }
  const told = Object.fromEntries(workloads.map((one) => [one['workload'], [one['outcome'], one['reason']]]))
  expect(told).toEqual({
    'deployment/fine': ['traced', undefined],
    'deployment/loner': ['skipped', 'opted-out'],
    'deployment/invalid': ['skipped', 'invalid-setting'],
    'pod/outside': ['skipped', 'not-opted-in'],
    'pod/plain': ['skipped', 'not-meshed'],
    'pod/own': ['marked', undefined],
  })
  expect(code).toBe(0)
  const [fine, , invalid, outside, , own] = workloads
  expect(fine?.['diff']).toContain('LINKERD2_PROXY_TRACE')
  expect(invalid).not.toHaveProperty('diff')
  expect(invalid?.['warnings']).toEqual([
    expect.stringMatching(/^linkerd-tracing: invalid-setting: .*trace-collector.*http:\/\/otel:4317/),
  ])
  expect(outside?.['decision']).toContain('kubectl label namespace NAME tracing.linkerd.io/inject=enabled')
  expect(own?.['diff']).toMatch(/^\+ {4}linkerd\.io\/inject: enabled$/m)
  expect(own?.['diff']).toMatch(/^\+ .*name: linkerd-proxy$/m)
})

test('a Namespace that is not there is that workload’s error; the others are reviewed', async () => {
  const objects = [plainPod({ namespace: 'nowhere', name: 'lost' }), plainPod({ namespace: IN, name: 'web' })]
  const { code, stdout } = await review(objects)
  expect(code).toBe(1)
  expect(stdout).toMatch(
    /^pod\/lost \(nowhere\): error: cannot create pods in namespace "nowhere": HTTP 404 \(.*"nowhere" not found\)$/m,
  )
  expect(stdout).toMatch(/^pod\/web \(review-in\): traced: /m)
})

test('a Pod that the API server refuses: its own words', async () => {
  const pod = { ...plainPod({ namespace: IN, name: 'empty' }), spec: { containers: [] } }
  const { code, stdout } = await review([pod])
  expect(code).toBe(1)
  expect(stdout).toMatch(/^pod\/empty \(review-in\): error: .*HTTP 422.*spec\.containers/)
})

test('without the right to create Pods: the right is named', async () => {
  const kubeconfig = await cluster.serviceAccountKubeconfig(IN, 'default')
  const { code, stdout } = await review([plainPod({ namespace: IN, name: 'web' })], [], kubeconfig)
  expect(code).toBe(1)
  expect(stdout).toContain(`the right to create pods in namespace "${IN}" is missing`)
})

test('with that right alone the decision is shown; why there is none needs more rights, and that is said', async () => {
  await cluster.kubectl('create', 'role', 'pods', '--verb=create', '--resource=pods', '-n', IN)
  await cluster.kubectl('create', 'rolebinding', 'pods', '--role=pods', `--serviceaccount=${IN}:default`, '-n', IN)
  const kubeconfig = await cluster.serviceAccountKubeconfig(IN, 'default')
  await cluster.untilAllowed(kubeconfig, 'create', 'pods', '-n', IN)
  const unmeshed = { 'linkerd.io/inject': 'disabled' }
  const pods = [plainPod({ namespace: IN, name: 'a' }), plainPod({ namespace: IN, name: 'b', annotations: unmeshed })]
  const { code, stdout } = await review(pods, [], kubeconfig)
  expect(code).toBe(1)
  expect(stdout).toMatch(/^pod\/a \(review-in\): traced: /)
  expect(stdout).toMatch(
    /^pod\/b \(review-in\): error: linkerd-tracing said nothing, and why cannot be told: .*HTTP 403/m,
  )
})

test('an injector that does not answer is an error, and not “nothing would change”', async () => {
  await injector.process().end('SIGKILL')
  const { code, stdout } = await review([plainPod({ namespace: IN, name: 'web' })])
  expect(code).toBe(1)
  expect(stdout).toMatch(/^pod\/web \(review-in\): error: linkerd-tracing gave no answer.*linkerd-tracing check/)
})
