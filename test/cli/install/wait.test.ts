// `install --wait` beside a served cluster: what kubectl and controllers do to it is done by the test.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { collectionOf } from '../../../src/cli/check/wanted-objects.ts'
import type { Raw } from '../../injection/samples.ts'
import { root } from '../../source-files.ts'
import { type ServedCluster, serveCluster } from '../check/served-cluster.ts'
import { newFolder, runInProcess } from '../cli-run.ts'

let cluster: ServedCluster
beforeEach(async () => {
  cluster = await serveCluster()
})
afterEach(async () => {
  for (const group of groups.splice(0)) killGroup(group)
  await cluster.close()
})

/** Of a pipe that a failed test has left. */
const groups: number[] = []
function killGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL')
  } catch {
    // It ended by itself.
  }
}

const parsed = (yaml: string) => parseAllDocuments(yaml).map((document) => document.toJS() as Raw)
const words = (wait: string) => ['install', '--policy', 'off', wait, '--kubeconfig', cluster.kubeconfig]

/** As kubectl does, and a controller that has all Pods running at once, or none. */
function apply(yaml: string, { ready }: { ready: boolean }): void {
  for (const manifest of parsed(yaml)) {
    const { root: api, namespace, plural } = collectionOf(manifest)
    const scope = namespace === undefined ? '' : `/namespaces/${namespace}`
    const { replicas } = manifest.spec ?? {}
    const available = ready ? replicas : 0
    const status = { observedGeneration: 1, replicas, updatedReplicas: replicas, availableReplicas: available }
    const live = { ...manifest, metadata: { ...manifest.metadata, generation: 1 }, status }
    cluster.objects.set(`${api}${scope}/${plural}/${manifest.metadata.name}`, live)
  }
}

const COLLECTOR = '/apis/apps/v1/namespaces/linkerd-tracing/deployments/linkerd-collector'

// A pipe of a shell: what Node itself gives to a process is a socket, which ends by other means. The right side of it stands for
// kubectl, which does nothing before it has all.
const PIPE = 'set -o pipefail; "$@" | { cat > part && mv part whole; }'

test.skipIf(process.platform === 'win32')(
  'stdout ends, so that kubectl begins; the command ends when all Deployments are ready',
  async () => {
    const folder = await newFolder()
    const whole = join(folder, 'whole')
    const typed = [process.execPath, join(root, 'src/main.ts'), ...words('--wait')]
    const env = { PATH: process.env['PATH'] ?? '' }
    const child = spawn('bash', ['--norc', '-c', PIPE, 'bash', ...typed], { cwd: folder, env, detached: true })
    groups.push(Number(child.pid))
    const exited = new Promise<number | null>((resolve) => child.on('exit', resolve))
    let told = ''
    child.stderr.on('data', (chunk: Buffer) => {
      told += chunk.toString()
    })
    await expect.poll(() => existsSync(whole)).toBe(true)
    expect(child.exitCode).toBe(null)
    apply(readFileSync(whole, 'utf8'), { ready: true })
    const ready = cluster.objects.get(COLLECTOR)
    // Applied, and its Pods are still those of before.
    cluster.objects.set(COLLECTOR, { ...ready, metadata: { ...ready.metadata, generation: 2 } })
    await expect.poll(() => told).toMatch(/^Deployment linkerd-tracing\/linkerd-jaeger is ready \(\d+ s\)$/m)
    expect(child.exitCode).toBe(null)
    cluster.objects.set(COLLECTOR, ready)
    expect(await exited).toBe(0)
    expect(told.trim().split('\n')).toEqual([
      expect.stringMatching(/^Deployment linkerd-tracing\/linkerd-jaeger is ready/),
      expect.stringMatching(/^Deployment linkerd-tracing\/linkerd-collector is ready/),
      expect.stringMatching(/^Deployment linkerd-tracing\/linkerd-tracing-injector is ready/),
    ])
  },
)

async function waitInVain(wait = '--wait=0s', terminal = {}) {
  const run = runInProcess(words(wait), {}, terminal)
  const code = await run.returned
  return { code, stdout: run.stdout(), stderr: run.stderr() }
}

