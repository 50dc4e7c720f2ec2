// `migrate` on a real API server, from each starting point: what it says, that nothing is changed without --apply, what is
// changed with it, that --restore brings all of it back, and that a second run finds nothing. A cluster of its own: it looks
// at all Namespaces.
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { newFolder, runInProcess } from '../cli/cli-run.ts'
import { waitUntil } from './control-plane/wait-until.ts'
import { addressOf } from './injected-shop.ts'
import { type InstalledInjector, installInjector } from './installed-injector.ts'
import {
  clusterWide,
  installLinkerdJaeger,
  JAEGER_COLLECTOR,
  JAEGER_CONFIGURATION,
  jaegerConfiguration,
  type LinkerdJaeger,
} from './linkerd-jaeger.ts'
import { type LivePod, listPods, plainDeployment } from './pods.ts'
import { keepPodsReady, type PodKeeper } from './ready-pods.ts'
import { type StandInInjector, startStandInInjector } from './stand-in-injector.ts'
import { type Cluster, startCluster } from './start-cluster.ts'

const SHOP = 'shop'
const OURS = 'linkerd-collector.linkerd-tracing.svc.cluster.local:4317'
const TRACE_COLLECTOR = 'config.linkerd.io/trace-collector'
const TEMPO = 'tempo.monitoring:4317'
const NATIVE_ON = `proxy: { tracing: { enabled: true, collector: { endpoint: "${TEMPO}" } } }`
const NATIVE_OFF = 'proxy: { tracing: { enabled: false } }'

let cluster: Cluster
let linkerd: StandInInjector
let injector: InstalledInjector
let jaeger: LinkerdJaeger | undefined
let folder: string
const keepers: PodKeeper[] = []

beforeAll(async () => {
  folder = await newFolder()
  cluster = await startCluster()
  linkerd = await startStandInInjector(cluster)
  injector = await installInjector(cluster)
  await cluster.createNamespace({ name: SHOP, annotations: { 'linkerd.io/inject': 'enabled' } })
  await apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'monitoring' } })
  const spec = { type: 'ExternalName', externalName: 'localhost' }
  await apply({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'tempo', namespace: 'monitoring' }, spec })
})
afterEach(async () => {
  for (const keeper of keepers.splice(0)) await keeper.stop()
})
afterAll(async () => {
  await injector?.end()
  await linkerd?.closeServer()
  await jaeger?.close()
  await cluster?.stop()
})

async function migrate(...words: string[]) {
  const ran = runInProcess(['migrate', ...words, '--kubeconfig', cluster.kubeconfig])
  const code = await ran.returned
  return { code, stdout: ran.stdout(), stderr: ran.stderr() }
}

/** The steps of a plan, `WHO: TITLE`. */
async function stepsOf(...words: string[]): Promise<string[]> {
  const { stdout } = await migrate(...words, '-o', 'json')
  return JSON.parse(stdout).steps.map(({ who, title }: { who: string; title: string }) => `${who}: ${title}`)
}

/** What the admin, in whose name the command runs, has written since, but for dry runs and questions about rights. */
function writtenSince(start: number): string[] {
  return cluster
    .audit()
    .slice(start)
    .filter(({ verb, user, userAgent, requestURI }) => {
      const isOfCommand = userAgent === 'linkerd-tracing' && !user.username.startsWith('system:serviceaccount:')
      const isQuestion = requestURI.includes('selfsubjectaccessreviews') || requestURI.includes('dryRun=All')
      return isOfCommand && !isQuestion && !['get', 'list', 'watch'].includes(verb)
    })
    .map(({ verb, requestURI }) => `${verb} ${requestURI.split('?')[0]}`)
}

async function apply(...items: object[]): Promise<void> {
  await cluster.kubectlWith(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }), 'apply', '-f', '-')
}

/** As Linkerd’s own tools change it. */
async function configure(values: string): Promise<void> {
  const metadata = { name: 'linkerd-config', namespace: 'linkerd' }
  await apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { values } })
}

/** With the proxy that Linkerd's injector would have written, had it been told to trace. */
function nativeDeployment(name: string): object {
  const deployment = plainDeployment({
    namespace: SHOP,
    name,
    annotations: { 'linkerd.io/inject': 'enabled' },
  }) as LivePod
  const env = [
    { name: 'LINKERD2_PROXY_TRACE_COLLECTOR_SVC_ADDR', value: TEMPO },
    {
      name: 'LINKERD2_PROXY_TRACE_COLLECTOR_SVC_NAME',
      value: 'tempo.monitoring.serviceaccount.identity.linkerd.cluster.local',
    },
  ]
  const image = 'cr.l5d.io/linkerd/proxy:edge-26.8.3'
  deployment.spec.template.spec.containers.push({ name: 'linkerd-proxy', image, env })
  return deployment
}

