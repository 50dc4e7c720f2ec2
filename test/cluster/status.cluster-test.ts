// `status`, `enable`, `disable` and the list of `uninstall`, on a real API server: what it says of Pods that were really made,
// with and without the injector, and what becomes of them when they are restarted.
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest'
import { runInProcess } from '../cli/cli-run.ts'
import { accessCluster } from './cluster-access.ts'
import { waitUntil } from './control-plane/wait-until.ts'
import { addressOf } from './injected-shop.ts'
import { type InstalledInjector, installInjector } from './installed-injector.ts'
import { type LivePod, listPods, type PodMeta, plainDeployment, plainPod } from './pods.ts'
import { keepPodsReady, type PodKeeper } from './ready-pods.ts'
import { type StandInInjector, startStandInInjector } from './stand-in-injector.ts'

const cluster = accessCluster(inject('cluster'))
const SHOP = 'status-shop'
const MESHED = { 'linkerd.io/inject': 'enabled' }
const COLLECTOR = 'linkerd-collector.linkerd-tracing.svc.cluster.local:4317'

let injector: InstalledInjector
let linkerd: StandInInjector
const keepers: PodKeeper[] = []

beforeAll(async () => {
  linkerd = await startStandInInjector(cluster)
  injector = await installInjector(cluster)
  await cluster.createNamespace({ name: SHOP, annotations: MESHED })
})
afterEach(async () => {
  for (const keeper of keepers.splice(0)) await keeper.stop()
})
afterAll(async () => {
  await cluster.kubectl('delete', 'namespace', SHOP, '--wait=false').catch(() => {})
  await injector?.uninstall()
  await linkerd?.stop()
})

interface Said {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

async function run(...words: string[]): Promise<Said> {
  const ran = runInProcess([...words, '--kubeconfig', cluster.kubeconfig])
  const code = await ran.returned
  return { code, stdout: ran.stdout(), stderr: ran.stderr() }
}

/** The state of each workload of the shop, and what was said of it. */
async function statesOf(namespace = SHOP) {
  const { code, stdout, stderr } = await run('status', namespace, '-o', 'json')
  expect(stderr).toBe('')
  const report = JSON.parse(stdout)
  const states = report.namespaces[0].workloads.map((workload: LivePod) => [
    `${workload.kind}/${workload.name}`,
    Object.entries(workload.pods)
      .filter(([, count]) => count !== 0)
      .map(([state]) => state)
      .join(' '),
  ])
  return { code, report, states: Object.fromEntries(states) as Record<string, string> }
}

async function create(...objects: readonly object[]): Promise<void> {
  await cluster.kubectlWith(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }), 'create', '-f', '-')
}

async function remove(...names: string[]): Promise<void> {
  await cluster.kubectl('delete', ...names, '-n', SHOP, '--wait=true')
}

/** A Deployment, with a Pod. */
async function deploy(name: string): Promise<void> {
  await create(plainDeployment({ namespace: SHOP, name }))
  await waitUntil({ what: `a Pod of ${name}`, limitMs: 30_000 }, async () => (await podsOf(name)).length === 1)
}

async function podsOf(name: string): Promise<LivePod[]> {
  const pods = await listPods(cluster, SHOP, `app=${name}`)
  return pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined)
}

async function collectorsOf(name: string): Promise<(string | undefined)[]> {
  return (await podsOf(name)).map(addressOf)
}

const pod = (name: string, metadata: Partial<PodMeta> = {}) => plainPod({ ...metadata, namespace: SHOP, name })

/** Times of the API server are whole seconds: what comes next is to be later than what was. */
async function nextSecond(): Promise<void> {
  const end = Math.ceil((Date.now() + 1) / 1_000) * 1_000
  await waitUntil({ what: 'the next second', limitMs: 5_000 }, () => Date.now() > end)
}

async function labelOf(namespace: string): Promise<string | undefined> {
  const { stdout } = await cluster.kubectl('get', 'namespace', namespace, '-o', 'json')
  return JSON.parse(stdout).metadata.labels['tracing.linkerd.io/inject']
}

