// `stat` without --jaeger-url: a port is forwarded by the API server to Jaeger’s Pod, which is a server of this machine.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { root } from '../../source-files.ts'
import { shopTraces } from '../../traces/shop-traces.ts'
import { type ServedCluster, serveCluster } from '../check/served-cluster.ts'
import { serveComponents } from '../check/served-components.ts'
import { runInProcess } from '../cli-run.ts'
import type { ServedJaeger } from '../read-traces/served-jaeger.ts'
import { serveTraces } from '../read-traces/served-traces.ts'

let cluster: ServedCluster
let jaeger: ServedJaeger
beforeEach(async () => {
  cluster = await serveCluster()
  serveComponents(cluster)
  jaeger = await serveTraces(shopTraces({ spans: 300 }).traces, { searchesAll: false })
  cluster.ways.pods.set('linkerd-tracing/linkerd-jaeger-0:16686', Number(new URL(jaeger.url).port))
})
afterEach(async () => {
  jaeger.close()
  await cluster.close()
})

const TIME = ['--since', '2026-11-28T09:59:00Z', '--until', '2026-11-28T10:15:00Z']

test('stat asks Jaeger’s Pod, and ends by itself', async () => {
  const words = [join(root, 'src/main.ts'), 'stat', ...TIME, '--kubeconfig', cluster.kubeconfig]
  // As a process: a port that is left open would keep it from ending.
  const { stdout, stderr } = await promisify(execFile)(process.execPath, words)
  expect(stderr).toBe('')
  expect(stdout).toMatch(/\bweb\b/)
})

test('traces asks below the path that Jaeger’s configuration says', async () => {
  const run = runInProcess(['traces', ...TIME, '--kubeconfig', cluster.kubeconfig])
  expect({ code: await run.returned, stderr: run.stderr() }).toEqual({ code: 0, stderr: '' })
  expect(run.stdout()).toMatch(/\bweb\b/)
  const paths = new Set(jaeger.asked.map(({ pathname }) => pathname))
  expect(paths).toEqual(new Set(['/jaeger/api/services', '/jaeger/api/traces']))
})

test('where nothing of ours is there is no Jaeger', async () => {
  const empty = await serveCluster()
  const run = runInProcess(['stat', '--kubeconfig', empty.kubeconfig])
  expect(await run.returned).toBe(1)
  expect(run.stderr()).toMatch(/^error: Jaeger is not in linkerd-tracing; --jaeger-url says where it is/)
  await empty.close()
})
