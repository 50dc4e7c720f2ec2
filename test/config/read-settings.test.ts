import { describe, expect, test } from 'vitest'
import { readSettings } from '../../src/config/read-settings.ts'
import { propertyOf, variableOf } from '../../src/config/setting.ts'
import { settingsOf } from '../../src/config/settings-of.ts'

const read = (flags: Record<string, unknown> = {}, env: Record<string, string> = {}) =>
  readSettings({ command: 'serve', flags, env })

const DAY_MS = 86_400_000

test('defaults are those that are documented', () => {
  expect(read().values).toEqual({
    host: '127.0.0.1',
    port: 8443,
    adminPort: 9990,
    certDir: '.linkerd-tracing',
    certPollInterval: 10_000,
    certs: 'standalone',
    caLifetime: 365 * DAY_MS,
    caRenewAt: 2 / 3,
    servingLifetime: 7 * DAY_MS,
    servingRenewAt: 1 / 2,
    bundleSettleSeconds: 60,
    clockSkew: 300_000,
    drainSeconds: 20,
    logLevel: 'info',
    namespacesFile: undefined,
    collectorAddress: undefined,
    opencensusAddress: undefined,
    collectorServiceAccount: 'linkerd-collector',
    collectorNamespace: 'linkerd-tracing',
    allNamespaces: false,
    controlPlane: true,
    allowCollectorAnnotations: true,
    linkerdNamespace: 'linkerd',
    trustDomain: undefined,
    clusterDomain: undefined,
    serviceName: undefined,
    protocol: 'opentelemetry',
  })
  expect(read().mistakes).toEqual([])
})

test('every default of the table is a value that its own kind takes', () => {
  for (const command of ['serve', 'inject', 'try'] as const) {
    expect(readSettings({ command, flags: {}, env: {} }).mistakes).toEqual([])
  }
})

test('a flag wins over its variable, which wins over the default', () => {
  const env = { LINKERD_TRACING_PORT: '1' }
  expect(read({}, env).values.port).toBe(1)
  expect(read({ port: '2' }, env).values.port).toBe(2)
  expect(read({ port: '2' }, env).sources).toMatchObject({ port: 'flag', 'admin-port': 'default' })
  expect(read({}, env).sources['port']).toBe('variable')
})

test('a boolean flag alone means true', () => {
  expect(read({ allNamespaces: true }).values.allNamespaces).toBe(true)
  expect(read({ controlPlane: 'false' }).values.controlPlane).toBe(false)
  expect(read({}, { LINKERD_TRACING_CONTROL_PLANE: 'false' }).values.controlPlane).toBe(false)
})

test('all mistakes are told at once, each with field, source, value and rule; the rest keeps its value', () => {
  const reading = read({ port: '70000', host: '::' }, { LINKERD_TRACING_LOG_LEVEL: 'loud' })
  expect(reading.mistakes).toEqual([
    {
      flag: 'port',
      variable: 'LINKERD_TRACING_PORT',
      source: 'flag',
      value: '70000',
      rule: 'must be a whole number from 0 to 65535',
    },
    {
      flag: 'log-level',
      variable: 'LINKERD_TRACING_LOG_LEVEL',
      source: 'variable',
      value: 'loud',
      rule: 'must be one of trace, debug, info, warn, error, fatal, silent',
    },
  ])
  expect(reading.values).toMatchObject({ host: '::', port: 8443, logLevel: 'info' })
})

test('a mistaken setting without a default stays absent', () => {
  const reading = read({ namespacesFile: '' })
  expect(reading.mistakes).toHaveLength(1)
  expect(reading.values.namespacesFile).toBeUndefined()
})

test('an empty text is a value where texts may be empty', () => {
  expect(read({ opencensusAddress: '' }).values.opencensusAddress).toBe('')
})

describe('variables', () => {
  test('are named after their flags', () => {
    expect(variableOf('cert-dir')).toBe('LINKERD_TRACING_CERT_DIR')
    expect(propertyOf('allow-collector-annotations')).toBe('allowCollectorAnnotations')
  })

  test.each(['serve', 'inject', 'try', 'bridge'] as const)('%s has each of its flags once', (command) => {
    const flags = settingsOf(command).map(({ flag }) => flag)
    expect(new Set(flags).size).toBe(flags.length)
  })

  test('an unknown one is warned of, with the nearest known one and without its value', () => {
    const { warnings } = read({}, { LINKERD_TRACING_PROTOCOLL: 's3cret', LINKERD_TRACING_CERTDIR: 'x', PATH: '/' })
    expect(warnings).toEqual([
      'LINKERD_TRACING_CERTDIR is no setting of linkerd-tracing; the nearest is LINKERD_TRACING_CERT_DIR',
      'LINKERD_TRACING_PROTOCOLL is no setting of linkerd-tracing; the nearest is LINKERD_TRACING_PROTOCOL',
    ])
  })

  test('one of another command is known', () => {
    expect(read({}, { LINKERD_TRACING_URL: 'x' }).warnings).toEqual([])
  })

  test('what the kubelet sets for a Service named linkerd-tracing is neither a setting nor warned of', () => {
    const env = {
      LINKERD_TRACING_PORT: 'tcp://10.0.0.1:443',
      LINKERD_TRACING_PORT_443_TCP: 'tcp://10.0.0.1:443',
      LINKERD_TRACING_PORT_443_TCP_ADDR: '10.0.0.1',
      LINKERD_TRACING_PORT_443_TCP_PROTO: 'tcp',
      LINKERD_TRACING_SERVICE_HOST: '10.0.0.1',
      LINKERD_TRACING_SERVICE_PORT: '443',
      LINKERD_TRACING_SERVICE_PORT_HTTPS: '443',
      LINKERD_TRACING_INJECTOR_SERVICE_HOST: '10.0.0.1',
      LINKERD_TRACING_INJECTOR_PORT: 'tcp://10.0.0.1:443',
    }
    const reading = read({}, env)
    expect(reading.values.port).toBe(8443)
    expect(reading.mistakes).toEqual([])
    expect(reading.warnings).toEqual([])
  })
})