describe.skipIf(!cluster.hasControllerManager)('a Namespace, from its opt-in to its opt-out', () => {
  test('before it its Pods are out, and nothing is wrong', async () => {
    await deploy('web')
    await deploy('api')
    const { code, states, report } = await statesOf()
    expect({ code, states }).toEqual({ code: 0, states: { 'Deployment/api': 'out', 'Deployment/web': 'out' } })
    expect(report.totals.coveragePercent).toBeNull()
    const { stdout } = await run('status')
    expect(stdout).not.toContain(SHOP)
    expect(stdout).toMatch(/^\d+ Namespaces are not opted in, and not shown$/m)
  })

  test('enable --dry-run changes nothing, and says what it would', async () => {
    const { code, stdout } = await run('enable', SHOP, '--restart', '--dry-run')
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: [
        `namespace/${SHOP}: label tracing.linkerd.io/inject=enabled set, it was absent (dry run)`,
        `deployment/api in ${SHOP} would be restarted (dry run)`,
        `deployment/web in ${SHOP} would be restarted (dry run)`,
        '',
      ].join('\n'),
    })
    expect(await labelOf(SHOP)).toBeUndefined()
  })

  test('enable sets the label, and says what waits; again it changes nothing', async () => {
    await nextSecond()
    const command = `  kubectl rollout restart -n ${SHOP} deployment/api deployment/web`
    const first = await run('enable', SHOP)
    expect(first).toEqual({
      code: 0,
      stdout: `namespace/${SHOP}: label tracing.linkerd.io/inject=enabled set, it was absent\nPods are traced once they are made anew:\n${command}\n`,
      stderr: '',
    })
    expect(await labelOf(SHOP)).toBe('enabled')
    expect((await run('enable', SHOP)).stdout).toContain(`namespace/${SHOP} is as it should be\n`)
    const { code, states, report } = await statesOf()
    expect({ code, states }).toEqual({ code: 2, states: { 'Deployment/api': 'waiting', 'Deployment/web': 'waiting' } })
    const [namespace] = report.namespaces
    expect(namespace.optedInNotBefore).toBe(namespace.optedInNotAfter)
    expect(report.restart.commands).toEqual([command.trim()])
  })

  test('a label that kubectl shares with another one tells no exact time', async () => {
    await cluster.kubectl('label', 'namespace', SHOP, 'tracing.linkerd.io/inject-', 'team=a')
    await cluster.kubectl('label', 'namespace', SHOP, 'tracing.linkerd.io/inject=enabled')
    expect((await statesOf()).states).toMatchObject({ 'Deployment/web': 'untraced' })
    await cluster.kubectl('label', 'namespace', SHOP, 'team-', 'tracing.linkerd.io/inject-')
    await nextSecond()
    await cluster.kubectl('label', 'namespace', SHOP, 'tracing.linkerd.io/inject=enabled')
    expect((await statesOf()).states).toMatchObject({ 'Deployment/web': 'waiting' })
  })

  test('a rollout that does not come up stops the rest', async () => {
    const { code, stderr } = await run('enable', SHOP, '--restart', '--timeout', '1s')
    expect(code).toBe(1)
    expect(stderr).toMatch(
      new RegExp(
        `^error: deployment/api in ${SHOP}: it did not come up again in 1 s: .*; not restarted: deployment/web in ${SHOP}\n$`,
      ),
    )
    expect(await collectorsOf('web')).toEqual([undefined])
  })

  test('enable --restart restarts what is not traced, one after the other', async () => {
    keepers.push(keepPodsReady(cluster, SHOP))
    const { code, stdout, stderr } = await run('enable', SHOP, '--restart')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/deployment\/web in status-shop restarted \(\d+ s\)\n$/)
    await waitUntil({ what: 'old Pods to be gone', limitMs: 30_000 }, async () => (await podsOf('api')).length === 1)
    expect(await collectorsOf('web')).toEqual([COLLECTOR])
    expect(await collectorsOf('api')).toEqual([COLLECTOR])
    const { code: after, report } = await statesOf()
    expect({ after, percent: report.totals.coveragePercent }).toEqual({ after: 0, percent: 100 })
    // What the webhook has just written is what it would write today.
    expect(report.outdated).toEqual({ commands: [], others: [] })
    // Nothing is left to do.
    expect((await run('enable', SHOP, '--restart')).stdout).toBe(`namespace/${SHOP} is as it should be\n`)
  })

  test('uninstall lists who sends spans on, and prints manifests to stdout all the same', async () => {
    const { code, stdout, stderr } = await run('uninstall', '--policy', 'off')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^apiVersion: /)
    expect(stderr).toBe(
      `note: 2 workloads send spans to the collector in linkerd-tracing, in vain once it is gone; restart them after that:\n  kubectl rollout restart -n ${SHOP} deployment/api deployment/web\n`,
    )
    expect((await run('uninstall', '--policy', 'off', '-n', 'elsewhere')).stderr).toBe('')
  })

  test('disable --restart takes the settings away again', async () => {
    keepers.push(keepPodsReady(cluster, SHOP))
    const { code, stdout, stderr } = await run('disable', SHOP, '--restart')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(
      /^namespace\/status-shop: label tracing\.linkerd\.io\/inject=disabled set, it was "enabled"\n/,
    )
    expect(await labelOf(SHOP)).toBe('disabled')
    await waitUntil({ what: 'old Pods to be gone', limitMs: 30_000 }, async () => (await podsOf('web')).length === 1)
    expect(await collectorsOf('web')).toEqual([undefined])
    expect((await statesOf()).states).toEqual({ 'Deployment/api': 'out', 'Deployment/web': 'out' })
    await remove('deployment/web', 'deployment/api')
  })
})

