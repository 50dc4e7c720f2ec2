// The figures of `dashboard` by its own port to the real Jaeger: those of the spans that were sent, whoever read them since.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FiguresReport, ServiceReport } from '../../src/page/reports/figures-report.ts'
import type { Span } from '../../src/spans/span.ts'
import { type ServedCluster, serveCluster } from '../cli/check/served-cluster.ts'
import { serveComponents } from '../cli/check/served-components.ts'
import { runInProcess } from '../cli/cli-run.ts'
import { fillJaeger } from './filled-jaeger.ts'
import { startJaeger } from './processes/jaeger.ts'
import { startTraceRun, type TraceRun } from './processes/trace-run.ts'
import { shopTraces } from './shop-traces.ts'

const MINUTES_US = 60_000_000
const SHOP = shopTraces({ seed: 4, spans: 5_000, startUs: (Date.now() - 600_000) * 1_000, withinUs: 9 * MINUTES_US })

let run: TraceRun
let cluster: ServedCluster
beforeAll(async () => {
  run = await startTraceRun()
  const jaeger = await startJaeger(run)
  await fillJaeger(jaeger, SHOP)
  cluster = await serveCluster()
  serveComponents(cluster)
  cluster.ways.pods.set('linkerd-tracing/linkerd-jaeger-0:16686', Number(new URL(jaeger.query).port))
})
afterAll(async () => {
  await cluster?.close()
  await run?.stop()
})

const serverSpans = (service: string, namespace: string | null) =>
  SHOP.spans.filter(
    ({ kind, process: sender, tags }: Span) =>
      kind === 'server' &&
      tags['direction'] === 'inbound' &&
      sender.service === service &&
      sender.tags['k8s.namespace.name'] === namespace,
  )

test('requests and latency of each service, and where its traces are on Jaeger’s page', async () => {
  const dashboard = runInProcess(['dashboard', '--kubeconfig', cluster.kubeconfig, '--show', 'url'])
  await expect.poll(dashboard.stdout, { timeout: 30_000 }).toMatch(/\n$/)
  const answer = await fetch(`${dashboard.stdout().trim()}api/figures?seconds=3600`)
  const { report } = (await answer.json()) as { report: FiguresReport }
  expect(report).toMatchObject({ spans: SHOP.spans.length, traces: SHOP.traces.length, notes: [] })
  // Old proxies name no Namespace in that attribute.
  const known = report.services.filter(({ service, namespace }) => serverSpans(service, namespace).length > 0)
  expect(known.length).toBeGreaterThan(3)
  for (const service of known) expectSpansOf(service)
  expect(report.controlPlane.map(({ service }) => service)).toContain('linkerd-identity')
  expect((await fetch(report.services[0]?.jaegerUrl ?? '')).status).toBe(200)
  dashboard.signals.emit('SIGINT')
  expect(await dashboard.returned).toBe(0)
})

function expectSpansOf({ service, namespace, requests, latency, overTime }: ServiceReport): void {
  const own = serverSpans(service, namespace)
  const durations = own.map(({ durationUs }) => durationUs).sort((one, other) => one - other)
  expect(requests).toBe(own.length)
  expect(latency.p50Us).toBe(durations[Math.ceil(own.length / 2) - 1])
  expect(latency.p99Us).toBe(durations[Math.ceil((own.length * 99) / 100) - 1])
  expect(overTime.requests.reduce((sum, count) => sum + count)).toBe(own.length)
}
