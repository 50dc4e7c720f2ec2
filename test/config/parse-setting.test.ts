import { expect, test } from 'vitest'
import { parseSetting } from '../../src/config/parse-setting.ts'
import type { SettingKind } from '../../src/config/setting.ts'

const GOOD: ReadonlyArray<[SettingKind, string, boolean | number | string]> = [
  ['boolean', 'true', true],
  ['boolean', 'false', false],
  ['certs', 'self-managed', 'self-managed'],
  ['duration', '365d', 31_536_000_000],
  ['duration', '1h30m', 5_400_000],
  ['duration', '1s', 1_000],
  ['duration', '3650d', 315_360_000_000],
  ['fraction', '2/3', 2 / 3],
  ['fraction', '0.5', 0.5],
  ['host', '127.0.0.1', '127.0.0.1'],
  ['host', '::', '::'],
  ['host', 'localhost', 'localhost'],
  ['host', 'a-b.example', 'a-b.example'],
  ['log-level', 'silent', 'silent'],
  ['namespace', 'a', 'a'],
  ['namespace', '0a-9', '0a-9'],
  ['namespace', 'x'.repeat(63), 'x'.repeat(63)],
  ['path', '/etc/x y', '/etc/x y'],
  ['port', '0', 0],
  ['port', '65535', 65_535],
  ['protocol', 'opencensus', 'opencensus'],
  ['seconds', '3600', 3600],
  ['text', '', ''],
  ['url', 'https://[::1]:8443/mutate', 'https://[::1]:8443/mutate'],
]

const BAD: ReadonlyArray<[SettingKind, string]> = [
  ['boolean', ''],
  ['boolean', 'True'],
  ['boolean', '1'],
  ['certs', 'cert-manager'],
  ['duration', ''],
  ['duration', '0s'],
  ['duration', '10'],
  ['duration', '1.5h'],
  ['duration', '500ms'],
  ['duration', '3651d'],
  ['duration', '-1s'],
  ['fraction', ''],
  ['fraction', '1'],
  ['fraction', '3/2'],
  ['fraction', '0/2'],
  ['fraction', '1/0'],
  ['fraction', '0.0'],
  ['host', ''],
  ['host', '127.0.0.256'],
  ['host', 'http://x'],
  ['host', '[::1]'],
  ['host', `${'a.'.repeat(130)}a`],
  ['log-level', 'INFO'],
  ['namespace', ''],
  ['namespace', 'A'],
  ['namespace', '-a'],
  ['namespace', 'a-'],
  ['namespace', 'a.b'],
  ['namespace', 'a\n'],
  ['namespace', 'x'.repeat(64)],
  ['path', ''],
  ['path', 'a\0b'],
  ['port', ''],
  ['port', '65536'],
  ['port', '-1'],
  ['port', '1e3'],
  ['port', '0x10'],
  ['port', ' 1'],
  ['port', '1\n'],
  ['protocol', 'zipkin'],
  ['seconds', '3601'],
  ['seconds', '1.5'],
  ['url', 'http://127.0.0.1'],
  ['url', '/mutate'],
]

test.each(GOOD)('%s takes %j', (kind, text, value) => {
  expect(parseSetting(kind, text)).toEqual({ value })
})

test.each(BAD)('%s refuses %j with a rule', (kind, text) => {
  expect(parseSetting(kind, text)).toEqual({ rule: expect.stringMatching(/^must be /) })
})