describe('Pods that are not traced', () => {
  beforeAll(async () => {
    await run('enable', SHOP)
    await nextSecond()
  })

  test('each is told for what it is', async () => {
    const wrong = { 'config.linkerd.io/trace-collector': 'http://otel:4317' }
    await waitUntil({ what: 'Pods to be traced', limitMs: 30_000 }, async () => {
      await cluster.kubectl('delete', 'pod', 'fine', '-n', SHOP, '--ignore-not-found', '--grace-period=0')
      await create(pod('fine'))
      return (await statesOf()).states['Pod/fine'] === 'traced'
    })
    await create(
      pod('invalid', { annotations: wrong }),
      pod('opted-out', { labels: { 'tracing.linkerd.io/inject': 'disabled' } }),
      pod('unmeshed', { annotations: { 'linkerd.io/inject': 'disabled' } }),
      pod('collector', { labels: { 'tracing.linkerd.io/component': 'collector' } }),
    )
    await injector.process().end('SIGINT')
    await create(pod('missed'))
    await injector.start()
    const { code, states } = await statesOf()
    expect({ code, states }).toEqual({
      code: 2,
      states: {
        'Pod/collector': 'own-component',
        'Pod/fine': 'traced',
        'Pod/invalid': 'invalid',
        'Pod/missed': 'missed',
        'Pod/opted-out': 'opted-out',
        'Pod/unmeshed': 'not-meshed',
      },
    })
    const { stdout } = await run('status', SHOP)
    expect(stdout).toMatch(
      / pod\/invalid +1 +invalid +invalid-setting: Pod annotation config\.linkerd\.io\/trace-collector /,
    )
    expect(stdout).toMatch(/^status-shop .* 33%$/m)
    expect(stdout).toMatch(/^ {2}pod\/missed in status-shop: nothing makes it anew: delete it, and create it again$/m)
  })

  test.skipIf(!cluster.hasControllerManager)('while the injector is away nothing is restarted', async () => {
    await injector.process().end('SIGINT')
    await deploy('late')
    const template = async () =>
      (await cluster.kubectl('get', 'deployment', 'late', '-n', SHOP, '-o', 'jsonpath={.spec.template}')).stdout
    const before = await template()
    const { code, stderr } = await run('enable', SHOP, '--restart', '--timeout', '1s')
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `error: new Pods of Namespace ${SHOP} would not be traced: the injector does not answer; linkerd-tracing check tells why; nothing was restarted\n`,
    })
    expect(await template()).toBe(before)
    await injector.start()
  })
})

describe('what enable and disable refuse, and what they warn of', () => {
  test('a Namespace that is not there: the others are left as they are', async () => {
    await run('disable', SHOP)
    const { code, stderr } = await run('enable', SHOP, 'status-nowhere', 'kube-system')
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr:
        'error: Namespace status-nowhere is not there; Namespace kube-system belongs to Kubernetes itself: its Pods are never traced; nothing was changed\n',
    })
    expect(await labelOf(SHOP)).toBe('disabled')
  })

  test('a Namespace whose Pods get no proxy', async () => {
    await cluster.createNamespace({ name: 'status-plain' })
    const { code, stderr } = await run('enable', 'status-plain')
    expect(code).toBe(0)
    expect(stderr).toMatch(/^warning: Namespace status-plain has no annotation linkerd\.io\/inject: only Pods that ask/)
    await cluster.kubectl('delete', 'namespace', 'status-plain', '--wait=false')
  })

  test('who may not change Namespaces is told which right is missing', async () => {
    const kubeconfig = await cluster.serviceAccountKubeconfig(SHOP, 'default')
    const ran = runInProcess(['enable', SHOP, '--kubeconfig', kubeconfig])
    expect(await ran.returned).toBe(1)
    expect(ran.stderr()).toMatch(/^error: cannot get namespaces "status-shop": HTTP 403: the right to .* is missing/)
  })

  test('the control plane is opted out by a label, and in by taking it away', async () => {
    const out = await run('disable', 'control-plane')
    expect(out.stdout).toMatch(/^namespace\/linkerd: label tracing\.linkerd\.io\/inject=disabled set, it was absent\n/)
    expect(await labelOf('linkerd')).toBe('disabled')
    const back = await run('enable', 'control-plane')
    expect(back.stdout).toMatch(/^namespace\/linkerd: label tracing\.linkerd\.io\/inject removed, it was "disabled"\n/)
    expect(await labelOf('linkerd')).toBeUndefined()
    expect((await run('enable', 'linkerd')).stdout).toBe('namespace/linkerd is as it should be\n')
  })
})
