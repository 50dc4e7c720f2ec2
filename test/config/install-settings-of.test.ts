import { expect, test } from 'vitest'
import { installSettingMistakes, installSettings } from '../../src/config/install-settings-of.ts'
import { readSettings } from '../../src/config/read-settings.ts'
import { resolveSettings } from '../../src/config/resolve-settings.ts'
import { SettingsError } from '../../src/config/setting-mistake.ts'

const valuesOf = (flags: Record<string, string>) => readSettings({ command: 'inject', flags, env: {} }).values
const resolve = (flags: Record<string, string>, env: Record<string, string> = {}) =>
  resolveSettings({ command: 'serve', flags, env })
const mistakesOf = (flags: Record<string, string>, env: Record<string, string> = {}) => {
  try {
    resolve(flags, env)
  } catch (error) {
    if (error instanceof SettingsError) return error.mistakes.map((mistake) => mistake.flag)
    throw error
  }
  return []
}

test('without anything given the settings are the defaults, and the addresses stay absent', () => {
  expect(installSettings(valuesOf({}))).toEqual({
    collectorServiceAccount: 'linkerd-collector',
    collectorNamespace: 'linkerd-tracing',
    allNamespaces: false,
    controlPlane: true,
    allowCollectorAnnotations: true,
    linkerdNamespace: 'linkerd',
    trustDomain: 'cluster.local',
    clusterDomain: 'cluster.local',
    protocol: 'opentelemetry',
  })
})

test('a fact: flag over linkerd-config over default', () => {
  const discovered = { trustDomain: 'found.trust', clusterDomain: 'found.cluster', linkerdVersion: 'edge-26.8.3' }
  expect(installSettings(valuesOf({}), discovered)).toMatchObject(discovered)
  expect(installSettings(valuesOf({ trustDomain: 'a.b', clusterDomain: 'c.d' }), discovered)).toMatchObject({
    trustDomain: 'a.b',
    clusterDomain: 'c.d',
  })
})

test('the trust domain is by default the cluster domain, whichever way that was found', () => {
  expect(installSettings(valuesOf({ clusterDomain: 'c.d' })).trustDomain).toBe('c.d')
  expect(installSettings(valuesOf({}), { clusterDomain: 'e.f' }).trustDomain).toBe('e.f')
})

test('addresses and names that were given are kept, an empty bridge address too; an empty service name is none', () => {
  const settings = installSettings(
    valuesOf({ collectorAddress: 'a.b.svc:1', opencensusAddress: '', serviceName: 'linkerd-proxy' }),
  )
  expect(settings).toMatchObject({
    collectorAddress: 'a.b.svc:1',
    opencensusAddress: '',
    serviceName: 'linkerd-proxy',
  })
  expect(installSettings(valuesOf({ serviceName: '' }))).not.toHaveProperty('serviceName')
})

test('mistakes of values and of the injection’s rules come together, in one error', () => {
  expect(mistakesOf({ port: 'x', collectorAddress: 'http://otel:4317', linkerdNamespace: 'A' })).toEqual([
    'port',
    'linkerd-namespace',
    'collector-address',
  ])
})

test.each([
  [{ collectorAddress: '' }, 'collector-address'],
  [{ collectorAddress: '10.0.0.5:4317' }, 'collector-address'],
  [{ opencensusAddress: 'x' }, 'opencensus-address'],
  [{ collectorServiceAccount: '' }, 'collector-service-account'],
  [{ serviceName: 'x'.repeat(257) }, 'service-name'],
  [{ trustDomain: '-' }, 'trust-domain'],
])('%j stops the start', (flags, flag) => {
  expect(mistakesOf(flags as Record<string, string>)).toEqual([flag])
})

test('a mistaken cluster domain is told once, though the trust domain was taken from it', () => {
  expect(mistakesOf({ clusterDomain: '-' })).toEqual(['cluster-domain'])
  expect(mistakesOf({ clusterDomain: '-', trustDomain: '-' })).toEqual(['trust-domain', 'cluster-domain'])
})

test('the message names field, value and rule, where the value came from first', () => {
  expect(() => resolve({ port: 'x' }, { LINKERD_TRACING_COLLECTOR_ADDRESS: 'http://otel:4317' })).toThrowError(
    /^2 settings are wrong:\n {2}--port \(variable LINKERD_TRACING_PORT\) = "x": must be a whole number from 0 to 65535\n {2}LINKERD_TRACING_COLLECTOR_ADDRESS \(flag --collector-address\) = "http:\/\/otel:4317": .+$/,
  )
  expect(() => resolve({ port: 'x' })).toThrowError(/^1 setting is wrong:/)
})

test('a value is JSON-escaped and cut, so that no file floods the terminal', () => {
  expect(() => resolve({ port: `\u001b${'x'.repeat(1000)}` })).toThrowError(/= "\\u001bx{54}…": must/)
})

test('a mistake in a fact that nobody has given is one of the default', () => {
  const settings = installSettings(valuesOf({}), { trustDomain: '-' })
  expect(installSettingMistakes(settings, {})).toMatchObject([
    { flag: 'trust-domain', variable: 'LINKERD_TRACING_TRUST_DOMAIN', source: 'default', value: '-' },
  ])
})

test('what was given and is right comes out, with the warnings', () => {
  const { values, install, warnings } = resolve({ port: '0', clusterDomain: 'c.d' }, { LINKERD_TRACING_PORTT: '1' })
  expect(values.port).toBe(0)
  expect(install.trustDomain).toBe('c.d')
  expect(warnings).toHaveLength(1)
})
