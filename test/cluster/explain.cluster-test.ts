// `check` of what runs, and `explain`, on a real API server: each broken state names its cause. No Pod runs here: their status
// is written by the test, and what needs a kubelet or a mesh has to come out as could not be checked.
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { TRACE_CONFIGURATION } from '../../src/install/object-names.ts'
import { runInProcess } from '../cli/cli-run.ts'
import { root } from '../source-files.ts'
import { accessCluster } from './cluster-access.ts'
import { waitUntil } from './control-plane/wait-until.ts'
import { type InstalledInjector, installInjector, LAYOUT } from './installed-injector.ts'
import { dryRunPod, type LivePod, listPods, plainDeployment, plainPod } from './pods.ts'
import { patchStatus, type RunningComponents, readyPods, runComponents } from './running-components.ts'
import { type StandInInjector, startStandInInjector } from './stand-in-injector.ts'

const cluster = accessCluster(inject('cluster'))
const OWN = LAYOUT.namespace
const SHOP = 'explained-shop'
const POLICY_CRDS = join(root, 'test/fixtures/linkerd-policy/crds.yaml')
const COLLECTOR_PODS = 'app.kubernetes.io/component=collector'
/** By which its Service selects. */
const COLLECTOR_LABELS = { 'app.kubernetes.io/name': 'linkerd-tracing', 'app.kubernetes.io/component': 'collector' }

let injector: InstalledInjector
let linkerd: StandInInjector
let components: RunningComponents

const apply = (...items: object[]) =>
  cluster.kubectlWith(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }), 'apply', '-f', '-')
const label = (name: string, ...labels: string[]) =>
  cluster.kubectl('label', 'namespace', name, '--overwrite', ...labels)
const remove = (kind: string, name: string) => cluster.kubectl('delete', kind, name, '-n', OWN)

beforeAll(async () => {
  await cluster.kubectl('apply', '-f', POLICY_CRDS)
  linkerd = await startStandInInjector(cluster)
  injector = await installInjector(cluster)
  await cluster.createNamespace({
    name: SHOP,
    labels: { 'tracing.linkerd.io/inject': 'enabled' },
    annotations: { 'linkerd.io/inject': 'enabled' },
  })
  await waitUntil({ what: 'Pods to be traced', limitMs: 30_000 }, async () =>
    JSON.stringify(await dryRunPod(cluster, plainPod({ namespace: SHOP, name: 'probe' }))).includes('TRACE_COLLECTOR'),
  )
  components = await runComponents(cluster, injector.layout)
})
afterAll(async () => {
  await components?.remove()
  await cluster.kubectl('delete', 'namespace', SHOP, '--wait=false').catch(() => {})
  await injector?.uninstall()
  await linkerd?.stop()
  await cluster.kubectl('delete', '-f', POLICY_CRDS)
})

// biome-ignore lint/suspicious/noExplicitAny: JSON as it is printed
async function printed(...words: string[]): Promise<{ code: number; said: any }> {
  const run = runInProcess([...words, '--kubeconfig', cluster.kubeconfig, '-o', 'json'])
  const code = await run.returned
  if (run.stdout() === '') throw new Error(run.stderr())
  return { code, said: JSON.parse(run.stdout()) }
}

