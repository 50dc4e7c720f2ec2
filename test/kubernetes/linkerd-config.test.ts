import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseAllDocuments, stringify } from 'yaml'
import { nativeTracing } from '../../src/cli/migrate/native-tracing.ts'
import { isJsonObject, type JsonObject } from '../../src/injection/json.ts'
import { parseLinkerdConfig } from '../../src/kubernetes/linkerd-config.ts'
import { root } from '../source-files.ts'

const withValues = (values: unknown) => ({ data: { values: typeof values === 'string' ? values : stringify(values) } })

describe('facts', () => {
  test('stand in the YAML of the key `values`', () => {
    const config = withValues({
      clusterDomain: 'cluster.example',
      identityTrustDomain: 'mesh.example',
      linkerdVersion: 'edge-26.8.3',
      proxy: { image: { version: 'edge-26.8.3' } },
    })
    expect(parseLinkerdConfig(config)).toEqual({
      facts: { clusterDomain: 'cluster.example', trustDomain: 'mesh.example', linkerdVersion: 'edge-26.8.3' },
      ignored: [],
    })
  })

  test('stood below `global` in 2.8 and 2.9', () => {
    const global = { clusterDomain: 'a.example', identityTrustDomain: 'b.example', linkerdVersion: 'stable-2.9.4' }
    expect(parseLinkerdConfig(withValues({ global })).facts).toEqual({
      clusterDomain: 'a.example',
      trustDomain: 'b.example',
      linkerdVersion: 'stable-2.9.4',
    })
  })

  test('stood in the JSON of the key `global` in 2.7', () => {
    const global = {
      version: 'stable-2.7.1',
      clusterDomain: 'a.example',
      identityContext: { trustDomain: 'b.example' },
    }
    expect(parseLinkerdConfig({ data: { global: JSON.stringify(global), proxy: '{}', install: '{}' } })).toEqual({
      facts: { clusterDomain: 'a.example', trustDomain: 'b.example', linkerdVersion: 'stable-2.7.1' },
      ignored: [],
    })
  })

  test('an empty one is absent, as in Helm’s values', () => {
    expect(parseLinkerdConfig(withValues({ clusterDomain: 'cluster.local', identityTrustDomain: '' }))).toEqual({
      facts: { clusterDomain: 'cluster.local' },
      ignored: [],
    })
  })

  test('an absent ConfigMap has none', () => {
    expect(parseLinkerdConfig(undefined)).toEqual({ facts: {}, ignored: [] })
    expect(parseLinkerdConfig({})).toEqual({ facts: {}, ignored: [] })
  })
})

describe('what cannot be used is ignored, and told', () => {
  test.each([
    [
      { linkerdVersion: 'install-control-plane-version' },
      'linkerdVersion "install-control-plane-version" is not usable',
    ],
    [{ clusterDomain: 'not a domain' }, 'clusterDomain "not a domain" is not usable'],
    [{ identityTrustDomain: 'spiffe://x' }, 'trustDomain "spiffe://x" is not usable'],
    [{ identityTrustDomain: 'a\nb' }, 'trustDomain "a\\nb" is not usable'],
  ])('%j', (values, sentence) => {
    const config = withValues({ ...values })
    expect(parseLinkerdConfig(config)).toEqual({ facts: {}, ignored: [sentence] })
  })

  test('one of them does not cost the others', () => {
    const config = withValues({ clusterDomain: 'a.example', linkerdVersion: 'dev' })
    expect(parseLinkerdConfig(config)).toMatchObject({ facts: { clusterDomain: 'a.example' }, ignored: [/dev/] })
  })

  test.each([
    ['no YAML', 'a: b: c'],
    ['a list', '- a'],
    ['a text', 'a'],
    [
      'an alias bomb',
      `a: &a [${'x,'.repeat(20)}]\nb: &b [${'*a,'.repeat(20)}]\nc: &c [${'*b,'.repeat(20)}]\nd: [${'*c,'.repeat(20)}]`,
    ],
  ])('%s', (_, values) => {
    expect(parseLinkerdConfig(withValues(values))).toEqual({ facts: {}, ignored: ['key values is no YAML mapping'] })
  })

  test('a text that would hold the webhook up is not even parsed', () => {
    const values = `clusterDomain: a.example\nx: ${'y'.repeat(128 * 1024)}`
    expect(parseLinkerdConfig(withValues(values))).toEqual({
      facts: {},
      ignored: ['key values has more than 131072 characters'],
    })
  })

  test('numbers and other types are as if absent', () => {
    expect(parseLinkerdConfig(withValues('clusterDomain: 1\nlinkerdVersion: null')).facts).toEqual({})
    expect(parseLinkerdConfig({ data: { values: 5 } }).facts).toEqual({})
  })
})

describe('what Linkerd really renders', () => {
  const shared = process.env['LINKERD_TRACING_SHARED'] ?? join(root, '../shared')
  const folder = join(shared, 'linkerd')
  const versions = (() => {
    try {
      return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
    } catch (error) {
      if (process.env['CI']) throw error
      return []
    }
  })()

  // Not `test.each` of nothing: a suite without a test is an error.
  if (versions.length === 0) test.skip(`nothing is in ${folder} (LINKERD_TRACING_SHARED)`, () => {})
  else
    test.each(versions)('%s', (version) => {
      const text = readFileSync(join(folder, version, 'control-plane.yaml'), 'utf8')
      const { facts } = parseLinkerdConfig(configIn(text))
      expect(nativeTracing(configIn(text))).toEqual({ on: [], collectors: [] })
      expect(nativeTracing(configIn(switchedOn(text))).on.map(({ name }) => name)).toEqual(
        SETTINGS[version] ?? expect.any(Array),
      )
      expect(facts).toMatchObject({ clusterDomain: 'cluster.local', trustDomain: 'cluster.local' })
      if (facts.linkerdVersion !== undefined) expect(facts.linkerdVersion).toBe(version)
    })
})

/** What each version calls the settings that have it trace. */
const SETTINGS: Readonly<Record<string, readonly string[]>> = {
  'stable-2.7.1': ['--control-plane-tracing'],
  'stable-2.14.10': ['controlPlaneTracing'],
  'edge-24.11.8': ['controlPlaneTracing'],
  'edge-25.4.4': ['controlPlaneTracing'],
  'edge-26.8.3': ['proxy.tracing.enabled', 'controller.tracing.enabled'],
}

function configIn(manifests: string): JsonObject | undefined {
  const objects = parseAllDocuments(manifests).map((document): unknown => document.toJS())
  return objects
    .filter(isJsonObject)
    .find(
      ({ kind, metadata }) => kind === 'ConfigMap' && isJsonObject(metadata) && metadata['name'] === 'linkerd-config',
    )
}

/** The same installation, told to trace. */
function switchedOn(manifests: string): string {
  return manifests
    .replace('"flags":[]', '"flags":[{"name":"control-plane-tracing","value":"true"}]')
    .replace('controlPlaneTracing: false', 'controlPlaneTracing: true')
    .replace(/( +)tracing:\n(?:\1 .*\n)*?\1 {2}enabled: false/g, (section) => section.replace(/false$/, 'true'))
}