async function livePods(name: string): Promise<LivePod[]> {
  const pods = await listPods(cluster, SHOP, `app=${name}`)
  return pods.filter(({ metadata }: LivePod) => metadata.deletionTimestamp === undefined)
}

async function collectorOf(name: string): Promise<(string | undefined)[]> {
  return (await livePods(name)).map(addressOf)
}

/** Everything of linkerd-jaeger, and what says that it is in use, without what the API server gives anew. */
async function snapshot(): Promise<unknown> {
  const kinds = 'deployments,services,configmaps,secrets,serviceaccounts'
  const listed = await Promise.all([
    cluster.kubectl('get', kinds, '-n', 'linkerd-jaeger', '-o', 'json'),
    cluster.kubectl(
      'get',
      'mutatingwebhookconfigurations,clusterroles,clusterrolebindings',
      '-l',
      'linkerd.io/extension=jaeger',
      '-o',
      'json',
    ),
    cluster.kubectl('get', 'rolebindings', '-n', 'linkerd', '-o', 'json'),
    cluster.kubectl('get', 'namespaces,deployments', '-n', SHOP, '-o', 'json'),
  ])
  return listed.flatMap(({ stdout }) => JSON.parse(stdout).items).map(contentOf)
}

function contentOf({ status: _status, metadata, spec, ...content }: LivePod): object {
  const { name, namespace, labels, annotations } = metadata
  const { [REVISION]: _revision, ...kept } = annotations ?? {}
  const { clusterIP: _ip, clusterIPs: _ips, ...settled } = spec ?? {}
  return { ...content, metadata: { name, namespace, labels: labels ?? {}, annotations: kept }, spec: settled }
}

const REVISION = 'deployment.kubernetes.io/revision'

test('a cluster without anything of before: nothing to migrate', async () => {
  expect(await migrate()).toEqual({
    code: 0,
    stdout: 'nothing of another way of tracing is left: there is nothing to migrate\n',
    stderr: '',
  })
})

