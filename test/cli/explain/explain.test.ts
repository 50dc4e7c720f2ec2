// The command as a whole: how it finds the Pod, gathers facts from a cluster and from Jaeger, and prints them. What becomes
// of each link is held by links.test.ts.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { INJECTOR, MARK_CONFIGURATION, TRACE_CONFIGURATION } from '../../../src/install/object-names.ts'
import { decide, meshedPod, type Raw } from '../../injection/samples.ts'
import { testCa } from '../../tls/test-certificates.ts'
import { CONFIGURATIONS, SERVICES, type ServedCluster, serveCluster } from '../check/served-cluster.ts'
import { certify, DEPLOYMENTS, PODS, READY, serveComponents } from '../check/served-components.ts'
import { runInProcess } from '../cli-run.ts'

const OPTED_IN = { labels: { 'tracing.linkerd.io/inject': 'enabled' }, annotations: {} }
const SHOP = '/api/v1/namespaces/shop'
const base64 = (text: string) => Buffer.from(text).toString('base64')

let cluster: ServedCluster
let jaeger: Server
/** What Jaeger answers, and what it was asked. */
let traces: { data: Raw[] }
let asked: string[]
beforeEach(async () => {
  cluster = await serveCluster()
  serveComponents(cluster)
  await certify(cluster)
  put('web-1', decide(meshedPod(), { namespace: OPTED_IN }).patched)
  traces = { data: [traceOf('web-1')] }
  asked = []
  jaeger = createServer((request, response) => {
    asked.push(String(request.url))
    response.end(JSON.stringify(traces))
  })
  await new Promise<void>((resolve) => jaeger.listen(0, '127.0.0.1', resolve))
  const { port } = jaeger.address() as AddressInfo
  cluster.ways.pods.set('linkerd-tracing/linkerd-jaeger-0:16686', port)
})
afterEach(async () => {
  await cluster.close()
  jaeger.closeAllConnections()
  jaeger.close()
})

function put(name: string, pod: Raw, metadata: object = {}): void {
  const all = { ...pod.metadata, ...metadata, name, namespace: 'shop' }
  cluster.objects.set(`${SHOP}/pods/${name}`, { ...pod, metadata: all, status: READY })
}

function traceOf(pod: string, service = 'linkerd-proxy'): Raw {
  const tags = [{ key: 'k8s.pod.name', value: pod }]
  return { spans: [{ processID: 'p1' }], processes: { p1: { serviceName: service, tags } } }
}

async function explain(...words: string[]) {
  const run = runInProcess(['explain', ...words, '--kubeconfig', cluster.kubeconfig])
  return { code: await run.returned, stdout: run.stdout(), stderr: run.stderr() }
}

/** The links that are not `ok`, by name. */
async function told(...words: string[]) {
  const { code, stdout, stderr } = await explain(...words, '-n', 'shop', '-o', 'json')
  if (stdout === '') return { code, error: stderr }
  const { broken, links } = JSON.parse(stdout) as { broken: string | null; links: Raw[] }
  const others = links.filter(({ result }) => result !== 'ok')
  return {
    code,
    broken,
    told: Object.fromEntries(others.map(({ link, result, because }) => [link, `${result}: ${because}`])),
  }
}

test('in a cluster where check finds nothing', async () => {
  const run = runInProcess(['check', '--wait=0s', '--kubeconfig', cluster.kubeconfig, '-o', 'short'])
  const code = await run.returned
  expect({ code, stdout: run.stdout() }).toEqual({ code: 0, stdout: 'Status check results are √\n' })
})

test('a Pod whose spans arrive: no link is broken', async () => {
  expect(await told('pod/web-1')).toEqual({ code: 0, broken: null, told: {} })
  const [query = ''] = asked
  expect(query).toMatch(/^\/jaeger\/api\/traces\?service=linkerd-proxy&limit=50&start=\d{16}&end=\d{16}&tags=/)
  expect(decodeURIComponent(query)).toContain('{"k8s.pod.name":"web-1"}')
  await expect.poll(cluster.ways.open).toBe(0)
})

