// `check --span` and `explain` on the real collector and the real Jaeger, with our configurations; the cluster is a served
// one, which forwards its Pods' ports to them.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ServedCluster, serveCluster } from '../cli/check/served-cluster.ts'
import { certify, READY, serveComponents } from '../cli/check/served-components.ts'
import { runInProcess } from '../cli/cli-run.ts'
import { waitUntil } from '../cluster/control-plane/wait-until.ts'
import { decide, meshedPod } from '../injection/samples.ts'
import { tracesOf } from './jaeger-api.ts'
import { openOtlpClient } from './otlp/otlp-client.ts'
import { type Collector, startCollector } from './processes/collector.ts'
import { type Jaeger, startJaeger } from './processes/jaeger.ts'
import { startTraceRun, type TraceRun } from './processes/trace-run.ts'
import { PROXY_RESOURCE, proxySpan } from './proxy-spans.ts'

const portOf = (address: string) => Number(address.split(':').at(-1))

let run: TraceRun
let jaeger: Jaeger
let collector: Collector
let cluster: ServedCluster
beforeAll(async () => {
  run = await startTraceRun()
  jaeger = await startJaeger(run)
  collector = await startCollector(run, { settings: { backends: [jaeger.backend] } })
  cluster = await serveCluster()
  serveComponents(cluster)
  await certify(cluster)
  cluster.ways.pods.set('linkerd-tracing/linkerd-collector-0:4318', portOf(collector.http))
  cluster.ways.pods.set('linkerd-tracing/linkerd-jaeger-0:16686', portOf(jaeger.query))
})
afterAll(async () => {
  await cluster?.close()
  await run?.stop()
})

const base = () => `${jaeger.query}/jaeger`

/** What `check --span` says of the span. */
async function span(...words: string[]): Promise<string> {
  const run = runInProcess(['check', '--span', '--wait=30s', '--kubeconfig', cluster.kubeconfig, ...words])
  await run.returned
  const lines = run.stdout().split('\n')
  const at = lines.findIndex((line) => line.includes('a span that is sent comes out of Jaeger'))
  return lines.slice(at, at + 2).join('\n')
}

describe('check --span', () => {
  test('finds its span by ports that are forwarded', async () => {
    expect(await span()).toMatch(/^√ a span that is sent comes out of Jaeger \(trace [0-9a-f]{32}\)$/m)
  })

  test('finds it at addresses that are said; it is one of a service of its own', async () => {
    expect(await span('--collector-url', collector.http, '--jaeger-url', base())).toMatch(/^√/)
    const spans = await tracesOf(base(), 'linkerd-tracing-check')
    expect(spans.length).toBeGreaterThan(0)
    expect(spans[0]).toMatchObject({ name: 'check --span', tags: { error: true } })
  })

  test('a Jaeger that has it not', async () => {
    const other = await startJaeger(run)
    const said = await span('--wait=0s', '--collector-url', collector.http, '--jaeger-url', `${other.query}/jaeger`)
    expect(said).toMatch(/^× .*\n {4}the collector took the span, and Jaeger does not have it$/)
    await other.process.end('SIGKILL')
  })
})

describe('explain', () => {
  /** What becomes of the last link for a Pod of the service `web`. */
  async function spanLink(pod: string): Promise<{ result: string; because?: string; detail?: string }> {
    const metadata = { name: pod, namespace: 'shop' }
    const { patched } = decide(meshedPod({ labels: { 'app.kubernetes.io/name': 'web' } }), {
      namespace: { labels: { 'tracing.linkerd.io/inject': 'enabled' }, annotations: {} },
    })
    cluster.objects.set(`/api/v1/namespaces/shop/pods/${pod}`, {
      ...patched,
      metadata: { ...patched.metadata, ...metadata },
      status: READY,
    })
    const run = runInProcess(['explain', pod, '-n', 'shop', '--kubeconfig', cluster.kubeconfig, '-o', 'json'])
    await run.returned
    return JSON.parse(run.stdout()).links.at(-1)
  }

  async function send(resource: Record<string, string>): Promise<void> {
    const { traceId } = await (async () => {
      const made = proxySpan()
      const client = openOtlpClient(collector.grpc)
      await client.send([{ resource: { ...PROXY_RESOURCE, ...resource }, spans: [made] }])
      client.close()
      return made
    })()
    await waitUntil({ what: 'the span in Jaeger', limitMs: 30_000, context: collector.log }, async () =>
      (await tracesOf(base(), 'web')).some((stored) => stored.traceId === traceId),
    )
  }

  test('nothing was sent; then by another Pod; then by this one, which says its name, or its host', async () => {
    expect(await spanLink('web-1')).toMatchObject({
      result: 'broken',
      because: 'none of service "web" in the last hour',
    })
    await send({ 'k8s.pod.name': 'web-2', 'host.name': 'web-2' })
    expect(await spanLink('web-1')).toMatchObject({
      result: 'broken',
      because: expect.stringContaining('other Pods: web-2'),
    })
    await send({ 'k8s.pod.name': 'web-1' })
    expect(await spanLink('web-1')).toMatchObject({ result: 'ok', detail: 'service "web", in the last hour' })
    await send({ 'host.name': 'web-3' })
    expect(await spanLink('web-3')).toMatchObject({ result: 'ok' })
  })
})
