// `dashboard` as it is run: what it prints, and what the page is answered by clusters in all kinds of states.
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { join } from 'node:path'
import { KubeConfig } from '@kubernetes/client-node'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { refuse } from '../../kubernetes/scripted-api.ts'
import { type ServedCluster, serveCluster } from '../check/served-cluster.ts'
import { DEPLOYMENTS, PODS as OWN_PODS, serveComponents } from '../check/served-components.ts'
import { type CliRun, newFolder, runInProcess } from '../cli-run.ts'
import { PODS, runningPod, type ScriptedCluster, startScriptedCluster } from '../pod-coverage/scripted-cluster.ts'

const JAEGER_CONFIGMAP = '/api/v1/namespaces/linkerd-tracing/configmaps/linkerd-jaeger-config'

const runs: CliRun[] = []
const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const run of runs.splice(0)) {
    run.signals.emit('SIGINT')
    await run.returned
  }
  for (const end of ends.splice(0)) await end()
})

/** Starts it on any port, gives its address once that is printed, and what asks it. */
async function start(kubeconfig: string, ...words: string[]) {
  const run = runInProcess(['dashboard', ...words, '--kubeconfig', kubeconfig, '--show', 'url'])
  runs.push(run)
  await expect.poll(run.stdout).toMatch(/\n$/)
  const url = run.stdout().trim()
  // biome-ignore lint/suspicious/noExplicitAny: tests read what they expect
  const ask = async (question: string): Promise<any> => (await fetch(`${url}api/${question}`)).json()
  return { ...run, url, ask }
}

describe('the command', () => {
  let cluster: ScriptedCluster
  beforeEach(async () => {
    cluster = await startScriptedCluster()
    ends.push(() => cluster.stop())
  })

  test('prints an address of this machine with a token, another one each time, and serves until Ctrl-C', async () => {
    const [one, other] = [await start(cluster.kubeconfig), await start(cluster.kubeconfig)]
    expect(one.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{43}\/$/)
    expect(new URL(one.url).pathname).not.toBe(new URL(other.url).pathname)
    expect(one.stderr()).toBe('The page is there until Ctrl-C; whoever has its address sees what you may see\n')
    expect(await (await fetch(one.url)).text()).toContain('<script type="module" src="main.js">')
    one.signals.emit('SIGINT')
    expect(await one.returned).toBe(0)
    await expect(fetch(one.url)).rejects.toThrowError('fetch failed')
  })

  test('asks nothing of the cluster before the page does', async () => {
    await start(cluster.kubeconfig)
    expect(cluster.api.requests).toEqual([])
  })

  test('takes the port that it is told, or says that it is taken', async () => {
    const taken = createTcpServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    ends.push(() => taken.close())
    const { port } = taken.address() as AddressInfo
    const { code, stdout, stderr } = await cluster.run('dashboard', '--port', String(port))
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(`port ${port} of 127.0.0.1 is in use: choose another with --port`)
  })

  test('says which context it is of, which version, and which Namespaces', async () => {
    const { ask } = await start(cluster.kubeconfig, 'shop', '--as', 'jane', '-L', 'mesh')
    const { report } = await ask('place')
    expect(report).toEqual({
      version: expect.stringMatching(/^\d/),
      context: expect.any(String),
      namespaces: ['shop'],
      // What was named: a command without it would mean another cluster, or be done by another user.
      clusterFlags: `--kubeconfig ${cluster.kubeconfig} --as jane`,
      linkerdFlags: '-L mesh',
    })
  })
})

describe('coverage', () => {
  let cluster: ScriptedCluster
  beforeEach(async () => {
    cluster = await startScriptedCluster()
    cluster.putNamespace('shop')
    ends.push(() => cluster.stop())
  })

  test('is what status knows, with a command for each gap; asked again it is read anew', async () => {
    cluster.put(PODS, runningPod('web', { traced: true }))
    const { ask } = await start(cluster.kubeconfig)
    expect((await ask('coverage')).report).toMatchObject({ isInstalled: true, coveragePercent: 100 })
    cluster.put(PODS, runningPod('vote', { owner: { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'vote' } }))
    const { report } = await ask('coverage')
    expect(report.coveragePercent).toBe(50)
    expect(report.workloads).toEqual([
      expect.objectContaining({ workload: 'pod/web', state: 'traced', isGap: false, advice: {} }),
      expect.objectContaining({ workload: 'statefulset/vote', state: 'missed', isGap: true, pods: 1 }),
    ])
    expect(report.workloads[1].advice).toEqual({ command: 'kubectl rollout restart -n shop statefulset/vote' })
    cluster.api.change('/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations', (all) => all.clear())
    expect((await ask('coverage')).report).toMatchObject({ isInstalled: false })
  })

  test('without the right to list Pods that right is named, and how to go on with less', async () => {
    cluster.api.intercepts.unshift(({ path }, response) =>
      path === '/api/v1/pods' ? refuse(response, 403, 'pods is forbidden') : false,
    )
    const all = await start(cluster.kubeconfig)
    const { problem } = await all.ask('coverage')
    expect(problem.sentence).toContain('the right to list pods is missing')
    expect(problem.commands).toEqual(['linkerd-tracing dashboard NAMESPACE'])
    cluster.put(PODS, runningPod('web', { traced: true }))
    const one = await start(cluster.kubeconfig, 'shop')
    expect((await one.ask('coverage')).report).toMatchObject({ coveragePercent: 100 })
  })

  test('a cluster that is away is a problem in words, and the page goes on', async () => {
    const { ask, stderr } = await start(cluster.kubeconfig)
    await cluster.api.stop()
    expect((await ask('coverage')).problem.sentence).toContain('no answer from the API server')
    expect((await ask('place')).report).toBeDefined()
    expect(stderr()).not.toContain('error')
  })

  test('two that ask at the same time cost the cluster one reading', async () => {
    cluster.put(PODS, runningPod('web', { traced: true }))
    const { ask } = await start(cluster.kubeconfig)
    const [one, other] = await Promise.all([ask('coverage'), ask('coverage')])
    expect(one).toEqual(other)
    expect(cluster.api.requests.filter(({ path }) => path === '/api/v1/pods')).toHaveLength(1)
  })
})

