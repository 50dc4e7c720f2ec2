import { expect, test } from 'vitest'
import { describeConfigMistake } from '../../../src/install/config-mistake.ts'
import {
  BADGER_STORAGE,
  DEFAULT_JAEGER_SETTINGS,
  type JaegerSettings,
} from '../../../src/install/jaeger/jaeger-settings.ts'
import { jaegerSettingsMistakes } from '../../../src/install/jaeger/validate-jaeger-settings.ts'

function mistakesOf(settings: Partial<JaegerSettings>): string[] {
  return jaegerSettingsMistakes({ ...DEFAULT_JAEGER_SETTINGS, ...settings }).map(describeConfigMistake)
}

test.each<Partial<JaegerSettings>>([
  {},
  { basePath: '' },
  { basePath: '/a/b-c.d~e_f' },
  { storage: BADGER_STORAGE },
  { storage: { kind: 'none' } },
])('nothing is wrong with %j', (settings) => {
  expect(mistakesOf(settings)).toEqual([])
})

const badger = { kind: 'badger', directory: '/badger', keepHours: 72 } as const

test.each<[Partial<JaegerSettings>, string]>([
  ...['jaeger', '/jaeger/', '/', '/a b', 'http://a'].map((basePath): [Partial<JaegerSettings>, string] => [
    { basePath },
    `jaeger.basePath = "${basePath}": must be empty, or begin with / and not end with it, as /jaeger`,
  ]),
  [{ storage: { kind: 'memory', maxTraces: 0 } }, 'jaeger.storage.maxTraces = 0: must be a whole number above 0'],
  [{ storage: { ...badger, keepHours: 1.5 } }, 'jaeger.storage.keepHours = 1.5: must be a whole number above 0'],
  [
    { storage: { ...badger, directory: 'badger' } },
    'jaeger.storage.directory = "badger": must be an absolute path, as /badger',
  ],
])('%j: %s', (settings, message) => {
  expect(mistakesOf(settings)).toEqual([message])
})