describe('linkerd-jaeger as it was installed, beside Linkerd’s own proxy.tracing', () => {
  const WHOLE = [
    `--apply: opt Namespace ${SHOP} in: label tracing.linkerd.io/inject=enabled`,
    `--apply: delete MutatingWebhookConfiguration ${JAEGER_CONFIGURATION}`,
    'by hand: switch off proxy.tracing.enabled in Linkerd',
    `--apply --restart: take the annotations ${TRACE_COLLECTOR} from Deployment ${SHOP}/told`,
    `--apply --restart: restart deployment/both in ${SHOP}`,
    `--apply --restart: restart deployment/web in ${SHOP}`,
    ...['Deployment', 'Service', 'ConfigMap', 'ServiceAccount', 'Secret', 'ClusterRole'].map((kind) =>
      expect.stringContaining(`--apply --remove-jaeger: delete ${kind}`),
    ),
  ]
  const DEAD = `nothing answers at ${JAEGER_COLLECTOR}, as no Pod behind Service linkerd-jaeger/collector is ready`
  // In place of a Pod that runs.
  const READY = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'ready', namespace: 'linkerd-jaeger', labels: { 'kubernetes.io/service-name': 'collector' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.0.0.5'], conditions: { ready: true } }],
    ports: [],
  }
  const CHANGED = ['apply', 'restart', 'remove'].map((name) => () => join(folder, `${name}.json`))
  const [applied, restarted, removed] = CHANGED as [() => string, () => string, () => string]
  let found: unknown

  beforeAll(async () => {
    jaeger = await installLinkerdJaeger(cluster)
    await configure(NATIVE_ON)
    const annotations = { [TRACE_COLLECTOR]: JAEGER_COLLECTOR }
    await apply(
      plainDeployment({ namespace: SHOP, name: 'web' }),
      plainDeployment({ namespace: SHOP, name: 'told', annotations }),
      nativeDeployment('both'),
    )
    await waitUntil({ what: 'Pods of each', limitMs: 30_000 }, async () => {
      const pods = await Promise.all(['web', 'told', 'both'].map(livePods))
      return pods.flat().length === 3
    })
    expect(await collectorOf('web')).toEqual([JAEGER_COLLECTOR])
    found = await snapshot()
  })

  test('the plan names each step, and nothing is changed by it, nor by a dry run', async () => {
    const start = cluster.audit().length
    expect(await stepsOf()).toEqual(expect.arrayContaining(WHOLE))
    const { stdout } = await migrate()
    expect(stdout).toMatch(/variables stand twice in proxies of deployment\/both in shop: .*_SVC_ADDR, /)
    expect(stdout).toContain(`${DEAD}: spans are lost today already, those of Pods of 3 workloads: `)
    expect(stdout).toContain(
      `whether anything answers at ${TEMPO} cannot be told: Service monitoring/tempo leads elsewhere`,
    )
    await apply(READY)
    const dry = await migrate('--apply', '--restart', '--remove-jaeger', '--dry-run')
    expect(dry).toMatchObject({ code: 2, stderr: '', stdout: expect.not.stringContaining(DEAD) })
    await expect(migrate('--apply')).resolves.toMatchObject({ code: 1, stderr: expect.stringContaining('--yes') })
    expect(writtenSince(start).filter((write) => !write.startsWith('delete'))).toEqual([])
    // A deletion says in its body that it is a dry run: what counts is that all is there.
    expect(await snapshot()).toEqual(found)
  })

  test('--apply changes what new Pods get, and leaves Pods and collector', async () => {
    const { code, stderr } = await migrate('--apply', '--yes', '--backup', applied())
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' })
    const steps = await stepsOf()
    expect(steps).toEqual(expect.arrayContaining(WHOLE.slice(2)))
    expect(steps.some((step) => String(step).startsWith('--apply:'))).toBe(false)
    expect(await collectorOf('web')).toEqual([JAEGER_COLLECTOR])
  })

  test('a backup is never overwritten, and then nothing is changed', async () => {
    const start = cluster.audit().length
    expect(await migrate('--apply', '--yes', '--restart', '--backup', applied())).toMatchObject({
      code: 1,
      stderr: `error: --backup ${applied()}: it is there already, and is not overwritten; nothing was changed\n`,
    })
    expect(writtenSince(start)).toEqual([])
  })

  test('the collector stays while somebody sends to it', async () => {
    const start = cluster.audit().length
    const { code, stderr } = await migrate('--apply', '--yes', '--remove-jaeger', '--backup', join(folder, 'none.json'))
    expect(code).toBe(2)
    expect(stderr).toMatch(
      /^warning: the collector of linkerd-jaeger is not removed while Pods of 3 workloads send spans to it: /,
    )
    expect(writtenSince(start)).toEqual([])
  })

  test('a rollout that does not come up stops the rest, and says how to go on', async () => {
    const { code, stderr } = await migrate('--apply', '--yes', '--restart', '--timeout', '1s', '--backup', restarted())
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /^error: failed to take the annotations .* from Deployment shop\/told: it did not come up again in 1 s: /,
    )
    expect(stderr).toContain(`; nothing was done before; not done: restart deployment/both in ${SHOP}, restart`)
    expect(stderr).toContain('\nGo on with the same command and another --backup once that is mended, or ')
    expect(stderr).toContain(`take it back: linkerd-tracing migrate --restore ${restarted()}\n`)
    expect(await collectorOf('web')).toEqual([JAEGER_COLLECTOR])
  })

  test('--restart has Pods made anew, and --remove-jaeger what nobody sends to any more deleted', async () => {
    keepers.push(keepPodsReady(cluster, SHOP))
    const all = ['--apply', '--yes', '--restart', '--remove-jaeger', '--backup', removed()]
    const { code, stdout, stderr } = await migrate(...all)
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' })
    expect(stdout).toContain(
      'What is left:\n\nFound:\n  Namespace linkerd-jaeger is there, with nothing of linkerd-jaeger within\n',
    )
    await waitUntil({ what: 'old Pods to be gone', limitMs: 30_000 }, async () => {
      const pods = await Promise.all(['web', 'told', 'both'].map(livePods))
      return pods.flat().length === 3
    })
    // A variable that stood twice would be refused here.
    expect(await Promise.all(['web', 'told', 'both'].map(collectorOf))).toEqual([[OURS], [OURS], [OURS]])
    expect(await stepsOf()).toEqual([
      'by hand: switch off proxy.tracing.enabled in Linkerd',
      'by hand: look whether anything is left in Namespace linkerd-jaeger, and delete it',
    ])
  })

  test('a second run finds nothing, once what is by hand is done', async () => {
    await configure(NATIVE_OFF)
    await cluster.kubectl('delete', 'namespace', 'linkerd-jaeger', '--wait=false')
    // In place of the controller that ends Namespaces.
    const ended = {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'linkerd-jaeger' },
      spec: { finalizers: [] },
    }
    const path = '/api/v1/namespaces/linkerd-jaeger/finalize'
    await cluster.kubectlWith(JSON.stringify(ended), 'replace', '--raw', path, '-f', '-')
    const start = cluster.audit().length
    expect(await migrate('--apply', '--yes', '--restart', '--remove-jaeger')).toMatchObject({ code: 0, stderr: '' })
    expect(await stepsOf()).toEqual([])
    expect(writtenSince(start)).toEqual([])
  })

  test('--restore brings all of it back, the last first, and finds it back already when it runs again', async () => {
    expect((await migrate('--restore', removed())).stderr).toMatch(
      /^error: Bring \d+ objects back .* Nobody can be asked here/,
    )
    const start = cluster.audit().length
    expect(await migrate('--restore', removed(), '--dry-run')).toMatchObject({
      code: 0,
      stderr: 'warning: what goes into Namespace linkerd-jaeger cannot be tried before that is there\n',
    })
    expect(writtenSince(start)).toEqual([])
    for (const file of [removed(), restarted(), applied()])
      expect(await migrate('--restore', file, '--yes')).toMatchObject({ code: 0, stderr: '' })
    expect(withoutRestarts(await snapshot())).toEqual(withoutRestarts(found))
    const { stdout } = await cluster.kubectl('get', 'namespace', 'linkerd-jaeger', '-o', 'jsonpath={.metadata.labels}')
    expect(JSON.parse(stdout)).toMatchObject({ 'linkerd.io/extension': 'jaeger' })
    const again = await migrate('--restore', removed(), '--yes')
    expect(again.code).toBe(0)
    expect(again.stdout).not.toContain('is as before')
  })

  test('what somebody has changed since is left as it is', async () => {
    await cluster.kubectl('label', 'namespace', SHOP, 'tracing.linkerd.io/inject=disabled')
    expect(await migrate('--restore', applied(), '--yes')).toMatchObject({
      code: 2,
      stderr: `warning: Namespace ${SHOP} was changed since by somebody else, and is left as it is\n`,
    })
    await cluster.kubectl('label', 'namespace', SHOP, 'tracing.linkerd.io/inject-')
  })

  test('who lacks a right is told all that lack, before anything is changed', async () => {
    // Those that came in the middle of the way back may have our settings still: without Pods that send to linkerd-jaeger there is
    // nothing to opt in.
    await cluster.kubectl('delete', 'pods', '--all', '-n', SHOP, '--grace-period=0', '--force')
    const optIn = WHOLE[0]
    await waitUntil({ what: 'Pods of linkerd-jaeger', limitMs: 30_000 }, async () => (await stepsOf()).includes(optIn))
    const rules = [{ apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list'] }]
    const name = 'looker'
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name }
    const subjects = [{ kind: 'ServiceAccount', name: 'default', namespace: 'default' }]
    const binding = { kind: 'ClusterRoleBinding', metadata: { name }, roleRef, subjects }
    const version = { apiVersion: 'rbac.authorization.k8s.io/v1' }
    await apply({ ...version, kind: 'ClusterRole', metadata: { name }, rules }, { ...version, ...binding })
    const kubeconfig = await cluster.serviceAccountKubeconfig('default', 'default')
    await cluster.untilAllowed(kubeconfig, 'list', 'namespaces')
    const ran = runInProcess([
      'migrate',
      '--apply',
      '--yes',
      '--backup',
      join(folder, 'looker.json'),
      '--kubeconfig',
      kubeconfig,
    ])
    expect(await ran.returned).toBe(1)
    expect(ran.stderr()).toBe(
      'error: these rights are missing: patch namespaces; delete mutatingwebhookconfigurations.admissionregistration.k8s.io; nothing was changed\n',
    )
  })
})

