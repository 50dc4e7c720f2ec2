// An installation's whole life on an empty cluster, in both layouts, by the README's own commands: installed, checked, a
// Namespace enabled, looked at, uninstalled. Two things differ from a real one: the configurations name a port of this
// machine, where the injector runs as a process with the rendered arguments and rights; and nothing runs a Pod, so that the
// test writes their status.
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { INJECTOR } from '../../src/install/object-names.ts'
import { root } from '../source-files.ts'
import { accessCluster } from './cluster-access.ts'
import { startWatchdog, type Watchdog } from './control-plane/watchdog.ts'
import { type InjectorServer, prepareInjectorServer } from './injector-server.ts'
import { onLoopback } from './installed-injector.ts'
import { type LivePod, plainDeployment } from './pods.ts'
import { loopbackService } from './review-server.ts'
import { readyPods } from './running-components.ts'
import { type StandInInjector, startStandInInjector } from './stand-in-injector.ts'

const cluster = accessCluster(inject('cluster'))
const SHOP = 'emojivoto'
const POLICY_CRDS = join(root, 'test/fixtures/linkerd-policy/crds.yaml')
const README = readFileSync(join(root, 'README.md'), 'utf8')

const LINKERD_CONFIG = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'linkerd-config', namespace: 'linkerd' },
  data: { values: 'linkerdVersion: edge-26.8.3\nclusterDomain: cluster.local\nidentityTrustDomain: cluster.local\n' },
}

/** The commands of a block of the README, a line each. */
function walk(name: string): string[] {
  const [, commands = ''] = new RegExp(`<!-- ${name} walk.*-->\\n\`\`\`sh\\n([\\s\\S]*?)\`\`\``).exec(README) ?? []
  return commands.trim().split('\n')
}

let folder: string
let watchdog: Watchdog
let linkerd: StandInInjector
let server: InjectorServer | undefined
let isOver = false
let untouched: unknown
/** Namespaces whose Pods are to look as if they ran. */
const running = new Set<string>()

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'linkerd-tracing-installation-'))
  watchdog = startWatchdog(folder)
  const program = `'${process.execPath}' '${join(root, 'dist/main.js')}'`
  writeFileSync(join(folder, 'linkerd-tracing'), `#!/bin/sh\nexec ${program} "$@"\n`, { mode: 0o755 })
  // As Linkerd's own command line finds its extensions.
  writeFileSync(join(folder, 'linkerd'), '#!/bin/sh\nextension=$1\nshift\nexec "linkerd-$extension" "$@"\n', {
    mode: 0o755,
  })
  await cluster.kubectl('apply', '-f', POLICY_CRDS)
  linkerd = await startStandInInjector(cluster)
  await cluster.kubectl('label', 'namespace', 'linkerd', '--overwrite', 'linkerd.io/is-control-plane=true')
  await apply([LINKERD_CONFIG])
  await cluster.createNamespace({ name: SHOP, annotations: { 'linkerd.io/inject': 'enabled' } })
  untouched = await linkerdNamespace()
  void keepRunning()
})
afterAll(async () => {
  isOver = true
  await linkerd?.stop()
  await cluster.kubectl('delete', '-f', POLICY_CRDS)
  await cluster.kubectl('delete', 'configmap', 'linkerd-config', '-n', 'linkerd')
  await cluster.kubectl('delete', 'namespace', SHOP, '--wait=false')
  await watchdog?.end()
  rmSync(folder, { recursive: true, force: true })
})

/** In place of a kubelet. */
async function keepRunning(): Promise<void> {
  while (!isOver) {
    for (const namespace of running) await readyPods(cluster, namespace).catch(() => {})
    await pause(200)
  }
}

async function linkerdNamespace(): Promise<unknown> {
  const { stdout } = await cluster.kubectl('get', 'namespace', 'linkerd', '-o', 'json')
  return JSON.parse(stdout)
}

/** Runs a line as a shell does, with our program and kubectl on the PATH. */
async function shell(line: string): Promise<string> {
  const path = [folder, dirname(cluster.kubectlProgram), process.env['PATH']].join(':')
  const env = { ...process.env, PATH: path, KUBECONFIG: cluster.kubeconfig, HOME: folder }
  const run = promisify(execFile)('bash', ['-o', 'pipefail', '-c', line], { env })
  const { stdout } = await run.catch(({ stdout, stderr }) => {
    throw new Error(`${line}\n${stdout}${stderr}`)
  })
  return stdout
}

