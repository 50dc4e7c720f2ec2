import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { meshedPod, type Raw } from '../../injection/samples.ts'
import { runInProcess } from '../cli-run.ts'
import { SERVICES, type ServedCluster, serveCluster } from './served-cluster.ts'
import { DEPLOYMENTS, PODS, POLICIES, READY, serveComponents } from './served-components.ts'

let cluster: ServedCluster
beforeEach(async () => {
  cluster = await serveCluster()
  serveComponents(cluster)
})
afterEach(() => cluster.close())

interface Line {
  readonly description: string
  readonly result: string
  readonly error?: string
}

const CATEGORIES = /^linkerd-tracing-(components|policy|span|proxies)$/

/** What `check` tells of what runs: `{}` when all is well. */
async function check(...words: string[]) {
  const run = runInProcess(['check', '--kubeconfig', cluster.kubeconfig, '--wait=0s', '-o', 'json', ...words])
  await run.returned
  const { categories } = JSON.parse(run.stdout()) as { categories: { categoryName: string; checks: Line[] }[] }
  const lines = categories.filter(({ categoryName }) => CATEGORIES.test(categoryName)).flatMap(({ checks }) => checks)
  const told = lines
    .filter(({ result }) => result !== 'success')
    .map(({ description, result, error }) => [description, `${result}: ${error}`] as const)
  return { told: Object.fromEntries(told), made: lines.map(({ description }) => description) }
}

const INJECTOR = 'the injector is ready'
const COLLECTOR = 'the collector is ready'
const JAEGER = 'Jaeger is ready'
const IMAGES = 'images are those of this version'
const COLLECTOR_MESHED = 'the collector’s Pods are meshed'
const JAEGER_MESHED = 'Jaeger’s Pods are meshed'
const BRIDGE = 'the bridge is ready'
const SERVED = 'Services of collector and Jaeger are as installed'
const POLICY = 'Linkerd’s policies for collector and Jaeger are as installed'
const PLAINTEXT = 'the collector refuses plaintext'
const SPAN = 'a span that is sent comes out of Jaeger'

const at = (path: string): Raw => cluster.objects.get(path)
const pod = (name: string): Raw => at(`${PODS}/${name}`)
const deployment = (name: string): Raw => at(`${DEPLOYMENTS}/${name}`)
const unready = (name: string) => {
  deployment(name).status.readyReplicas = 0
  const { status } = pod(`${name}-0`)
  status.conditions = []
  return status
}

test('what runs as installed is well; what is not asked for is not looked at', async () => {
  const { told, made } = await check()
  expect(told).toEqual({})
  expect(made).toEqual([
    INJECTOR,
    COLLECTOR,
    JAEGER,
    IMAGES,
    COLLECTOR_MESHED,
    JAEGER_MESHED,
    BRIDGE,
    SERVED,
    POLICY,
    PLAINTEXT,
  ])
})

