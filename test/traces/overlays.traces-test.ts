// Pieces of a user's own in the configuration of the real collector: they work, beside ours. That it takes each of the
// examples in test/install/collector/overlays is tested with all other configurations.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { type ConfigMap, mapOf } from '../../src/install/component-config.ts'
import { overlayConfig } from '../../src/install/config-overlay.ts'
import { waitUntil } from '../cluster/control-plane/wait-until.ts'
import { openOtlpClient } from './otlp/otlp-client.ts'
import { type OtlpSink, startOtlpSink } from './otlp/otlp-sink.ts'
import { startCollector } from './processes/collector.ts'
import { startTraceRun, type TraceRun } from './processes/trace-run.ts'
import { PROXY_RESOURCE, proxySpan } from './proxy-spans.ts'

const EXAMPLES = join(import.meta.dirname, '..', 'install', 'collector', 'overlays')

const CLUSTER = parse(`
processors:
  resource/cluster:
    attributes:
      - { key: k8s.cluster.name, value: berlin, action: upsert }
      - { key: k8s.cluster.url, value: 'https://joe:hush@berlin.example.com', action: upsert }
service: { pipelines: { traces: { processors: { $after: { memory_limiter: [resource/cluster] } } } } }
`) as ConfigMap

let run: TraceRun
let sinks: { readonly ours: OtlpSink; readonly alarms: OtlpSink }
beforeAll(async () => {
  run = await startTraceRun()
  sinks = { ours: await startOtlpSink(), alarms: await startOtlpSink() }
})
afterAll(async () => {
  for (const sink of Object.values(sinks ?? {})) await sink.stop()
  await run?.stop()
})

test('a processor and a second pipeline of one’s own work, and no secret gets past them', async () => {
  const example = readFileSync(join(EXAMPLES, 'second-pipeline.yaml'), 'utf8')
  const alarms = parse(example.replace('alarms.example.com:4317', sinks.alarms.address)) as ConfigMap
  const plaintext = { exporters: { 'otlp_grpc/alarms': { tls: { insecure: true } } } }
  const collector = await startCollector(run, {
    settings: { backends: [{ name: 'ours', protocol: 'grpc', endpoint: sinks.ours.address, tls: false }] },
    change: (config) =>
      [CLUSTER, alarms, plaintext].reduce((below, piece) => overlayConfig(below, piece).config, mapOf(config)),
  })
  const client = openOtlpClient(collector.grpc)
  const well = proxySpan()
  const failed = proxySpan({ status: { code: 2, message: 'GET http://joe:hush@shop/cart failed' } })
  await client.send([{ resource: PROXY_RESOURCE, spans: [failed, well] }])
  client.close()
  const arrived = () => sinks.ours.spans().length >= 2 && sinks.alarms.spans().length >= 1
  await waitUntil({ what: 'the spans at both', limitMs: 60_000, context: collector.log }, arrived)
  expect(sinks.ours.requests()[0]?.resource).toEqual({
    ...PROXY_RESOURCE,
    'k8s.cluster.name': 'berlin',
    'k8s.cluster.url': 'https://berlin.example.com',
  })
  expect(sinks.alarms.spans()).toMatchObject([
    { spanId: failed.spanId, status: { message: 'GET http://shop/cart failed' } },
  ])
})
