// What the page of `dashboard` is answered by a real API server: to who may see all, and to who may see one Namespace.
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest'
import { type CliRun, runInProcess } from '../cli/cli-run.ts'
import { accessCluster } from './cluster-access.ts'
import { plainPod } from './pods.ts'

const cluster = accessCluster(inject('cluster'))
const SHOP = 'dashboard-shop'
const VIEWER = 'dashboard-viewer'

beforeAll(async () => {
  await cluster.createNamespace({ name: SHOP })
  await cluster.kubectlWith(JSON.stringify(plainPod({ namespace: SHOP, name: 'web' })), 'create', '-f', '-')
  await cluster.kubectl('create', 'rolebinding', VIEWER, '-n', SHOP, '--clusterrole=view', `--user=${VIEWER}`)
})
afterAll(async () => {
  await cluster.kubectl('delete', 'namespace', SHOP, '--wait=false').catch(() => {})
})

const runs: CliRun[] = []
afterEach(async () => {
  for (const run of runs.splice(0)) {
    run.signals.emit('SIGINT')
    await run.returned
  }
})

/** Starts it, gives what asks for coverage as its page does. */
async function start(...words: string[]) {
  const run = runInProcess(['dashboard', ...words, '--kubeconfig', cluster.kubeconfig, '--show', 'url'])
  runs.push(run)
  await expect.poll(run.stdout).toMatch(/\n$/)
  // biome-ignore lint/suspicious/noExplicitAny: tests read what they expect
  return async (): Promise<any> => (await fetch(`${run.stdout().trim()}api/coverage`)).json()
}

const web = expect.objectContaining({ namespace: SHOP, workload: 'pod/web', pods: 1 })

test('who may see all gets the coverage of every Namespace', async () => {
  const { report } = await (await start())()
  expect(report.namespaces.map(({ name }: { name: string }) => name)).toEqual(
    expect.arrayContaining([SHOP, 'default', 'kube-system']),
  )
  expect(report.workloads).toContainEqual(web)
})

test('who may see one Namespace is told which right is missing, and gets coverage once that Namespace is named', async () => {
  const { problem } = await (await start('--as', VIEWER))()
  expect(problem.sentence).toContain('the right to list namespaces is missing')
  expect(problem.commands).toEqual(['linkerd-tracing dashboard NAMESPACE'])
  const { report } = await (await start(SHOP, '--as', VIEWER))()
  expect(report.workloads).toEqual([web])
  expect(report.notes).toEqual([expect.stringContaining('the installation could not be read')])
})
