import { describe, expect, test } from 'vitest'
import { parseCollectorAddress } from '../../src/injection/collector-address.ts'

describe('collector address', () => {
  test.each([
    ['otel.obs:4317', { host: 'otel.obs', kind: 'name', loopback: false }],
    ['OTEL.Obs.:4317', { host: 'otel.obs', kind: 'name', loopback: false }],
    ['otel:65535', { host: 'otel', kind: 'name', loopback: false }],
    ['_otel_x.obs:04317', { host: '_otel_x.obs', kind: 'name', loopback: false }],
    ['10.0.0.5:4317', { host: '10.0.0.5', kind: 'ip', loopback: false }],
    ['127.9.9.9:4317', { host: '127.9.9.9', kind: 'ip', loopback: true }],
    ['[::1]:4317', { host: '::1', kind: 'ip', loopback: true }],
    ['[0:0:0:0:0:0:0:1]:4317', { host: '::1', kind: 'ip', loopback: true }],
    ['[FD00::5]:4317', { host: 'fd00::5', kind: 'ip', loopback: false }],
    ['[::ffff:127.0.0.1]:4317', { host: '::ffff:7f00:1', kind: 'ip', loopback: false }],
    ['localhost.:4317', { host: 'localhost', kind: 'name', loopback: true }],
  ])('%s is taken', (text, address) => {
    expect(parseCollectorAddress(text)).toEqual({ text, ...address })
  })
  test.each([
    ['', 'the port is missing'],
    ['otel.obs', 'the port is missing'],
    ['otel.obs:', 'number from 1 to 65535'],
    ['otel.obs:+1', 'number from 1 to 65535'],
    ['otel.obs:000001', 'number from 1 to 65535'],
    ['otel.obs:0', 'port 0'],
    ['otel.obs:00000', 'port 0'],
    ['otel.obs:65536', 'above 65535'],
    ['http://otel.obs:4317', 'without scheme'],
    ['[fd00::5%eth0]:4317', 'IPv6 in brackets'],
    ['[fd00::5:4317', 'IPv6 in brackets'],
    ['fd00::5:4317', 'must be host:port'],
    ['10.0.0.256:4317', 'must be host:port'],
    ['0.0.0.0:4317', 'write 127.0.0.1'],
    ['[::]:4317', 'write [::1]'],
    ['[0:0::0]:4317', 'write [::1]'],
    ['localhost:4317', 'localhost. (with the dot)'],
    ['LOCALHOST.:4317', 'localhost. (with the dot)'],
    ['foo.localhost:4317', 'localhost. (with the dot)'],
  ])('%j is refused, and told why', (text, rule) => {
    expect(parseCollectorAddress(text)).toEqual({ rule: expect.stringContaining(rule) })
  })
})