describe.skipIf(!cluster.hasControllerManager)('check', () => {
  const WHAT_RUNS = /^linkerd-tracing-(components|policy|span|proxies)$/

  /** What it tells of what runs. */
  async function told(...words: string[]): Promise<Record<string, string>> {
    const { said } = await printed('check', '--wait=0s', ...words)
    type Category = { categoryName: string; checks: { description: string; result: string; error?: string }[] }
    const lines = (said.categories as Category[]).filter(({ categoryName }) => WHAT_RUNS.test(categoryName))
    const others = lines.flatMap(({ checks }) => checks).filter(({ result }) => result !== 'success')
    return Object.fromEntries(others.map(({ description, result, error }) => [description, `${result}: ${error}`]))
  }

  /** Nobody can ask a Pod that does not run. */
  const PLAINTEXT = {
    'the collector refuses plaintext': expect.stringMatching(
      /^warning: could not be checked: the API server could not ask/,
    ),
  }
  const COLLECTOR = 'the collector is ready'
  const POLICY = 'Linkerd’s policies for collector and Jaeger are as installed'

  test('all is well, but for what needs Pods that run', async () => {
    expect(await told()).toEqual(PLAINTEXT)
    expect(await told('--span')).toEqual({
      ...PLAINTEXT,
      'a span that is sent comes out of Jaeger': expect.stringMatching(
        /^warning: could not be checked: cannot forward a port to linkerd-tracing\/linkerd-collector-\S+:4318: /,
      ),
    })
  })

  test.each<[string, () => Promise<unknown>, Record<string, unknown>]>([
    [
      'the collector’s Deployment is gone',
      () => remove('deployment', 'linkerd-collector'),
      { [COLLECTOR]: expect.stringMatching(/^error: Deployment linkerd-tracing\/linkerd-collector is missing/) },
    ],
    [
      'Jaeger is scaled to nothing',
      () => cluster.kubectl('scale', 'deploy/linkerd-jaeger', '--replicas=0', '-n', OWN),
      { ...PLAINTEXT, 'Jaeger is ready': expect.stringMatching(/linkerd-jaeger is scaled to no Pod/) },
    ],
    [
      'a policy is gone',
      () => remove('serverauthorization', 'linkerd-collector-otlp-grpc'),
      {
        ...PLAINTEXT,
        [POLICY]: expect.stringMatching(/^error: ServerAuthorization \S+\/linkerd-collector-otlp-grpc is missing/),
      },
    ],
    [
      'a policy demands no TLS',
      () =>
        cluster.kubectl(
          ...['patch', 'serverauthorization', 'linkerd-collector-otlp-grpc', '-n', OWN, '--type=merge'],
          ...['-p', '{"spec":{"client":{"unauthenticated":true,"meshTLS":null}}}'],
        ),
      { ...PLAINTEXT, [POLICY]: expect.stringMatching(/client\.meshTLS is absent/) },
    ],
    [
      'all policies are gone',
      async () => {
        await remove('servers.policy.linkerd.io', '--all')
        await remove('serverauthorizations.policy.linkerd.io', '--all')
      },
      { ...PLAINTEXT, [POLICY]: expect.stringMatching(/^warning: none of them is there/) },
    ],
    [
      'a Service is gone',
      () => remove('service', 'linkerd-jaeger'),
      {
        ...PLAINTEXT,
        'Services of collector and Jaeger are as installed': expect.stringMatching(
          /Service \S+\/linkerd-jaeger is missing/,
        ),
      },
    ],
  ])('%s', async (_state, breakIt, wanted) => {
    await breakIt()
    try {
      expect(await told()).toEqual(wanted)
    } finally {
      await components.heal()
    }
  })

  test('a Pod that is not ready says why; without proxy it is named', async () => {
    const [pod] = await listPods(cluster, OWN, COLLECTOR_PODS)
    const conditions = [{ type: 'Ready', status: 'False' }]
    const waiting = { waiting: { reason: 'ImagePullBackOff' } }
    const [first, ...more] = pod.status.containerStatuses
    const containerStatuses = [{ ...first, ready: false, state: waiting }, ...more]
    const bare = { namespace: OWN, name: 'bare', annotations: { 'linkerd.io/inject': 'disabled' } }
    try {
      await patchStatus(cluster, pod, { conditions, containerStatuses })
      await apply(plainPod({ ...bare, labels: COLLECTOR_LABELS }))
      const wanted = {
        [COLLECTOR]: expect.stringMatching(
          /: 0 of 1 Pods are ready\n.*Pod \S+ has a container \S+ with ImagePullBackOff/s,
        ),
        'the collector’s Pods are meshed': expect.stringMatching(/^error: Pod linkerd-tracing\/bare has no proxy: /),
      }
      await waitUntil({ what: 'the Deployment to see it', limitMs: 20_000 }, async () => COLLECTOR in (await told()))
      expect(await told()).toMatchObject(wanted)
    } finally {
      await cluster.kubectl('delete', 'pod', 'bare', '-n', OWN, '--ignore-not-found', '--grace-period=0', '--force')
      await patchStatus(cluster, pod, pod.status)
      await components.heal()
    }
  })

  test('--proxy warns of others’ Pods, and is no failure', async () => {
    const old = plainPod({
      namespace: SHOP,
      name: 'odd',
      annotations: { 'config.linkerd.io/trace-collector': 'http://x' },
    })
    await apply(old)
    try {
      const { 'proxies have settings that they accept': settings } = await told('--proxy', '-n', SHOP)
      expect(settings).toMatch(/^warning: explained-shop\/odd: invalid-setting: /)
    } finally {
      await cluster.kubectl('delete', 'pod', 'odd', '-n', SHOP, '--grace-period=0', '--force')
    }
  })
})

