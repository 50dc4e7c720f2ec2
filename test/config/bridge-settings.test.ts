import { describe, expect, test } from 'vitest'
import { parseSetting } from '../../src/config/parse-setting.ts'
import { readSettings } from '../../src/config/read-settings.ts'

const RULE = expect.objectContaining({ rule: expect.any(String) })

describe('an address that is connected to', () => {
  test.each(['127.0.0.1:4317', '[::1]:4317', 'localhost:4317', 'otel.tracing.svc.cluster.local.:1', 'a:65535'])(
    '%s',
    (text) => expect(parseSetting('address', text)).toEqual({ value: text }),
  )

  test.each([
    '',
    'host',
    'host:',
    ':4317',
    'a:0',
    'a:65536',
    'http://a:1',
    'a:1/x',
    '::1:4317',
    '[1.2.3.4]:1',
    '256.1.1.1:1',
    ' a:1',
    '[]:1',
    'a b:1',
  ])('not %j', (text) => expect(parseSetting('address', text)).toEqual(RULE))
})

describe('a size', () => {
  test.each([
    ['1Mi', 1_048_576],
    ['1024Ki', 1_048_576],
    ['64Mi', 67_108_864],
    ['16Gi', 17_179_869_184],
  ])('%s is %d bytes', (text, value) => expect(parseSetting('bytes', text)).toEqual({ value }))

  test.each(['', '64', '64MB', '64M', '1.5Gi', '1023Ki', '17Gi', '-1Mi', '0Mi', '1mi', ' 1Mi'])('not %j', (text) =>
    expect(parseSetting('bytes', text)).toEqual(RULE),
  )
})

test.each([
  ['0', { value: 0 }],
  ['10000000', { value: 10_000_000 }],
  ['10000001', RULE],
  ['1e3', RULE],
  ['', RULE],
])('a count: %j', (text, parsed) => expect(parseSetting('count', text)).toEqual(parsed))

test('a flag that serve has too has the bridge’s own default', () => {
  const values = (command: 'serve' | 'bridge') => readSettings({ command, flags: {}, env: {} }).values
  expect(values('serve')).toMatchObject({ host: '127.0.0.1', port: 8443, adminPort: 9990, collectorAddress: undefined })
  expect(values('bridge')).toEqual({
    host: '::',
    port: 55678,
    adminPort: 9990,
    logLevel: 'info',
    collectorAddress: '127.0.0.1:4317',
    queueBytes: 32 * 1024 * 1024,
    queueSpans: 100_000,
    maxStreams: 4000,
    flushSeconds: 10,
  })
})