/** Applies what the left side of `… | kubectl apply -f -` prints, on this machine's ports, and runs its injector. */
async function installed(line: string): Promise<LivePod[]> {
  const [command = ''] = line.split(' | ')
  const manifests = parseAllDocuments(await shell(command)).map((document) => document.toJS() as LivePod)
  const deployment = manifests.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === INJECTOR)
  const { namespace } = deployment.metadata
  const place = { namespace, name: INJECTOR }
  const isService = ({ kind, metadata }: LivePod) => kind === 'Service' && metadata.name === INJECTOR
  const first = manifests.filter(({ kind }) => ['Namespace', 'ServiceAccount'].includes(kind))
  await apply(first)
  const kubeconfig = await cluster.serviceAccountKubeconfig(namespace, INJECTOR)
  const flags = deployment.spec.template.spec.containers[0].args.filter((word: string) => !OF_THE_IMAGE.test(word))
  server = await prepareInjectorServer({ folder, kubeconfig, watchdog, flags })
  const ports = { port: server.port, linkerdInjectorPort: linkerd.port }
  await apply(
    manifests.map((one) =>
      isService(one) ? { ...loopbackService(place), metadata: one.metadata } : onLoopback(one, ports),
    ),
  )
  await server.start()
  running.add(namespace)
  return manifests
}

/** What is of the image's own file system and ports. */
const OF_THE_IMAGE = /^(serve|--(host|port|admin-port|cert-dir)=.*)$/

const apply = (items: readonly object[]) =>
  cluster.kubectlWith(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }), 'apply', '-f', '-')

interface Check {
  readonly description: string
  readonly result: string
}

/** What `check` says of all that is not well; exit code 0 is demanded. */
async function notWell(): Promise<Check[]> {
  const { categories } = JSON.parse(await shell('linkerd-tracing check -o json'))
  return categories
    .flatMap(({ checks }: { checks: Check[] }) => checks)
    .filter(({ result }: Check) => result !== 'success')
    .map(({ description, result }: Check) => ({ description, result }))
}

async function namesOf(manifests: readonly LivePod[]): Promise<string> {
  const ids = manifests.map(({ kind, apiVersion, metadata }) => {
    const [version, group] = apiVersion.split('/').reverse()
    return { what: group === undefined ? kind : `${kind}.${version}.${group}`, metadata }
  })
  const found = await Promise.all(
    ids.map(async ({ what, metadata: { name, namespace } }) => {
      const place = namespace === undefined ? [] : ['-n', namespace]
      return (await cluster.kubectl('get', what, name, ...place, '-o', 'name', '--ignore-not-found')).stdout
    }),
  )
  return found.join('')
}

describe.skipIf(!cluster.hasControllerManager)('the README’s installation', () => {
  afterEach(async () => {
    running.clear()
    await server?.process().end('SIGKILL')
    await cluster.kubectl('delete', 'deployment,replicaset,pod', '--all', '-n', SHOP, '--force')
    await cluster.kubectl('label', 'namespace', SHOP, 'tracing.linkerd.io/inject-')
  })

  test.each([
    ['in a Namespace of its own', ''],
    ['in Linkerd’s own Namespace', ' --namespace linkerd'],
  ])('%s: each command does what it says, and nothing is left in the end', { timeout: 300_000 }, async (_, layout) => {
    running.add(SHOP)
    await apply([plainDeployment({ namespace: SHOP, name: 'web' })])
    const [pre = '', install = '', check = '', enable = '', status = '', ...further] = walk('install')
    expect(further).toEqual([])

    expect(await shell(pre)).toMatch(/\nStatus check results are √\n$/)
    const manifests = await installed(install.replace('install', `install${layout}`))
    if (layout !== '') {
      // As install says: at the first installation there, nothing has marked these Pods yet.
      await shell('kubectl -n linkerd rollout restart deploy/linkerd-collector deploy/linkerd-jaeger')
      await shell('kubectl -n linkerd rollout status deploy/linkerd-collector deploy/linkerd-jaeger --timeout=60s')
    }
    expect(await shell(check)).toMatch(/\nStatus check results are √\n$/)
    expect(await shell(enable)).toContain('deployment/web')
    expect(await shell(status)).toMatch(/\nTOTAL +1 .* 100%\n/)

    // The one thing that needs a mesh.
    expect(await notWell()).toEqual([{ description: 'the collector refuses plaintext', result: 'warning' }])
    expect(await shell(`linkerd-tracing explain deploy/web -n ${SHOP}`)).toContain('√ the proxy accepts them')
    const review = `kubectl get deploy -n ${SHOP} -o yaml | linkerd-tracing review -f -`
    expect(await shell(review)).toContain('traced: spans go to')

    const [uninstall = ''] = walk('uninstall')
    await shell(uninstall.replace('uninstall', `uninstall${layout}`))
    expect(await namesOf(manifests.filter(({ kind }) => kind !== 'Namespace'))).toBe('')
    expect(await linkerdNamespace()).toEqual(untouched)
  })
})
