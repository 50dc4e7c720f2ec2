// Input, output and refusals of `review`, beside a served cluster; test/cluster/review.cluster-test.ts has a real one.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { type ServedCluster, serveCluster } from '../check/served-cluster.ts'
import { newFolder, runInProcess } from '../cli-run.ts'

let cluster: ServedCluster
let file: string
beforeAll(async () => {
  cluster = await serveCluster()
  file = join(await newFolder(), 'manifests.yaml')
})
afterAll(() => cluster.close())

interface Surroundings {
  readonly isTTY?: boolean
  readonly env?: Readonly<Record<string, string>>
}

async function review(yaml: string, words: readonly string[] = [], { env = {}, ...terminal }: Surroundings = {}) {
  await writeFile(file, yaml)
  const run = runInProcess(['review', '-f', file, '--kubeconfig', cluster.kubeconfig, ...words], env, terminal)
  const code = await run.returned
  return { code, stdout: run.stdout(), stderr: run.stderr() }
}

const web = (name: string, more = '') => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec:
  template:
    metadata: { labels: { app: web }, annotations: {${more}} }
    spec:
      containers:
        - { name: web, image: web }
        - { name: linkerd-proxy, image: 'cr.l5d.io/linkerd/proxy:edge-26.8.3', env: [] }
`

test('text is coloured for a terminal, but not where NO_COLOR is set', async () => {
  expect((await review(web('web'))).stdout).not.toContain('\u001b')
  expect((await review(web('web'), [], { isTTY: true })).stdout).toContain('\u001b[32m+')
  expect((await review(web('web'), [], { isTTY: true, env: { NO_COLOR: '1' } })).stdout).not.toContain('\u001b')
})

test('each document is reviewed, in its order', async () => {
  const { code, stdout } = await review(`${web('one')}---${web('two', "tracing.linkerd.io/inject: 'disabled'")}`)
  expect(code).toBe(0)
  const headings = stdout.split('\n').filter((line) => line.startsWith('deployment/'))
  expect(headings.map((line) => line.split(':', 2).join(':'))).toEqual([
    'deployment/one (shop): traced',
    'deployment/two (shop): skipped (opted-out)',
  ])
})

test('names and warnings cannot steer a terminal', async () => {
  const { stdout } = await review(web('"w\\eb"'))
  expect(stdout).toMatch(/^deployment\/w\\u001bb \(shop\): /)
})

test('input that cannot be used is told, and the cluster is not asked', async () => {
  cluster.requests.length = 0
  const { code, stdout, stderr } = await review('a: [')
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(/^error: .*manifests\.yaml: document 1/)
  expect((await review('{}', ['-n', 'No'])).stderr).toMatch(/^error: --namespace "No" must be/)
  expect(cluster.requests).toEqual([])
})

test('no workload is a note, and no error', async () => {
  const none = await review('{ apiVersion: v1, kind: ConfigMap, metadata: { name: c } }')
  expect(none).toEqual({ code: 0, stdout: '', stderr: 'note: there is no workload in the input\n' })
  expect((await review('{}', ['-o', 'json'])).stdout).toBe('{\n  "workloads": []\n}\n')
})

test('YAML says what JSON says', async () => {
  const [json, yaml] = [await review(web('web'), ['-o', 'json']), await review(web('web'), ['-o', 'yaml'])]
  expect(parse(yaml.stdout)).toEqual(JSON.parse(json.stdout))
  expect(yaml.stdout).toMatch(/^workloads:\n {2}- workload: deployment\/web$/m)
})

test('an object that names no Namespace is reviewed in that of --namespace', async () => {
  const anywhere = web('web').replace(', namespace: shop', '')
  expect((await review(anywhere, ['-n', 'shop'])).stdout).toMatch(/^deployment\/web \(shop\): traced/)
})

test('nothing of ours in the cluster is an error that says so', async () => {
  const empty = await serveCluster()
  empty.objects.clear()
  empty.injectorAnswers = false
  await writeFile(file, web('web'))
  const run = runInProcess(['review', '-f', file, '--kubeconfig', empty.kubeconfig])
  expect(await run.returned).toBe(1)
  expect(run.stdout()).toMatch(/^deployment\/web \(shop\): error: nothing of it is in the cluster/)
  await empty.close()
})
