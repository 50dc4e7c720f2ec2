// What the real proxy v2.366 did with some 200 pairs of address and identity: none that it refuses is called accepted.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { proxyVerdict } from '../../../src/cli/check/proxy-verdict.ts'
import { root } from '../../source-files.ts'

interface Recorded {
  readonly address: string | null
  readonly identity: string | null
  readonly proxy: 'starts' | 'exit 64'
}

const ADDRESS = 'LINKERD2_PROXY_TRACE_COLLECTOR_SVC_ADDR'
const NAME = 'LINKERD2_PROXY_TRACE_COLLECTOR_SVC_NAME'
const ID = 'otel.obs.serviceaccount.identity.linkerd.cluster.local'

const recorded = readFileSync(join(root, 'test/fixtures/proxy-verdicts.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Recorded)
/** With these the proxy starts, and reaches nobody. */
const LEADS_NOWHERE = [
  'otel.obs:0',
  'otel.obs:+1',
  '0.0.0.0:4317',
  'localhost:4317',
  'LOCALHOST:4317',
  'foo.localhost:4317',
]

const envOf = (...entries: [name: string, value: string | null][]) => ({
  env: entries.flatMap(([name, value]) => (value === null ? [] : [{ name, value }])),
})

describe('as the real proxy did', () => {
  const literal = recorded.filter(({ address, identity }) => !`${address}${identity}`.includes('$'))
  const kindOf = ({ address, identity }: Recorded) => proxyVerdict(envOf([ADDRESS, address], [NAME, identity])).kind

  test('what it refused is refused', () => {
    const refused = literal.filter(({ proxy }) => proxy === 'exit 64')
    expect(refused.length).toBeGreaterThan(50)
    expect(refused.filter((one) => kindOf(one) !== 'refused')).toEqual([])
  })

  test('what it started with is accepted, but for what leads nowhere', () => {
    const started = literal.filter(({ proxy, address }) => proxy === 'starts' && !LEADS_NOWHERE.includes(address ?? ''))
    expect(started.length).toBeGreaterThan(20)
    const isOff = ({ address, identity }: Recorded) => address === null && identity === null
    expect(started.filter((one) => kindOf(one) !== (isOff(one) ? 'off' : 'accepted'))).toEqual([])
  })
})

test('the last entry of a name counts, and one without a value is empty', () => {
  const two = envOf([ADDRESS, 'http://x'], [ADDRESS, 'otel.obs:4317'], [NAME, ID])
  expect(proxyVerdict(two)).toMatchObject({ kind: 'accepted', identity: ID })
  expect(proxyVerdict({ env: [{ name: ADDRESS }, { name: NAME, value: ID }] }).kind).toBe('refused')
})

test('beside a loopback address no identity is demanded, whatever is written', () => {
  expect(proxyVerdict(envOf([ADDRESS, '127.0.0.1:4317']))).toMatchObject({ kind: 'accepted', identity: undefined })
  expect(proxyVerdict(envOf([ADDRESS, '127.0.0.1:4317'], [NAME, ID]))).toMatchObject({ identity: undefined })
})

test.each([
  [
    [
      { name: ADDRESS, valueFrom: { configMapKeyRef: { name: 'a', key: 'b' } } },
      { name: NAME, value: ID },
    ],
    ADDRESS,
    undefined,
  ],
  [
    [
      { name: ADDRESS, value: 'otel.$(_pod_ns):4317' },
      { name: NAME, value: ID },
    ],
    ADDRESS,
    'otel.$(_pod_ns):4317',
  ],
  [
    [
      { name: ADDRESS, value: 'otel.obs:4317' },
      { name: NAME, value: '$(_l5d_ns)' },
    ],
    NAME,
    'otel.obs:4317',
  ],
])('what only the kubelet knows is not judged: %j', (env, variable, address) => {
  expect(proxyVerdict({ env })).toEqual({
    kind: 'unknown',
    because: expect.stringMatching(`^${variable} comes by reference`),
    address,
  })
})