describe('explain', () => {
  let made = 0
  /** Makes a Pod, which looks as if it ran; gives its name. */
  async function pod(metadata: { labels?: Record<string, string>; annotations?: Record<string, string> } = {}) {
    const name = `web-${++made}`
    await apply(plainPod({ namespace: SHOP, name, ...metadata }))
    await readyPods(cluster, SHOP)
    return name
  }

  interface Link {
    readonly link: string
    readonly result: string
    readonly because?: string
  }

  async function explain(target: string, ...words: string[]) {
    const { code, said } = await printed('explain', target, '-n', SHOP, ...words)
    const links = said.links as Link[]
    const { because } = links.find(({ link }) => link === said.broken) ?? {}
    return { code, broken: said.broken as string | null, because, links, pod: said.pod as string }
  }

  test('a Pod of which all is well, but for spans, which nobody can look at here', async () => {
    const { code, broken, links } = await explain(await pod())
    expect({ code, broken }).toEqual({ code: 0, broken: null })
    const others = links.filter(({ result }) => result !== 'ok')
    expect(others).toEqual([
      expect.objectContaining({
        link: 'span',
        result: 'unchecked',
        because: expect.stringMatching(/^cannot forward a port to linkerd-tracing\/linkerd-jaeger-\S+:16686: /),
      }),
    ])
  })

  test.skipIf(!cluster.hasControllerManager)('a Deployment is its newest Pod', async () => {
    await apply(plainDeployment({ namespace: SHOP, name: 'shop' }))
    await waitUntil(
      { what: 'its Pod', limitMs: 30_000 },
      async () => (await listPods(cluster, SHOP, 'app=shop')).length > 0,
    )
    const { pod: name, broken } = await explain('deploy/shop')
    expect(name).toMatch(/^shop-\w+-\w+$/)
    expect(broken).toBeNull()
  })

  describe('Pod and Namespace', () => {
    test('not opted in', async () => {
      const name = await pod()
      await label(SHOP, 'tracing.linkerd.io/inject=true')
      try {
        expect(await explain(name)).toMatchObject({
          code: 1,
          broken: 'opt-in',
          because: 'not-opted-in: Namespace explained-shop says "true" with its label tracing.linkerd.io/inject',
        })
      } finally {
        await label(SHOP, 'tracing.linkerd.io/inject=enabled')
      }
    })

    interface Chosen {
      readonly state: string
      readonly labels?: Record<string, string>
      readonly annotations?: Record<string, string>
      readonly broken: string
      readonly because: RegExp
    }

    test.each<Chosen>([
      {
        state: 'opted out',
        labels: { 'tracing.linkerd.io/inject': 'disabled' },
        broken: 'opt-out',
        because: /^opted-out: /,
      },
      {
        state: 'no proxy',
        annotations: { 'linkerd.io/inject': 'disabled' },
        broken: 'meshed',
        because: /^not-meshed: the Pod says .*"disabled"/,
      },
      {
        state: 'an address that no proxy takes',
        annotations: { 'config.linkerd.io/trace-collector': 'http://otel:4317' },
        broken: 'settings',
        because: /^invalid-setting: Pod annotation config\.linkerd\.io\/trace-collector "http:\/\/otel:4317"/,
      },
      {
        state: 'a collector that is not there',
        annotations: { 'config.linkerd.io/trace-collector': 'otel.explained-shop:4317' },
        broken: 'collector-ready',
        because: /^Service explained-shop\/otel is not there$/,
      },
      {
        state: 'a port that the Service does not have',
        annotations: { 'config.linkerd.io/trace-collector': 'linkerd-collector.linkerd-tracing:14317' },
        broken: 'collector-ready',
        because: /has no port 14317, but 4317, 4318, 55678$/,
      },
      {
        state: 'an identity that the collector does not have',
        annotations: { 'config.alpha.linkerd.io/trace-collector-service-account': 'otel.linkerd-tracing' },
        broken: 'identity',
        because: /^the proxy demands otel\.linkerd-tracing\..*\nPod \S+ is linkerd-collector\.linkerd-tracing\./,
      },
    ])('$state', async ({ labels = {}, annotations = {}, broken, because }) => {
      const said = await explain(await pod({ labels, annotations }))
      expect(said).toMatchObject({ code: 1, broken, because: expect.stringMatching(because) })
    })

    test('older than the opt-in; and with settings that its proxy refuses', async () => {
      await label(SHOP, 'tracing.linkerd.io/inject-')
      await waitUntil({ what: 'Pods not to be traced', limitMs: 20_000 }, async () => {
        const seen = await dryRunPod(cluster, plainPod({ namespace: SHOP, name: 'probe' }))
        return !JSON.stringify(seen).includes('TRACE_COLLECTOR')
      })
      const older = await pod()
      const refusing = await refusingPod()
      await label(SHOP, 'tracing.linkerd.io/inject=enabled')
      expect(await explain(older)).toMatchObject({
        broken: 'proxy-settings',
        because: expect.stringMatching(/^it has none/),
      })
      expect(await explain(refusing)).toMatchObject({
        broken: 'proxy-accepts',
        because: expect.stringMatching(/ADDR "otel\.obs:4317" is set without LINKERD2_PROXY_TRACE_COLLECTOR_SVC_NAME$/),
      })
    })

    /** As somebody else's tool might have written it. */
    async function refusingPod(): Promise<string> {
      const name = `web-${++made}`
      const meshed = await dryRunPod(cluster, plainPod({ namespace: SHOP, name }))
      const { initContainers, containers, volumes } = meshed.spec
      const env = [{ name: 'LINKERD2_PROXY_TRACE_COLLECTOR_SVC_ADDR', value: 'otel.obs:4317' }]
      const withEnv = (list: LivePod[] = []) =>
        list.map((one) => (one.name === 'linkerd-proxy' ? { ...one, env: [...one.env, ...env] } : one))
      const spec = { initContainers: withEnv(initContainers), containers: withEnv(containers), volumes }
      const { labels, annotations } = meshed.metadata
      await apply({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: SHOP, labels, annotations }, spec })
      await readyPods(cluster, SHOP)
      return name
    }

    test('the proxy has ended with 64', async () => {
      const name = await pod()
      const proxy = { name: 'linkerd-proxy', image: 'x', imageID: 'x', ready: false, restartCount: 3 }
      const lastState = { terminated: { exitCode: 64, reason: 'Error' } }
      await patchStatus(
        cluster,
        { metadata: { name, namespace: SHOP } },
        { initContainerStatuses: [{ ...proxy, lastState }] },
      )
      expect(await explain(name)).toMatchObject({
        broken: 'proxy-accepts',
        because: expect.stringMatching(/exit code 64/),
      })
    })
  })

  describe('the installation', () => {
    test('a webhook configuration is gone', async () => {
      const name = await pod()
      await cluster.kubectl('delete', 'mutatingwebhookconfiguration', TRACE_CONFIGURATION)
      try {
        expect(await explain(name)).toMatchObject({
          broken: 'webhook-configured',
          because: expect.stringMatching(/linkerd-tracing-injector-webhook-config is missing/),
        })
      } finally {
        await apply(...injector.manifests)
      }
    })

    test('the injector is away', async () => {
      const name = await pod()
      await injector.process().end('SIGKILL')
      try {
        expect(await explain(name)).toMatchObject({
          broken: 'webhook-reached',
          because: expect.stringMatching(/× the API server reaches the injector: .*got no answer/),
        })
      } finally {
        await injector.start()
      }
    })

    test.skipIf(!cluster.hasControllerManager)('the collector is not ready', async () => {
      const name = await pod()
      const pods = await listPods(cluster, OWN, COLLECTOR_PODS)
      for (const one of pods) await patchStatus(cluster, one, { conditions: [{ type: 'Ready', status: 'False' }] })
      try {
        expect(await explain(name)).toMatchObject({
          broken: 'collector-ready',
          because: expect.stringMatching(/^Service linkerd-tracing\/linkerd-collector has no Pod that is ready\nPod /),
        })
      } finally {
        for (const one of pods) await patchStatus(cluster, one, one.status)
      }
    })

    test('the collector has a Pod without proxy', async () => {
      const name = await pod()
      const bare = { namespace: OWN, name: 'bare', annotations: { 'linkerd.io/inject': 'disabled' } }
      await apply(plainPod({ ...bare, labels: COLLECTOR_LABELS }))
      await readyPods(cluster, OWN)
      try {
        expect(await explain(name)).toMatchObject({
          broken: 'collector-meshed',
          because: expect.stringMatching(/^Pod linkerd-tracing\/bare has no proxy/),
        })
      } finally {
        await cluster.kubectl('delete', 'pod', 'bare', '-n', OWN, '--grace-period=0', '--force')
      }
    })

    test('whoever may read only Pods is told what could not be checked, and never that it is well', async () => {
      const name = await pod()
      await cluster.kubectl('create', 'role', 'pods', '-n', SHOP, '--verb=get,list', '--resource=pods')
      await cluster.kubectl('create', 'rolebinding', 'pods', '-n', SHOP, '--role=pods', '--user=reader')
      const { code, links } = await explain(name, '--as=reader')
      expect(code).toBe(0)
      const unchecked = links.filter(({ result }) => result === 'unchecked').map(({ link }) => link)
      expect(unchecked).toEqual(
        expect.arrayContaining([
          'opt-in',
          'webhook-configured',
          'webhook-reached',
          'collector-ready',
          'identity',
          'span',
        ]),
      )
    })
  })
})
