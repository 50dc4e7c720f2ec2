import { describe, expect, test } from 'vitest'
import { createMetaPool, reduceNamespace } from '../../src/kubernetes/namespace-meta.ts'

const namespace = (labels: object | null, annotations: object | null) => ({
  metadata: { name: 'n', labels, annotations },
})

describe('of a Namespace', () => {
  test('what decides on tracing is kept, and nothing else', () => {
    const kept = {
      'config.linkerd.io/trace-collector': 'a:1',
      'config.alpha.linkerd.io/trace-collector-service-account': 'b',
      'config.linkerd.io/trace-collector-protocol': 'opencensus',
      'config.linkerd.io/trace-collector-name': 'c',
      'resource.opentelemetry.io/team': 'd',
    }
    const other = { 'linkerd.io/inject': 'enabled', 'config.linkerd.io/proxy-log-level': 'debug', 'a/b': 'c' }
    const labels = { 'tracing.linkerd.io/inject': 'enabled', 'kubernetes.io/metadata.name': 'n' }
    expect(reduceNamespace(namespace(labels, { ...kept, ...other }))).toEqual({
      labels: { 'tracing.linkerd.io/inject': 'enabled' },
      annotations: kept,
    })
  })

  test.each([
    ['none', namespace(null, null)],
    ['no metadata', {}],
    ['other ones only', namespace({ a: 'b' }, { c: 'd' })],
    ['no texts', namespace({ 'tracing.linkerd.io/inject': 1 }, { 'resource.opentelemetry.io/x': null })],
  ])('with %s there is one shared object', (_, object) => {
    const meta = reduceNamespace(object)
    expect(meta).toEqual({ labels: {}, annotations: {} })
    expect(meta).toBe(reduceNamespace({}))
  })

  test('a name that is special to JavaScript does no harm', () => {
    const annotations = JSON.parse('{"__proto__":"x","resource.opentelemetry.io/__proto__":"y"}')
    expect(reduceNamespace(namespace(null, annotations)).annotations).toEqual({
      'resource.opentelemetry.io/__proto__': 'y',
    })
  })
})

describe('the pool', () => {
  const enabled = () => reduceNamespace(namespace({ 'tracing.linkerd.io/inject': 'enabled' }, null))
  const other = (index: number) => reduceNamespace(namespace(null, { 'resource.opentelemetry.io/n': String(index) }))

  test('gives the same object for the same content, a different one for another', () => {
    const share = createMetaPool()
    expect(share(enabled())).toBe(share(enabled()))
    expect(share(other(1))).not.toBe(share(other(2)))
    expect(share(other(1))).toEqual(other(1))
  })

  test('does not grow without end where every Namespace differs', () => {
    const share = createMetaPool()
    for (let index = 0; index < 1_000; index += 1) share(other(index))
    expect(share(other(5))).toBe(share(other(5)))
    expect(share(other(5_000))).not.toBe(share(other(5_000)))
  })
})