describe('what runs', () => {
  test('the injector’s Deployment is gone', async () => {
    cluster.objects.delete(`${DEPLOYMENTS}/linkerd-tracing-injector`)
    expect((await check()).told).toEqual({
      [INJECTOR]: expect.stringMatching(
        /^error: Deployment linkerd-tracing\/linkerd-tracing-injector is missing; apply/,
      ),
    })
  })

  test('one of two replicas is ready: the other Pod says why', async () => {
    deployment('linkerd-tracing-injector').status.readyReplicas = 1
    pod('linkerd-tracing-injector-1').status = {
      phase: 'Pending',
      conditions: [{ type: 'PodScheduled', status: 'False', message: '0/3 nodes are available' }],
    }
    expect((await check()).told).toEqual({
      [INJECTOR]:
        'error: Deployment linkerd-tracing/linkerd-tracing-injector: 1 of 2 Pods are ready\nPod linkerd-tracing/linkerd-tracing-injector-1 has no node: 0/3 nodes are available',
    })
  })

  test.each<[string, Raw, RegExp]>([
    [
      'ImagePullBackOff',
      { waiting: { reason: 'ImagePullBackOff' } },
      /has a container collector with ImagePullBackOff$/,
    ],
    [
      'a crash',
      { terminated: { reason: 'Error', exitCode: 1 } },
      /has a container collector with Error \(exit code 1\)$/,
    ],
    ['nothing yet', { running: {} }, /has containers that are not ready: collector$/],
  ])('the collector is not ready for %s', async (_what, state, told) => {
    unready('linkerd-collector').containerStatuses[0] = { name: 'collector', ready: false, state }
    expect((await check()).told).toMatchObject({ [COLLECTOR]: expect.stringMatching(told) })
  })

  test('an update is under way', async () => {
    deployment('linkerd-collector').status.updatedReplicas = 0
    expect((await check()).told).toEqual({
      [COLLECTOR]: expect.stringMatching(/: 0 of 1 Pods are of the current template$/),
    })
  })

  test('scaled to nothing, and no Pod at all', async () => {
    deployment('linkerd-jaeger').spec.replicas = 0
    for (const path of cluster.objects.keys())
      if (path.startsWith(`${PODS}/linkerd-collector`)) cluster.objects.delete(path)
    deployment('linkerd-collector').status = {}
    expect((await check()).told).toMatchObject({
      [JAEGER]: expect.stringMatching(
        /^error: Deployment linkerd-tracing\/linkerd-jaeger is scaled to no Pod: kubectl scale/,
      ),
      [COLLECTOR]: expect.stringMatching(/0 of 1 Pods are ready\nit has no Pod: kubectl describe/),
    })
  })

  test('collector and Jaeger may be elsewhere', async () => {
    for (const path of cluster.objects.keys()) {
      if (/linkerd-(collector|jaeger)(-\d|$)/.test(path)) cluster.objects.delete(path)
    }
    expect((await check()).told).toEqual({ [COLLECTOR]: expect.stringMatching(/linkerd-collector is missing; apply/) })
    const { args } = deployment('linkerd-tracing-injector').spec.template.spec.containers[0]
    for (const address of ['otel.obs:4317', 'linkerd-collector.other:4317']) {
      args.push(`--collector-address=${address}`)
      expect((await check()).told, address).toEqual({})
    }
    args.push('--collector-address=linkerd-collector-headless.linkerd-tracing.svc.cluster.local:4317')
    expect((await check()).told).toHaveProperty(COLLECTOR)
  })

  test('another version runs; another image, a digest or a mirror is no matter', async () => {
    const containers = deployment('linkerd-collector').spec.template.spec.containers
    containers[0].image = 'mirror.example.com/opentelemetry-collector-contrib:0.100.0'
    containers[1].image = 'mirror.example.com/x/linkerd-tracing@sha256:0'
    deployment('linkerd-jaeger').spec.template.spec.containers[0].image = 'of-our-own:3'
    expect((await check()).told).toEqual({
      [IMAGES]:
        'warning: mirror.example.com/opentelemetry-collector-contrib:0.100.0 runs, and this program goes with opentelemetry-collector-contrib:0.159.0',
    })
  })

  test.each([
    ['linkerd-collector', COLLECTOR_MESHED],
    ['linkerd-jaeger', JAEGER_MESHED],
  ])('a Pod of %s has no proxy: it is named', async (name, description) => {
    const { spec } = pod(`${name}-0`)
    spec.containers.pop()
    unready(name)
    const { told } = await check()
    expect(told[description]).toMatch(
      new RegExp(
        `^error: Pod linkerd-tracing/${name}-0 has no proxy: .*\\n.*kubectl rollout restart -n linkerd-tracing deploy/${name}$`,
      ),
    )
  })

  test('the proxy as a native sidecar is a proxy', async () => {
    const { spec } = pod('linkerd-collector-0')
    spec.initContainers = [spec.containers.pop()]
    expect((await check()).told).toEqual({})
  })

  test('the bridge is not ready, or not there while it is sent to', async () => {
    pod('linkerd-collector-0').status.containerStatuses[1].ready = false
    expect((await check()).told).toEqual({
      [BRIDGE]:
        'error: no bridge is ready for the spans of the control plane’s components\nPod linkerd-tracing/linkerd-collector-0 has a bridge that is not ready',
    })
    deployment('linkerd-collector').spec.template.spec.containers.pop()
    expect((await check()).told[BRIDGE]).toMatch(
      /^warning: the collector’s Pods have no bridge, and the injector tells/,
    )
    deployment('linkerd-tracing-injector').spec.template.spec.containers[0].args.push('--opencensus-address=')
    expect((await check()).told).not.toHaveProperty(BRIDGE)
  })

  test('the headless Service is missed where proxies are sent to it, however many Pods there are', async () => {
    deployment('linkerd-collector').spec.replicas = 3
    Object.assign(deployment('linkerd-collector').status, { readyReplicas: 3, updatedReplicas: 3 })
    expect((await check()).told).toEqual({})
    deployment('linkerd-tracing-injector').spec.template.spec.containers[0].args.push(
      '--collector-address=linkerd-collector-headless.linkerd-tracing.svc.cluster.local:4317',
    )
    expect((await check()).told).toEqual({
      [SERVED]: expect.stringMatching(/^error: Service linkerd-tracing\/linkerd-collector-headless is missing\n/),
    })
  })

  test('a Service has lost a port', async () => {
    at(`${SERVICES}/linkerd-collector`).spec.ports.pop()
    expect((await check()).told).toEqual({
      [SERVED]: expect.stringMatching(
        /^error: Service linkerd-tracing\/linkerd-collector: spec\.ports should have \{"name":"opencensus"/,
      ),
    })
  })
})

describe('policy', () => {
  const policies = () => [...cluster.objects.keys()].filter((path) => path.startsWith(`${POLICIES}/`))

  test('one of them is gone', async () => {
    cluster.objects.delete(`${POLICIES}/namespaces/linkerd-tracing/serverauthorizations/linkerd-collector-otlp-grpc`)
    expect((await check()).told).toEqual({
      [POLICY]: expect.stringMatching(
        /^error: ServerAuthorization linkerd-tracing\/linkerd-collector-otlp-grpc is missing\n/,
      ),
    })
  })

  test('one of them lets plaintext in', async () => {
    const path = `${POLICIES}/namespaces/linkerd-tracing/serverauthorizations/linkerd-collector-otlp-http`
    at(path).spec.client = { unauthenticated: true }
    expect((await check()).told[POLICY]).toMatch(
      /spec\.client\.meshTLS is absent, and should be \{"unauthenticatedTLS":true\}/,
    )
  })

  test('who may read Jaeger’s page is everybody’s own choice', async () => {
    const path = `${POLICIES}/namespaces/linkerd-tracing/serverauthorizations/linkerd-jaeger-ui`
    at(path).spec.client.meshTLS.serviceAccounts = [{ name: 'grafana', namespace: 'grafana' }]
    expect((await check()).told).toEqual({})
    cluster.objects.delete(path)
    expect((await check()).told).toEqual({})
  })

  test('none of them is there, or no such kinds', async () => {
    for (const path of policies()) cluster.objects.delete(path)
    expect((await check()).told[POLICY]).toMatch(
      /^warning: none of them is there: the collector takes spans in plaintext/,
    )
    cluster.objects.delete(POLICIES)
    expect((await check()).told[POLICY]).toMatch(/^warning: the cluster does not have Linkerd’s policy\.linkerd\.io/)
  })

  test.each<[string, ServedCluster['podAnswer'], string | RegExp]>([
    ['Linkerd’s proxy refuses', { status: 403, body: '' }, 'success'],
    [
      'the collector takes it',
      { status: 200, body: '{"partialSuccess":{}}' },
      /^error: it took an export in plaintext/,
    ],
    [
      'whoever asks has no right',
      { status: 403, body: '{"message":"pods \\"x\\" is forbidden"}' },
      /^warning: could not be checked: .*HTTP 403 \(pods "x" is forbidden\)$/,
    ],
    [
      'somebody before the cluster refuses',
      { status: 403, body: '<html>Forbidden</html>' },
      /^warning: could not be checked/,
    ],
    [
      'the API server does not reach the Pod',
      { status: 503, body: '{"message":"no route to host"}' },
      /^warning: could not be checked: .*no route to host/,
    ],
    [
      'nobody answers',
      { status: 0, body: '' },
      /^warning: could not be checked: no answer of linkerd-tracing\/linkerd-collector-0:4318 by way of the API server: /,
    ],
    ['what answers is no collector', { status: 200, body: 'hello' }, /^warning: could not be checked/],
  ])('plaintext, when %s', async (_who, answer, told) => {
    cluster.podAnswer = answer
    const { told: all } = await check()
    expect(all[PLAINTEXT] ?? 'success').toMatch(told)
  })

  test('plaintext, when no collector is ready: could not be checked', async () => {
    unready('linkerd-collector')
    expect((await check()).told[PLAINTEXT]).toBe('warning: could not be checked: no Pod of the collector is ready')
  })
})

describe('--span', () => {
  let servers: Server[] = []
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections()
      server.close()
    }
    servers = []
  })

  async function serve(answer: (path: string, body: string) => [status: number, body: object]): Promise<number> {
    const server = createServer(async (request, response) => {
      const [status, body] = answer(String(request.url), await text(request))
      response.writeHead(status).end(JSON.stringify(body))
    })
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return (server.address() as AddressInfo).port
  }

  /** A collector and a Jaeger with the Pods' ports; what the first takes, the second has. */
  async function serveTraces({ status = 200, loses = false } = {}): Promise<Set<string>> {
    const stored = new Set<string>()
    const collector = await serve((path, body) => {
      const [span] = JSON.parse(body).resourceSpans[0].scopeSpans[0].spans
      if (path === '/v1/traces' && !loses) stored.add(span.traceId)
      return [status, {}]
    })
    const jaeger = await serve((path) => {
      const found = stored.has(path.replace('/jaeger/api/traces/', ''))
      return found ? [200, { data: [{}] }] : [404, { errors: [{ msg: 'trace not found' }] }]
    })
    cluster.ways.pods.set('linkerd-tracing/linkerd-collector-0:4318', collector)
    cluster.ways.pods.set('linkerd-tracing/linkerd-jaeger-0:16686', jaeger)
    return stored
  }

  test('goes in and comes out, by ports that are forwarded and closed again', async () => {
    const stored = await serveTraces()
    const { told, made } = await check('--span')
    expect(told).toEqual({})
    expect(made).toContain(SPAN)
    expect(stored.size).toBe(1)
    await expect.poll(cluster.ways.open).toBe(0)
  })

  test('the collector does not take it', async () => {
    await serveTraces({ status: 503 })
    expect((await check('--span')).told).toEqual({
      [SPAN]: expect.stringMatching(/^error: the collector does not take the span: .*\/v1\/traces answered HTTP 503$/),
    })
  })

  test('it does not arrive', { timeout: 60_000 }, async () => {
    await serveTraces({ loses: true })
    expect((await check('--span')).told).toEqual({
      [SPAN]: expect.stringMatching(/^error: the collector took the span, and Jaeger does not have it\n.*kubectl logs/),
    })
  })

  test('no port can be forwarded: could not be checked', async () => {
    cluster.ways.refuseWith = 502
    expect((await check('--span')).told).toEqual({
      [SPAN]:
        'warning: could not be checked: cannot forward a port to linkerd-tracing/linkerd-collector-0:4318: HTTP 502',
    })
  })

  test('no Jaeger is there to ask, or it is not Jaeger: could not be checked', async () => {
    await serveTraces()
    const jaeger = `http://127.0.0.1:${await serve(() => [200, []])}`
    expect((await check('--span', '--jaeger-url', jaeger)).told[SPAN]).toMatch(
      /could not be checked: .*is not Jaeger’s API/,
    )
    expect((await check('--span', '--jaeger-url', 'http://127.0.0.1:1')).told[SPAN]).toMatch(
      /could not be checked: .*gives no answer/,
    )
    cluster.objects.delete(`${DEPLOYMENTS}/linkerd-jaeger`)
    expect((await check('--span')).told[SPAN]).toMatch(
      /could not be checked: Jaeger is not in linkerd-tracing; --jaeger-url says/,
    )
  })
})