test('the table says of what, and ends with what is broken', async () => {
  cluster.objects.delete(`${SERVICES}/linkerd-collector`)
  const { code, stdout } = await explain('web-1', '-n', 'shop')
  const lines = stdout.split('\n')
  expect(code).toBe(1)
  expect(lines[0]).toBe('pod/web-1 in Namespace shop')
  expect(lines).toContain('√ the Namespace is opted in (tracing.linkerd.io/inject=enabled)')
  expect(lines).toContain('    Service linkerd-tracing/linkerd-collector is not there')
  expect(lines.at(-3)).toBe('The first broken link: the collector is there, and ready (collector-ready)')
})

test('colours are for terminals, and for whoever did not say NO_COLOR', async () => {
  const words = ['explain', 'web-1', '-n', 'shop', '--kubeconfig', cluster.kubeconfig]
  const run = runInProcess(words, {}, { isTTY: true })
  await run.returned
  expect(run.stdout()).toContain('\u001b[32;1m√\u001b[0m the Pod may be traced')
  const plain = runInProcess(words, { NO_COLOR: '1' }, { isTTY: true })
  await plain.returned
  expect(plain.stdout()).not.toContain('\u001b')
})

test('without -n it is the Namespace of the kubeconfig’s context', async () => {
  expect((await explain('web-1')).stderr).toBe('error: pod web-1 is not there in Namespace default\n')
})

test('-o yaml says the same as -o json', async () => {
  const [json, yaml] = await Promise.all(['json', 'yaml'].map((output) => explain('web-1', '-n', 'shop', '-o', output)))
  expect(parse(yaml?.stdout ?? '')).toEqual(JSON.parse(json?.stdout ?? ''))
  expect(JSON.parse(json?.stdout ?? '')).toMatchObject({ namespace: 'shop', pod: 'web-1', broken: null })
})

describe('what is explained', () => {
  const workload = (plural: string, selector: object, root = '/apis/apps/v1') =>
    cluster.objects.set(`${root}/namespaces/shop/${plural}/web`, { metadata: { name: 'web' }, spec: { selector } })

  test.each([
    ['deploy/web', 'deployments', undefined],
    ['deployment/web', 'deployments', undefined],
    ['sts/web', 'statefulsets', undefined],
    ['daemonsets/web', 'daemonsets', undefined],
    ['rs/web', 'replicasets', undefined],
    ['job/web', 'jobs', '/apis/batch/v1'],
  ])('%s is its newest Pod', async (target, plural, root) => {
    workload(plural, { matchLabels: { app: 'web' } }, root)
    const { patched } = decide(meshedPod(), { namespace: OPTED_IN })
    const made = (name: string, creationTimestamp: string, more = {}) =>
      put(name, patched, { labels: { app: 'web' }, creationTimestamp, ...more })
    made('web-old', '2026-01-01T00:00:00Z')
    made('web-new', '2026-01-02T00:00:00Z')
    made('web-ending', '2026-01-03T00:00:00Z', { deletionTimestamp: '2026-01-03T00:00:00Z' })
    const { stdout } = await explain(target, '-n', 'shop')
    expect(stdout).toMatch(/^pod\/web-new in Namespace shop, of \w+\/web \(the newest of 2\)\n/)
  })

  test.each([
    ['pod/none', /^error: pod none is not there in Namespace shop$/],
    ['deploy/none', /^error: deployment none is not there in Namespace shop$/],
    ['cronjob/web', /^error: "cronjob\/web" must be TYPE\/NAME, with one of these types: pod, deployment/],
    ['deploy/', /must be TYPE\/NAME/],
    ['a/b/c', /must be TYPE\/NAME/],
  ])('%s: an error', async (target, error) => {
    const said = await told(target)
    expect(said.code).toBe(1)
    expect(said.error?.trim()).toMatch(error)
  })

  test('a Job that is done is its last Pod', async () => {
    workload('jobs', { matchLabels: { app: 'web' } }, '/apis/batch/v1')
    put('done', decide(meshedPod(), { namespace: OPTED_IN }).patched, { labels: { app: 'web' } })
    cluster.objects.get(`${SHOP}/pods/done`).status = { phase: 'Succeeded' }
    expect((await explain('job/web', '-n', 'shop')).stdout).toMatch(/^pod\/done in Namespace shop, of job\/web\n/)
  })

  test('a workload without Pods', async () => {
    workload('deployments', { matchLabels: { app: 'web' } })
    expect((await told('deploy/web')).error).toMatch(/^error: deployment web has no Pod in Namespace shop/)
  })

  test('a selector of expressions is asked as it is', async () => {
    const matchExpressions = [
      { key: 'tier', operator: 'In', values: ['a', 'b'] },
      { key: 'track', operator: 'NotIn', values: ['canary'] },
      { key: 'app', operator: 'Exists' },
      { key: 'old', operator: 'DoesNotExist' },
    ]
    workload('deployments', { matchLabels: { app: 'web' }, matchExpressions })
    await told('deploy/web')
    const query = 'app=web,tier in (a,b),track notin (canary),app,!old'
    expect(cluster.queries.map((one) => one.get('labelSelector'))).toContain(query)
  })
})

