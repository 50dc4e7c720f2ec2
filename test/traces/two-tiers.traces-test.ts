// The overlay `production`: its configurations are taken by the real programs, and the two tiers keep traces whole.
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { productionObjects } from '../../scripts/manifests/production/production-objects.ts'
import { BY_TRACE_ID, PRODUCTION } from '../../scripts/manifests/production/production-values.ts'
import { shippedValues } from '../../scripts/manifests/shipped-values.ts'
import { type ConfigMap, mapOf } from '../../src/install/component-config.ts'
import { overlayConfig } from '../../src/install/config-overlay.ts'
import { waitUntil } from '../cluster/control-plane/wait-until.ts'
import { openOtlpClient } from './otlp/otlp-client.ts'
import { type OtlpSink, startOtlpSink } from './otlp/otlp-sink.ts'
import { startCollector } from './processes/collector.ts'
import { startTraceRun, type TraceRun } from './processes/trace-run.ts'
import { PROXY_RESOURCE, proxySpan } from './proxy-spans.ts'

let run: TraceRun
beforeAll(async () => {
  run = await startTraceRun()
})
afterAll(() => run?.stop())

const execute = promisify(execFile)

// biome-ignore lint/suspicious/noExplicitAny: objects as they are rendered
type Raw = any

const configOf = (name: string): Raw => {
  const objects: Raw[] = productionObjects(shippedValues(PRODUCTION.values))
  return objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === name).data['config.yaml']
}

describe('the real programs take', () => {
  const validate = async (program: 'otelcol' | 'jaeger', text: string) => {
    const file = join(run.folder, 'validated.yaml')
    writeFileSync(file, text)
    const env = { ...process.env, OPENSEARCH_USERNAME: 'name', OPENSEARCH_PASSWORD: 'password' }
    await execute(run.programs[program], ['validate', '--config', file], { env })
  }

  test.each(['linkerd-collector-config', 'linkerd-sampler-config'])('%s', async (name) => {
    await validate('otelcol', configOf(name))
  })

  test('Jaeger’s, but for names that came after the Jaeger that can be had here', async () => {
    const config = parse(configOf('linkerd-jaeger-config'))
    const { traces } = config.extensions.jaeger_storage.backends
    expect(Object.keys(traces)).toEqual(['opensearch'])
    const { auth, indices, tls: _, ...kept } = traces.opensearch
    const { username, password } = auth.basic
    traces.opensearch = { ...kept, username, password, index_prefix: indices.index_prefix }
    await validate('jaeger', stringify(config))
  })

  test('the first tier sends to the second, and to nobody else', () => {
    const { exporters, service } = parse(configOf('linkerd-collector-config'))
    expect(Object.keys(exporters)).toEqual(['load_balancing'])
    expect(service.pipelines.traces.exporters).toEqual(['load_balancing'])
  })
})

describe('two collectors before two', () => {
  const TRACES = 200
  let sinks: OtlpSink[]
  beforeAll(async () => {
    sinks = await Promise.all([startOtlpSink(), startOtlpSink()])
  })
  afterAll(async () => {
    await Promise.all(sinks.map((sink) => sink.stop()))
  })

  test('give all spans of a trace to one of the second tier, whichever of the first they came to', async () => {
    const hostnames = sinks.map(({ address }) => address)
    const change = (config: Parameters<typeof mapOf>[0]) => firstTier(mapOf(config), hostnames)
    const tier = [
      await startCollector(run, { name: 'first', change }),
      await startCollector(run, { name: 'second', change }),
    ]
    const traces = Array.from({ length: TRACES }, () => {
      const first = proxySpan()
      return [first, proxySpan({ traceId: first.traceId, parentSpanId: first.spanId })]
    })
    for (const [index, { grpc }] of tier.entries()) {
      const client = openOtlpClient(grpc)
      await client.send([{ resource: PROXY_RESOURCE, spans: traces.flatMap((spans) => spans[index] ?? []) }])
      client.close()
    }
    const counts = () => sinks.map((sink) => sink.spans().length)
    await waitUntil(
      { what: 'all spans', limitMs: 60_000, context: () => String(counts()) },
      () => counts().reduce((sum, count) => sum + count) === 2 * TRACES,
    )
    const [one = new Set(), other = new Set()] = sinks.map(
      (sink) => new Set(sink.spans().map(({ traceId }) => traceId)),
    )
    expect([...one].filter((id) => other.has(id))).toEqual([])
    expect(one.size + other.size).toBe(TRACES)
    // by chance it would be none of 200 once in 2 to the power of 200
    expect(Math.min(one.size, other.size)).toBeGreaterThan(0)
  })
})

/** As shipped, but for where the second tier is found: there is no DNS of a cluster here. */
function firstTier(config: ConfigMap, hostnames: readonly string[]): ConfigMap {
  const shipped = overlayConfig(config, BY_TRACE_ID).config
  const resolver = { $remove: ['dns'], static: { hostnames } }
  return overlayConfig(shipped, { exporters: { load_balancing: { resolver } } }).config
}