describe('linkerd-jaeger deleted by its Namespace', () => {
  const LEFT = [
    `--apply: delete MutatingWebhookConfiguration ${JAEGER_CONFIGURATION}`,
    '--apply: delete ClusterRoleBinding linkerd-jaeger-injector',
    '--apply: delete ClusterRole linkerd-jaeger-injector',
    '--apply: delete RoleBinding linkerd/jaeger-namespace-metadata-linkerd-config',
  ]

  beforeAll(async () => {
    await jaeger?.close()
    await cluster.kubectl('delete', 'deployments', '--all', '-n', SHOP)
    await cluster.kubectl('delete', 'pods', '--all', '-n', SHOP, '--grace-period=0', '--force')
    await cluster.kubectl('delete', 'deployments,services,configmaps,secrets', '--all', '-n', 'linkerd-jaeger')
    // No controller ends it here: it stays, being deleted.
    await cluster.kubectl('delete', 'namespace', 'linkerd-jaeger', '--wait=false')
    await apply(jaegerConfiguration({ port: 1, authority: '' }), ...clusterWide())
  })

  test('the plan has what is left, --apply removes it, a second run finds nothing', async () => {
    expect(await stepsOf()).toEqual(LEFT)
    const backup = join(folder, 'left.json')
    expect(await migrate('--apply', '--yes', '--backup', backup)).toMatchObject({ code: 0, stderr: '' })
    expect((await migrate()).code).toBe(0)
    expect(await migrate('--restore', backup, '--yes')).toMatchObject({ code: 0, stderr: '' })
    expect(await stepsOf()).toEqual(LEFT)
    const json = await migrate('--apply', '--yes', '-o', 'json', '--backup', join(folder, 'again.json'))
    expect(json.code).toBe(0)
    const report = JSON.parse(json.stdout)
    expect(report.steps.map(({ done }: { done: boolean }) => done)).toEqual(LEFT.map(() => true))
    expect(report.left).toEqual({ findings: [], steps: [] })
  })
})

