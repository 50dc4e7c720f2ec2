// Users' own pieces over our configuration: what they make, which the real collector takes (test/traces/configurations), and
// what of them is refused, before anybody applies it.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { DEFAULT_COLLECTOR_SETTINGS, DEFAULT_TAIL_SAMPLING } from '../../../src/install/collector/collector-settings.ts'
import { overlaidCollector } from '../../../src/install/collector/overlaid-collector.ts'
import type { ConfigMap } from '../../../src/install/component-config.ts'
import { describeConfigMistake } from '../../../src/install/config-mistake.ts'
import { configYaml } from '../../../src/install/config-yaml.ts'

const OVERLAYS = join(import.meta.dirname, 'overlays')
const GOLDEN = join(import.meta.dirname, 'golden')

const overlaid = (overlay: string, settings = DEFAULT_COLLECTOR_SETTINGS) =>
  overlaidCollector(settings, parse(overlay) as ConfigMap)

const mistakesOf = (...of: Parameters<typeof overlaid>) => overlaid(...of).mistakes.map(describeConfigMistake)

describe('a configuration with pieces of one’s own', () => {
  test.each(readdirSync(OVERLAYS))('%s', async (name) => {
    const { config, mistakes } = overlaid(readFileSync(join(OVERLAYS, name), 'utf8'))
    expect(mistakes).toEqual([])
    await expect(configYaml(config)).toMatchFileSnapshot(join(GOLDEN, `overlaid-${name}`))
  })

  test('a connector is an exporter of one pipeline and a receiver of another', () => {
    const pipelines =
      '{traces: {exporters: {$append: [count]}}, metrics: {receivers: [count], processors: [memory_limiter], exporters: [debug]}}'
    expect(mistakesOf(`{connectors: {count: }, exporters: {debug: }, service: {pipelines: ${pipelines}}}`)).toEqual([])
  })
})

const of = (text: string) => `{service: {pipelines: {traces: ${text}}}}`

describe('is refused, with place, value and rule, when', () => {
  test.each([
    ['a section has another name', '{exporter: {debug: }}', /^exporter = .*: is none of receivers, .*, service$/],
    ['a section is no map', '{connectors: [count]}', /^connectors = \["count"\]: must be a map from ids to settings$/],
    ['a piece is no map', '{exporters: {debug: 5}}', /^exporters\.debug = 5: must be a map of settings, or nothing$/],
    ['an id is none', '{exporters: {debug/: }}', /^exporters\.debug\/ = "debug\/": must be a type, or type\/name/],
    [
      'a pipeline has no such name',
      '{service: {pipelines: {spans: {}}}}',
      /^service\.pipelines\.spans = .*: must be named/,
    ],
    ['a pipeline has other parts', of('{connectors: [a]}'), /^service\.pipelines\.traces\.connectors = .*: is none of/],
    [
      'ids are no texts',
      of('{exporters: [5]}'),
      /^service\.pipelines\.traces\.exporters = \[5\]: must be a list of ids$/,
    ],
    [
      'nothing is exported',
      of('{exporters: []}'),
      /^service\.pipelines\.traces\.exporters = \[\]: must name at least one$/,
    ],
    [
      'a piece is not defined',
      of('{exporters: {$append: [debug]}}'),
      /^service\.pipelines\.traces\.exporters\[1\] = "debug": is not defined; exporters are otlp_grpc\/jaeger$/,
    ],
    ['a piece is named twice', of('{receivers: [otlp, otlp]}'), /\[1\] = "otlp": must not be named twice$/],
    [
      'an extension is not defined',
      '{service: {extensions: [pprof]}}',
      /^service\.extensions\[0\] = "pprof": is not defined/,
    ],
    ['nothing bounds the memory', of('{processors: {$remove: [memory_limiter]}}'), /must begin with memory_limiter/],
    [
      'an exporter has no endpoint',
      '{exporters: {otlp_grpc/own: {}}}',
      /^exporters\.otlp_grpc\/own\.endpoint = .*: must be set$/,
    ],
    [
      'an endpoint is a URL where it must not be',
      '{exporters: {otlp/own: {endpoint: "https://a:4317"}}}',
      /: must be host:port \(IPv6 in brackets\), without scheme or path$/,
    ],
    [
      'an endpoint is no URL where it must be',
      '{exporters: {otlp_http/own: {endpoint: "a:4318"}}}',
      /: must be a URL that begins with http/,
    ],
    [
      'an endpoint has a password in it',
      '{exporters: {otlphttp/own: {endpoint: "https://a:b@c"}}}',
      /: must not hold user and password/,
    ],
    [
      'a piece is of former years',
      '{exporters: {jaeger: }}',
      /^exporters\.jaeger = "jaeger": is not in this collector any more: Jaeger/,
    ],
    [
      'OpenCensus is to be received',
      '{receivers: {opencensus: }}',
      /: the bridge beside the collector receives OpenCensus$/,
    ],
  ])('%s', (_why, overlay, message) => {
    const [first, ...others] = mistakesOf(overlay)
    expect(first).toMatch(message)
    expect(others).toEqual([])
  })

  test('a secret is written out, which is not shown again', () => {
    const overlay = '{exporters: {otlp_http/own: {endpoint: "https://a", headers: {x-api-key: hush}}}}'
    expect(mistakesOf(overlay)).toEqual([
      expect.stringMatching(/^exporters\.otlp_http\/own\.headers\.x-api-key = "\*\*\*\*": is a secret written out/),
    ])
  })

  test.each([
    ['k8s_attributes', 'it makes new batches'],
    ['redaction', 'what waits for its trace should hold no secrets'],
  ])('%s comes after tail sampling', (first, why) => {
    const settings = { ...DEFAULT_COLLECTOR_SETTINGS, tailSampling: DEFAULT_TAIL_SAMPLING }
    expect(mistakesOf(of(`{processors: {$after: {tail_sampling: [${first}]}}}`), settings)).toEqual([
      expect.stringContaining(`must have ${first} before tail_sampling: ${why}`),
    ])
  })

  test('mistakes of the settings come first, those of the result when all else is right', () => {
    const settings = { ...DEFAULT_COLLECTOR_SETTINGS, memoryMib: 16, backends: [] }
    expect(mistakesOf('{exporter: {}}', settings)).toEqual([
      'collector.memoryMib = 16: must be a whole number of MiB, at least 128',
      'collector.backends = []: must name at least one',
    ])
  })
})
