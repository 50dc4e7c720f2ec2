import { describe, expect, test } from 'vitest'
import type { InstallSettings } from '../../src/injection/install-settings.ts'
import { validateInstallSettings } from '../../src/injection/validate-install-settings.ts'
import { INSTALL } from './samples.ts'

const mistakes = (settings: Record<string, unknown>) =>
  validateInstallSettings({ ...INSTALL, ...settings } as InstallSettings)

describe('settings of an installation', () => {
  test.each<Record<string, unknown>>([
    {},
    { collectorAddress: '127.0.0.1:4317' },
    { collectorAddress: 'otel:4317' },
    { collectorAddress: '10.0.0.5:4317', collectorServiceAccount: 'otel.obs' },
    { opencensusAddress: '' },
    { opencensusAddress: 'oc.obs.svc.cluster.local:55678', serviceName: 'mesh' },
  ])('%j are valid', (settings) => {
    expect(mistakes(settings)).toEqual([])
  })
  test.each<[Record<string, unknown>, string, string]>([
    [{ collectorAddress: '' }, 'collectorAddress', 'host:port'],
    [{ collectorAddress: 'http://x:1' }, 'collectorAddress', 'host:port'],
    [{ collectorAddress: '10.0.0.5:4317' }, 'collectorAddress', 'name.namespace'],
    [{ opencensusAddress: 'oc.example.com:1' }, 'opencensusAddress', 'name.namespace'],
    [{ collectorServiceAccount: 'A' }, 'collectorServiceAccount', 'ServiceAccount'],
    [{ collectorNamespace: 'a.b' }, 'collectorNamespace', 'Namespace'],
    [{ linkerdNamespace: '' }, 'linkerdNamespace', 'Namespace'],
    [{ trustDomain: 'a b' }, 'trustDomain', 'DNS name'],
    [{ clusterDomain: '1' }, 'clusterDomain', 'DNS name'],
    [{ serviceName: 'a\nb' }, 'serviceName', 'control characters'],
    [{ protocol: 'zipkin' }, 'protocol', 'opentelemetry or opencensus'],
  ])('%j: a mistake in %s, with its rule', (settings, setting, rule) => {
    expect(mistakes(settings)).toEqual([
      { setting, value: settings[setting] ?? settings['collectorAddress'], rule: expect.stringContaining(rule) },
    ])
  })
  test('domains that are too long for an identity or a default address are told once, by their own names', () => {
    const long = `${'a.'.repeat(110)}b`
    const rule = expect.stringContaining('mesh identity of 2')
    expect(mistakes({ trustDomain: long })).toEqual([{ setting: 'trustDomain', value: long, rule }])
    const address = 'otel.obs:4317'
    expect(mistakes({ trustDomain: long, collectorAddress: address, opencensusAddress: '' })).toEqual([
      { setting: 'collectorAddress', value: address, rule },
    ])
    expect(mistakes({ clusterDomain: long })).toEqual([
      { setting: 'clusterDomain', value: long, rule: 'leads to a collector address above 253 characters' },
    ])
  })
  test('all mistakes are found at once', () => {
    const all = mistakes({
      collectorAddress: 'x',
      opencensusAddress: 'y',
      collectorServiceAccount: '',
      trustDomain: '',
    })
    expect(all.map(({ setting }) => setting)).toEqual([
      'trustDomain',
      'collectorServiceAccount',
      'collectorAddress',
      'opencensusAddress',
    ])
  })
  test('beside an invalid ServiceAccount an address is judged by itself', () => {
    expect(mistakes({ collectorServiceAccount: '', collectorAddress: '10.0.0.5:1' })).toHaveLength(1)
  })
})