describe('the way to Jaeger', () => {
  let cluster: ServedCluster
  beforeEach(async () => {
    cluster = await serveCluster()
    serveComponents(cluster)
    ends.push(() => cluster.close())
    const pod = createServer((request, response) => response.end(`Jaeger ${request.url}`))
    await new Promise<void>((resolve) => pod.listen(0, '127.0.0.1', resolve))
    cluster.ways.pods.set('linkerd-tracing/linkerd-jaeger-0:16686', (pod.address() as AddressInfo).port)
    ends.push(() => pod.closeAllConnections())
  })

  test('is one port that is forwarded, whoever asks for it', async () => {
    const { ask } = await start(cluster.kubeconfig)
    const [one, other] = [await ask('jaeger'), await ask('jaeger')]
    expect(one).toEqual(other)
    expect(one.report.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/jaeger$/)
    const page = await fetch(one.report.url, { headers: { connection: 'close' } })
    expect(await page.text()).toBe('Jaeger /jaeger')
  })

  test('ends with the page', async () => {
    const { ask, signals, returned } = await start(cluster.kubeconfig)
    const { report } = await ask('jaeger')
    signals.emit('SIGTERM')
    await returned
    await expect(fetch(report.url)).rejects.toThrowError('fetch failed')
  })

  test('that is not there yet is found when it is looked for again', async () => {
    const deployment = cluster.objects.get(`${DEPLOYMENTS}/linkerd-jaeger`)
    cluster.objects.delete(`${DEPLOYMENTS}/linkerd-jaeger`)
    const { ask } = await start(cluster.kubeconfig)
    expect((await ask('jaeger')).problem.sentence).toMatch(/^Jaeger is not in linkerd-tracing: traces go to where/)
    cluster.objects.set(`${DEPLOYMENTS}/linkerd-jaeger`, deployment)
    expect((await ask('jaeger')).report.url).toContain('http://127.0.0.1:')
  })

  test.each([
    {
      state: 'no Pod that is ready',
      spoil: () => cluster.objects.delete(`${OWN_PODS}/linkerd-jaeger-0`),
      told: /^no Pod/,
    },
    { state: 'nothing installed', spoil: () => cluster.objects.clear(), told: /^nothing of it is in the cluster/ },
    {
      state: 'no right to forward ports',
      spoil: () => {
        cluster.ways.refuseWith = 403
      },
      told: /403/,
    },
  ])('$state: a sentence, and the page goes on', async ({ spoil, told }) => {
    spoil()
    const { ask } = await start(cluster.kubeconfig)
    expect((await ask('jaeger')).problem.sentence).toMatch(told)
    expect((await ask('place')).report).toBeDefined()
  })

  test.each(['javascript:alert(1)', 'data:text/html,x', 'jaeger'])(
    '--jaeger-url %s, which would be a link of the page, is refused at once',
    async (url) => {
      const words = ['dashboard', '--kubeconfig', cluster.kubeconfig, '--show', 'url', '--jaeger-url', url]
      const run = runInProcess(words)
      runs.push(run)
      expect(await run.returned).toBe(1)
      expect(run.stdout()).toBe('')
      expect(run.stderr()).toContain(`--jaeger-url ${url} is no URL such as`)
    },
  )

  test.each(['@evil.example/', '.evil.example', '/x&calc', '/a b'])(
    'a base path %s in the cluster leads nobody elsewhere',
    async (path) => {
      const config = `extensions: {jaeger_query: {base_path: '${path}'}}`
      cluster.objects.set(JAEGER_CONFIGMAP, { data: { 'config.yaml': config } })
      const { ask } = await start(cluster.kubeconfig)
      expect((await ask('jaeger')).problem.sentence).toContain(`base_path "${path}" must be a path such as /jaeger`)
    },
  )

  test('--jaeger-url says where it is, and no port is forwarded', async () => {
    const { ask } = await start(cluster.kubeconfig, '--jaeger-url', 'https://jaeger.example/ui')
    expect(await ask('jaeger')).toEqual({ report: { url: 'https://jaeger.example/ui' } })
    expect(cluster.ways.requests).toEqual([])
  })
})

test.each([
  ['the page', []],
  ['the way to Jaeger', ['--jaeger']],
])('Ctrl-C ends %s also while a cluster gives no answer', async (_what, words) => {
  let asked = 0
  const silent = createServer(() => asked++)
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  ends.push(() => silent.closeAllConnections())
  const kubeconfig = join(await newFolder(), 'kubeconfig')
  const config = new KubeConfig()
  const server = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`
  config.loadFromClusterAndUser({ name: 'silent', server, skipTLSVerify: true }, { name: 'tester' })
  await writeFile(kubeconfig, config.exportConfig())
  const run = runInProcess(['dashboard', ...words, '--kubeconfig', kubeconfig, '--show', 'url'])
  if (words.length === 0) {
    await expect.poll(run.stdout).toMatch(/\n$/)
    void fetch(`${run.stdout().trim()}api/coverage`).catch(() => {})
  }
  await expect.poll(() => asked).toBeGreaterThan(0)
  run.signals.emit('SIGINT')
  expect(await run.returned).toBe(0)
})
