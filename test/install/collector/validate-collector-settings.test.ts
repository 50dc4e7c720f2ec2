import { expect, test } from 'vitest'
import type { Backend } from '../../../src/install/collector/backend.ts'
import {
  type CollectorSettings,
  DEFAULT_COLLECTOR_SETTINGS,
  DEFAULT_TAIL_SAMPLING,
} from '../../../src/install/collector/collector-settings.ts'
import { DEFAULT_REDACTION } from '../../../src/install/collector/redaction-settings.ts'
import { collectorSettingsMistakes } from '../../../src/install/collector/validate-collector-settings.ts'
import { describeConfigMistake } from '../../../src/install/config-mistake.ts'
import { GOLDEN_COLLECTORS } from './golden-settings.ts'

function mistakesOf(settings: Partial<CollectorSettings>): string[] {
  return collectorSettingsMistakes({ ...DEFAULT_COLLECTOR_SETTINGS, ...settings }).map(describeConfigMistake)
}

test.each(Object.entries(GOLDEN_COLLECTORS))('nothing is wrong with %s', (_name, settings) => {
  expect(mistakesOf(settings)).toEqual([])
})

const secret = { name: 'vendor', key: 'key' }
const backend = (fields: Partial<Backend>): Partial<CollectorSettings> => ({
  backends: [{ name: 'own', protocol: 'grpc', endpoint: 'otel.example.com:4317', tls: {}, ...fields }],
})
const redaction = (fields: Partial<typeof DEFAULT_REDACTION>): Partial<CollectorSettings> => ({
  redaction: { ...DEFAULT_REDACTION, ...fields },
})
const sampling = (fields: Partial<typeof DEFAULT_TAIL_SAMPLING>): Partial<CollectorSettings> => ({
  tailSampling: { ...DEFAULT_TAIL_SAMPLING, ...fields },
})

test.each<[Partial<CollectorSettings>, string]>([
  [{ memoryMib: 127 }, 'collector.memoryMib = 127: must be a whole number of MiB, at least 128'],
  [{ backends: [] }, 'collector.backends = []: must name at least one'],
  [
    backend({ name: 'My own' }),
    'collector.backends[0].name = "My own": must have lower-case letters, digits and - only',
  ],
  [
    backend({ endpoint: 'https://otel' }),
    'collector.backends[0].endpoint = "https://otel": must be host:port (IPv6 in',
  ],
  [backend({ endpoint: 'otel:65536' }), 'collector.backends[0].endpoint = "otel:65536": must be host:port (IPv6 in'],
  [backend({ protocol: 'http', endpoint: 'otel:4318' }), 'collector.backends[0].endpoint = "otel:4318": must be a URL'],
  [
    backend({ protocol: 'http', endpoint: 'http://otel' }),
    ' = "http://otel": must begin with https:// where tls is set',
  ],
  [
    backend({ protocol: 'http', endpoint: 'https://otel', tls: false }),
    ' = "https://otel": must begin with http:// where tls is false',
  ],
  [backend({ headers: [{ name: 'grpc-x', secret }] }), 'collector.backends[0].headers[0].name = "grpc-x": must have'],
  [backend({ headers: [{ name: 'X-Key', secret }] }), 'collector.backends[0].headers[0].name = "X-Key": must have'],
  [redaction({ secretNames: ['-'] }), 'collector.redaction.secretNames[0] = "-": must have a letter or digit'],
  [
    redaction({ secretValues: ['(?<=a)b'] }),
    'secretValues[0] = "(?<=a)b": must not have look-around or back references',
  ],
  [redaction({ secretValues: ['(a'] }), 'collector.redaction.secretValues[0] = "(a": must be a regular expression'],
  [
    redaction({ secretValues: ['a*'] }),
    'secretValues[0] = "a*": must not fit the empty text: it would fit every value',
  ],
  [sampling({ percent: 101 }), 'collector.tailSampling.percent = 101: must be from 0 to 100'],
  [sampling({ slowerThanMs: 0 }), 'collector.tailSampling.slowerThanMs = 0: must be a whole number of milliseconds'],
  [
    sampling({ waitSeconds: 0.5 }),
    'collector.tailSampling.waitSeconds = 0.5: must be a whole number of seconds above 0',
  ],
])('%j: %s', (settings, message) => {
  expect(mistakesOf(settings)).toEqual([expect.stringContaining(message)])
})

test('two backends must not share a name, nor two headers a variable', () => {
  const own = { protocol: 'grpc', endpoint: 'otel:4317', tls: false } as const
  const twins = { backends: ['own', 'own'].map((name) => ({ ...own, name })) }
  expect(mistakesOf(twins)).toEqual(['collector.backends = "own": is the name of two backends'])
  const [a, b] = ['a-header', 'a'].map((name) => ({ ...own, name }))
  const headers = {
    backends: [
      { ...a, headers: [{ name: 'x', secret }] },
      { ...b, headers: [{ name: 'header-x', secret }] },
    ] as Backend[],
  }
  expect(mistakesOf(headers)).toEqual(['collector.backends = "BACKEND_A_HEADER_HEADER_X": would carry two headers'])
})
