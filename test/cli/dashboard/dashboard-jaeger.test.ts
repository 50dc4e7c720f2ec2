// `dashboard --jaeger` beside a served cluster whose API server leads to "Pods", which are servers of this machine.
import { spawn } from 'node:child_process'
import { chmod, readFile, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { root } from '../../source-files.ts'
import { type ServedCluster, serveCluster } from '../check/served-cluster.ts'
import { DEPLOYMENTS, PODS, serveComponents } from '../check/served-components.ts'
import { newFolder, runInProcess } from '../cli-run.ts'

let cluster: ServedCluster
const servers: Server[] = []
beforeEach(async () => {
  cluster = await serveCluster()
  serveComponents(cluster)
  await servePod('linkerd-jaeger-0')
})
afterEach(async () => {
  for (const server of servers.splice(0)) server.closeAllConnections()
  await cluster.close()
})

/** A server that answers with its name, and is reached as that Pod. */
async function servePod(name: string): Promise<void> {
  const server = createServer((request, response) => response.end(`${name} ${request.url}`))
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cluster.ways.pods.set(`linkerd-tracing/${name}:16686`, (server.address() as AddressInfo).port)
}

const words = (...more: string[]) => ['dashboard', '--jaeger', '--kubeconfig', cluster.kubeconfig, ...more]
const POD = `${PODS}/linkerd-jaeger-0`
/** A connection that is kept would outlive its Pod. */
const ask = async (url: string) => (await fetch(url, { headers: { connection: 'close' } })).text()

/** Starts it, and gives its address once that is shown. */
async function start(...more: string[]) {
  const run = runInProcess(words('--show', 'url', '--port', '0', ...more))
  await expect.poll(run.stdout).toMatch(/\n/)
  const end = async () => {
    run.signals.emit('SIGINT')
    return run.returned
  }
  return { ...run, url: run.stdout().trim(), end }
}

test('the address that is shown is Jaeger’s page, until Ctrl-C', async () => {
  const { url, end, stderr } = await start()
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/jaeger$/)
  expect(await ask(url)).toBe('linkerd-jaeger-0 /jaeger')
  expect(stderr()).toBe('Jaeger is there until Ctrl-C\n')
  expect(await end()).toBe(0)
  await expect(ask(url)).rejects.toThrowError('fetch failed')
})

test('when its Pod goes, another one is reached by the same address', async () => {
  const { url, end, stderr } = await start()
  const pod = cluster.objects.get(POD)
  cluster.objects.delete(POD)
  await expect.poll(stderr).toContain('Pod linkerd-jaeger-0 is gone; waiting for another one\n')
  await servePod('linkerd-jaeger-1')
  cluster.objects.set(`${PODS}/linkerd-jaeger-1`, { ...pod, metadata: { ...pod.metadata, name: 'linkerd-jaeger-1' } })
  await expect.poll(stderr).toContain('connected to Pod linkerd-jaeger-1\n')
  expect(await ask(url)).toBe('linkerd-jaeger-1 /jaeger')
  expect(await end()).toBe(0)
})

test('an API server that is away for a moment changes nothing', async () => {
  const { url, end, stderr } = await start()
  cluster.refusals.set(`${DEPLOYMENTS}/linkerd-jaeger`, { status: 503, message: 'busy' })
  const asked = () => cluster.requests.filter((request) => request === `GET ${DEPLOYMENTS}/linkerd-jaeger`).length
  const before = asked()
  await expect.poll(asked).toBeGreaterThan(before)
  expect(await ask(url)).toContain('linkerd-jaeger-0')
  expect(stderr()).not.toContain('gone')
  await end()
})

test('the usual port is that of Jaeger, or any where it is taken; a port that was asked for is not replaced', async () => {
  const taken = createServer()
  servers.push(taken)
  // Somebody else may have it already, which is as good.
  await new Promise((resolve) => taken.once('error', resolve).listen(16_686, '127.0.0.1', () => resolve(undefined)))
  const run = runInProcess(words('--show', 'url'))
  await expect.poll(run.stdout).toMatch(/^http:\/\/127\.0\.0\.1:(?!16686)\d+\/jaeger\n$/)
  run.signals.emit('SIGTERM')
  expect(await run.returned).toBe(0)
  const refused = runInProcess(words('--show', 'url', '--port', '16686'))
  expect(await refused.returned).toBe(1)
  expect(refused.stderr()).toBe('error: port 16686 of this machine is taken; --port 0 takes any\n')
  taken.close()
})

test.each([
  {
    state: 'no Jaeger',
    spoil: () => cluster.objects.delete(`${DEPLOYMENTS}/linkerd-jaeger`),
    told: /^error: Jaeger is not in linkerd-tracing: traces go to where --backend/,
  },
  {
    state: 'a Jaeger that is not ready',
    spoil: () => cluster.objects.set(POD, { ...cluster.objects.get(POD), status: { phase: 'Pending' } }),
    told: /^error: no Pod of Jaeger is ready: linkerd-tracing check tells why/,
  },
  {
    state: 'nothing installed',
    spoil: () => cluster.objects.clear(),
    told: /^error: nothing of it is in the cluster/,
  },
  {
    state: 'no way to the Pod',
    spoil: () => {
      cluster.ways.refuseWith = 403
    },
    told: /^error: .*403/,
  },
])('$state: a sentence, and no address', async ({ spoil, told }) => {
  spoil()
  const run = runInProcess(words('--show', 'url', '--port', '0'))
  expect(await run.returned).toBe(1)
  expect(run.stdout()).toBe('')
  expect(run.stderr()).toMatch(told)
})

test('a port that is none is refused', async () => {
  const run = runInProcess(words('--port', '70000'))
  expect(await run.returned).toBe(1)
  expect(run.stderr()).toBe('error: --port 70000 is no port from 0 to 65535\n')
})

const asProcess = process.platform === 'linux' ? test : test.skip
asProcess('the browser of the desktop is given the address; without one that is said', async () => {
  const folder = await newFolder()
  const opened = join(folder, 'opened')
  await writeFile(
    join(folder, 'xdg-open'),
    `#!/bin/sh\nprintf %s "$1" > '${opened}.part'\n/bin/mv '${opened}.part' '${opened}'\n`,
  )
  await chmod(join(folder, 'xdg-open'), 0o755)
  for (const [path, told] of [
    [folder, ''],
    [join(folder, 'nowhere'), 'note: no browser could be started\n'],
  ] as const) {
    const child = spawn(process.execPath, [join(root, 'src/main.ts'), ...words('--port', '0')], { env: { PATH: path } })
    const exited = new Promise<number | null>((resolve) => child.on('exit', resolve))
    const said = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].on('data', (chunk: Buffer) => {
        said[name] += chunk.toString()
      })
    }
    await expect.poll(() => said.stderr).toBe(`Jaeger is there until Ctrl-C\n${told}`)
    if (told === '') {
      await expect.poll(() => readFile(opened, 'utf8').catch(() => '')).toBe(said.stdout.trim())
    }
    child.kill('SIGINT')
    expect(await exited).toBe(0)
  }
})