test('what has not been applied in time is named, with exit code 1', async () => {
  const { code, stdout, stderr } = await waitInVain()
  expect(code).toBe(1)
  expect(stdout).toMatch(/^kind: MutatingWebhookConfiguration$/m)
  expect(stderr).toBe(
    'error: Deployment linkerd-tracing/linkerd-jaeger is not ready: it has not been applied yet, after 0 s; linkerd-tracing check tells more\n',
  )
})

test('what was there before does not count, however ready it is', async () => {
  const { stdout } = await waitInVain()
  apply(stdout, { ready: true })
  cluster.objects.get(COLLECTOR).spec.template.spec.containers[0].image = 'example.com/older:1'
  expect((await waitInVain()).stderr).toMatch(
    /^error: Deployment linkerd-tracing\/linkerd-collector is not ready: its spec\.template\.spec\.containers\[0\]\.image is "example\.com\/older:1", and should be /m,
  )
})

test('what cannot get ready any more is not waited for', async () => {
  const { stdout } = await waitInVain()
  apply(stdout, { ready: false })
  const message = 'ReplicaSet "linkerd-jaeger-1" has timed out progressing.'
  const condition = { type: 'Progressing', reason: 'ProgressDeadlineExceeded', message }
  cluster.objects.get(COLLECTOR.replace('linkerd-collector', 'linkerd-jaeger')).status.conditions = [condition]
  expect((await waitInVain('--wait=5m')).stderr).toContain(`linkerd-jaeger is not ready: ${message}`)
})

test('an API server that is busy is asked again; a right that is missing is told at once', async () => {
  const { stdout } = await waitInVain()
  apply(stdout, { ready: true })
  cluster.refusals.set(COLLECTOR, { status: 503, message: 'busy' })
  expect((await waitInVain()).stderr).toContain('HTTP 503')
  const again = waitInVain('--wait=5m')
  await expect.poll(() => cluster.requests.filter((request) => request.endsWith(COLLECTOR)).length).toBeGreaterThan(1)
  cluster.refusals.clear()
  expect((await again).code).toBe(0)
  cluster.refusals.set(COLLECTOR, { status: 403, message: 'no' })
  expect((await waitInVain('--wait=5m')).stderr).toContain('the right to get deployments "linkerd-collector"')
})

test('Ctrl-C: what kubectl has applied goes on, and how to see how far it is', async () => {
  const { stdout } = await waitInVain()
  apply(stdout, { ready: true })
  const ready = cluster.objects.get(COLLECTOR)
  cluster.objects.set(COLLECTOR, { ...ready, metadata: { ...ready.metadata, generation: 2 } })
  const run = runInProcess(words('--wait'))
  await expect.poll(() => cluster.requests.filter((request) => request.endsWith(COLLECTOR)).length).toBeGreaterThan(0)
  run.signals.emit('SIGINT')
  expect(await run.exited).toBe(130)
  expect(run.stderr()).toMatch(
    /^Deployment linkerd-tracing\/linkerd-jaeger is ready .*\n\ninterrupted: not seen ready yet: Deployment linkerd-tracing\/linkerd-collector, Deployment linkerd-tracing\/linkerd-tracing-injector; what kubectl has applied goes on without us, and linkerd-tracing check tells how far it is\n$/,
  )
  // The process would be gone; here the command ends by this.
  cluster.objects.set(COLLECTOR, ready)
  expect(await run.returned).toBe(0)
})

test.each([
  { wait: '--wait=soon', terminal: {}, told: 'error: --wait soon is no duration such as 5m, 90s or 0s\n' },
  {
    wait: '--wait',
    terminal: { isTTY: true },
    told: 'error: --wait waits for what kubectl applies: linkerd-tracing install --wait | kubectl apply -f -\n',
  },
])('$wait where it cannot be waited: nothing is printed', async ({ wait, terminal, told }) => {
  expect(await waitInVain(wait, terminal)).toEqual({ code: 1, stdout: '', stderr: told })
})