describe('--proxy', () => {
  beforeEach(() => {
    cluster.objects.set('/api/v1/namespaces/elsewhere', { metadata: { name: 'elsewhere' } })
  })
  const put = (namespace: string, name: string, object: Raw) =>
    cluster.objects.set(`/api/v1/namespaces/${namespace}/pods/${name}`, {
      ...object,
      metadata: { ...object.metadata, namespace, name },
      status: READY,
    })
  const traced = (address: string, name?: string) => [
    { name: 'LINKERD2_PROXY_TRACE_COLLECTOR_SVC_ADDR', value: address },
    ...(name === undefined ? [] : [{ name: 'LINKERD2_PROXY_TRACE_COLLECTOR_SVC_NAME', value: name }]),
  ]
  const VERSION = 'proxies are new enough'
  const SETTINGS = 'proxies have settings that they accept'
  const TODAY = 'proxies have the settings of today'

  test('nothing to look at could not be checked', async () => {
    put('elsewhere', 'web', meshedPod())
    const { told } = await check('--proxy')
    expect(told[VERSION]).toBe('warning: could not be checked: no Pod with a proxy is in an opted-in Namespace')
    expect((await check('--proxy', '-n', 'nowhere')).told[VERSION]).toMatch(/Namespace nowhere is not there/)
  })

  test('each is told as a warning, with what to do; others’ Namespaces are left alone', async () => {
    put('shop', 'old', meshedPod({ proxy: { image: 'cr.l5d.io/linkerd/proxy:stable-2.13.4' } }))
    put('shop', 'odd', meshedPod({ annotations: { 'config.linkerd.io/trace-collector': 'http://otel' } }))
    put('shop', 'crashing', meshedPod({ proxy: { env: traced('otel.obs:4317') } }))
    put(
      'shop',
      'other',
      meshedPod({ proxy: { env: traced('otel.obs:4317', 'a.b.serviceaccount.identity.linkerd.x') } }),
    )
    put('elsewhere', 'odd', meshedPod({ proxy: { env: traced('http://x') } }))
    const { told } = await check('--proxy')
    expect(told[VERSION]).toMatch(/^warning: shop\/old: its proxy is of stable-2\.13\.4; 2\.14 or newer is supported\n/)
    expect(told[SETTINGS]).toMatch(
      /^warning: shop\/odd: invalid-setting: .*"http:\/\/otel".*\nshop\/crashing: its proxy refuses what it has: LINKERD2_PROXY_TRACE_COLLECTOR_SVC_ADDR "otel\.obs:4317" is set without LINKERD2_PROXY_TRACE_COLLECTOR_SVC_NAME\nlinkerd-tracing explain/,
    )
    expect(told[TODAY]).toMatch(
      /^warning: shop\/old: it is older than the opt-in.*\nshop\/crashing: its settings are of another time; .*\nshop\/other: .* would send to "linkerd-collector\.linkerd-tracing\.svc\.cluster\.local:4317" as "linkerd-proxy"\n/,
    )
    expect(JSON.stringify(told)).not.toContain('elsewhere')
    const limited = await check('--proxy', '-n', 'elsewhere')
    expect(limited.told[VERSION]).toMatch(/could not be checked/)
  })

  test('at most ten are named', async () => {
    for (let index = 0; index < 14; index++) put('shop', `web-${index}`, meshedPod())
    const { told } = await check('--proxy')
    expect(told[TODAY]?.split('\n')).toHaveLength(12)
    expect(told[TODAY]).toContain('\nand 4 more\n')
  })
})