describe('what is found', () => {
  test('nothing is installed: the webhook is the first that is broken', async () => {
    for (const path of cluster.objects.keys()) {
      if (/injector/.test(path) && !/linkerd-proxy-injector/.test(path)) cluster.objects.delete(path)
    }
    const { broken, told: links } = await told('web-1')
    expect(broken).toBe('webhook-configured')
    expect(links?.['webhook-configured']).toMatch(/nothing of it is in the cluster/)
    expect(links?.['span']).toMatch(/^unchecked: no installation was found/)
  })

  test('the injector does not answer', async () => {
    cluster.injectorAnswers = false
    const { broken, told: links } = await told('web-1')
    expect(broken).toBe('webhook-reached')
    expect(links?.['webhook-reached']).toMatch(
      /× a new Pod of Namespace shop is traced: Namespace shop: a Pod came through unchanged/,
    )
  })

  test('the serving certificate is not trusted', async () => {
    const stranger = await testCa('stranger')
    const [entry] = cluster.objects.get(`${CONFIGURATIONS}/${TRACE_CONFIGURATION}`).webhooks
    entry.clientConfig.caBundle = base64(stranger.certPem)
    const { broken, told: links } = await told('web-1')
    expect(broken).toBe('webhook-reached')
    expect(links?.['webhook-reached']).toMatch(/does not trust the serving certificate/)
  })

  test('what is wrong and does not keep a Pod from being traced is for check to tell', async () => {
    for (const path of cluster.objects.keys()) if (/validatingadmissionpolic/.test(path)) cluster.objects.delete(path)
    cluster.objects.get(`${CONFIGURATIONS}/${MARK_CONFIGURATION}`).webhooks[0].failurePolicy = 'Fail'
    expect(await told('web-1')).toEqual({ code: 0, broken: null, told: {} })
    cluster.objects.get(`${CONFIGURATIONS}/${TRACE_CONFIGURATION}`).webhooks[0].matchConditions = []
    expect((await told('web-1')).broken).toBe('webhook-configured')
  })

  test('settings of the installation count: what its injector is told', async () => {
    const [container] = cluster.objects.get(`${DEPLOYMENTS}/${INJECTOR}`).spec.template.spec.containers
    container.args.push('--collector-address=otel.obs.svc:4317')
    const { told: links } = await told('web-1')
    expect(links).toEqual({
      'proxy-settings': expect.stringMatching(/^odd: a new Pod would get other ones: spans to otel\.obs\.svc:4317/),
    })
  })

  test('the collector’s Pods as they are', async () => {
    cluster.objects.get(`${PODS}/linkerd-collector-0`).spec.serviceAccountName = 'default'
    expect((await told('web-1')).broken).toBe('identity')
    cluster.objects.get(`${PODS}/linkerd-collector-0`).spec.containers.pop()
    expect((await told('web-1')).broken).toBe('collector-meshed')
    cluster.objects.get(`${PODS}/linkerd-collector-0`).status = { phase: 'Pending' }
    expect((await told('web-1')).broken).toBe('collector-ready')
  })

  test.each([
    ['an IP', '10.1.2.3:4317', /^unchecked: 10\.1\.2\.3:4317 is no Service of this cluster$/],
    ['a Service without selector', 'outside.shop:4317', /^unchecked: Service shop\/outside selects no Pods/],
    ['a Service that is not there', 'nowhere.shop:4317', /^broken: Service shop\/nowhere is not there$/],
  ])('the address leads to %s', async (_what, address, wanted) => {
    cluster.objects.set(`${SHOP}/services/outside`, { spec: { ports: [{ port: 4317 }] } })
    const annotations = {
      'config.linkerd.io/trace-collector': address,
      'config.alpha.linkerd.io/trace-collector-service-account': 'otel.obs',
    }
    put('web-1', decide(meshedPod({ annotations }), { namespace: OPTED_IN }).patched)
    expect((await told('web-1')).told?.['collector-ready']).toMatch(wanted)
  })

  test('a collector in the same Pod', async () => {
    const annotations = { 'config.linkerd.io/trace-collector': '127.0.0.1:4317' }
    put('web-1', decide(meshedPod({ annotations }), { namespace: OPTED_IN }).patched)
    expect(await told('web-1')).toEqual({ code: 0, broken: null, told: {} })
  })

  test('spans: of others only, of no Pod, none, or no Jaeger', async () => {
    const spans = async () => (await told('web-1')).told?.['span'] ?? 'ok'
    traces.data = [traceOf('web-2')]
    expect(await spans()).toBe('ok') // Jaeger itself picks by Pod
    traces.data = []
    expect(await spans()).toBe('broken: none of service "linkerd-proxy" in the last hour')
    traces.data = [traceOf('web-1', 'other')]
    expect(await spans()).toMatch(/^broken/)
    cluster.ways.refuseWith = 502
    expect(await spans()).toMatch(
      /^unchecked: cannot forward a port to linkerd-tracing\/linkerd-jaeger-0:16686: HTTP 502$/,
    )
    const { port } = jaeger.address() as AddressInfo
    traces.data = [traceOf('web-1')]
    expect((await told('web-1', '--jaeger-url', `http://127.0.0.1:${port}/`)).told).toEqual({})
  })

  test('Jaeger’s page may be at the root', async () => {
    const config = cluster.objects.get('/api/v1/namespaces/linkerd-tracing/configmaps/linkerd-jaeger-config')
    config.data = { 'config.yaml': 'extensions: { jaeger_query: {} }' }
    await told('web-1')
    cluster.objects.delete('/api/v1/namespaces/linkerd-tracing/configmaps/linkerd-jaeger-config')
    await told('web-1')
    expect(asked.filter((path) => path.startsWith('/api/traces?'))).toHaveLength(2)
  })

  test('whoever may read little is told what could not be checked', async () => {
    for (const name of [MARK_CONFIGURATION, TRACE_CONFIGURATION]) {
      cluster.refusals.set(`${CONFIGURATIONS}/${name}`, { status: 403, message: 'forbidden' })
    }
    cluster.refusals.set(SHOP, { status: 403, message: 'forbidden' })
    cluster.refusals.set(`${SERVICES}/linkerd-collector`, { status: 403, message: 'forbidden' })
    const { code, told: links } = await told('web-1')
    expect(code).toBe(0)
    for (const link of ['opt-in', 'webhook-configured', 'webhook-reached', 'collector-ready', 'identity'])
      expect(links?.[link], link).toMatch(/^unchecked: /)
  })
})