describe('Linkerd’s own settings', () => {
  beforeAll(async () => {
    await apply(nativeDeployment('native'))
    await waitUntil({ what: 'its Pod', limitMs: 30_000 }, async () => (await collectorOf('native')).length === 1)
  })

  test('proxy.tracing: Linkerd’s tool switches it off, Pods are restarted, then nothing is left', async () => {
    await configure(NATIVE_ON)
    expect(await stepsOf()).toEqual([
      `--apply: opt Namespace ${SHOP} in: label tracing.linkerd.io/inject=enabled`,
      'by hand: switch off proxy.tracing.enabled in Linkerd',
      `--apply --restart: restart deployment/native in ${SHOP}`,
    ])
    keepers.push(keepPodsReady(cluster, SHOP))
    const backup = join(folder, 'native.json')
    expect(await migrate('--apply', '--yes', '--restart', '--backup', backup)).toMatchObject({ code: 2, stderr: '' })
    await waitUntil(
      { what: 'the old Pod to be gone', limitMs: 30_000 },
      async () => (await collectorOf('native')).length === 1,
    )
    expect(await collectorOf('native')).toEqual([OURS])
    expect(await stepsOf()).toEqual(['by hand: switch off proxy.tracing.enabled in Linkerd'])
    await configure(NATIVE_OFF)
    expect((await migrate()).code).toBe(0)
  })

  test('control plane tracing: what is told is told, and nothing is changed', async () => {
    await configure('controller: { tracing: { enabled: true } }')
    const component = plainDeployment({ namespace: 'linkerd', name: 'linkerd-destination' }) as LivePod
    Object.assign(component.spec, { replicas: 0 })
    component.spec.template.spec.containers[0].args = ['destination', `-trace-collector=${TEMPO}`]
    await apply(component)
    const start = cluster.audit().length
    const { code, stdout } = await migrate('--apply', '--yes', '--backup', join(folder, 'none.json'))
    expect(code).toBe(2)
    expect(stdout).toContain(`deployment/linkerd-destination to ${TEMPO}`)
    expect(stdout).toContain('linkerd upgrade --set controller.tracing.enabled=false | kubectl apply -f -')
    expect(writtenSince(start)).toEqual([])
    component.spec.template.spec.containers[0].args = ['destination']
    await apply(component)
    await configure('controller: { tracing: { enabled: false } }')
    expect((await migrate()).code).toBe(0)
  })
})

/** A restart leaves its time in the template. */
function withoutRestarts(found: unknown): unknown {
  const text = JSON.stringify(found).replace(/"kubectl\.kubernetes\.io\/restartedAt":"[^"]+",?/g, '')
  return JSON.parse(text.replace(/,}/g, '}').replace(/"annotations":{},/g, ''))
}
