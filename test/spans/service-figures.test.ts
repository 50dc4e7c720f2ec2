import { describe, expect, test } from 'vitest'
import { requestSpans } from '../../src/spans/request-spans.ts'
import { createFiguresTally } from '../../src/spans/service-figures.ts'
import type { Span } from '../../src/spans/span.ts'
import { madeSpan, madeTrace, WEB_PROXY } from './made-spans.ts'

const APPLICATION = { service: 'web', tags: { 'k8s.namespace.name': 'shop', 'k8s.container.name': 'app' } }
const server = madeSpan({ spanId: 'a1' })
const client = madeSpan({ spanId: 'a2', parentId: 'a1', kind: 'client' })
const own = (fields: Partial<Span> = {}) =>
  madeSpan({ spanId: 'a3', parentId: 'a2', process: APPLICATION, ...fields, tags: { direction: '' } })

const counted = (...spans: readonly Span[]) => requestSpans(madeTrace(...spans)).map(({ span }) => span.spanId)

describe('a request is counted once', () => {
  test('by its inbound proxy’s server span: not by its client span, nor by the application’s', () => {
    expect(counted(server, client, own())).toEqual(['a1'])
  })

  test('not by an outbound proxy: who is called counts it', () => {
    const outbound = { direction: 'outbound' }
    expect(
      counted(madeSpan({ spanId: 'b1', tags: outbound }), madeSpan({ spanId: 'b2', kind: 'client', tags: outbound })),
    ).toEqual([])
  })

  test('by the application’s own server span where no proxy of its is in the trace', () => {
    expect(counted(own())).toEqual(['a3'])
    const other = madeSpan({ spanId: 'c1', process: { service: 'cart', tags: { 'k8s.namespace.name': 'shop' } } })
    expect(counted(other, own())).toEqual(['c1', 'a3'])
  })

  test('also when the span between proxy and application is lost, or the application has another name', () => {
    expect(counted(server, own())).toEqual(['a1'])
    const named = { service: 'my-web', tags: { 'k8s.namespace.name': 'shop' } }
    expect(counted(server, client, own({ process: named }))).toEqual(['a1'])
    const inPod = (service: string, namespace: string) => ({
      service,
      tags: { 'k8s.namespace.name': namespace, 'k8s.pod.name': 'web-0' },
    })
    const ofPod = [madeSpan({ spanId: 'a1', process: inPod('web', 'shop') }), own({ process: inPod('my-web', 'shop') })]
    expect(counted(...ofPod)).toEqual(['a1'])
  })

  test('also when the application’s span has the id of the proxy’s, as with B3', () => {
    expect(counted(server, client, own({ spanId: 'a2', parentId: 'a1', process: { service: 'x', tags: {} } }))).toEqual(
      ['a1'],
    )
  })

  test('also when it was sent twice', () => {
    expect(counted(server, client, { ...server })).toEqual(['a1'])
  })

  test('of a service of the same name in another Namespace on its own', () => {
    const staging = { service: 'web', tags: { 'k8s.namespace.name': 'staging' } }
    expect(counted(server, client, own({ process: staging, parentId: 'ff' }))).toEqual(['a1', 'a3'])
  })
})

test('Linkerd’s programs and the proxies of their Pods are the control plane', () => {
  const of = (process: Span['process']) => requestSpans(madeTrace(own({ process })))[0]?.isControlPlane
  expect(of({ service: 'linkerd-destination', tags: {} })).toBe(true)
  expect(of({ service: 'identity', tags: { 'linkerd.io/control-plane-component': 'identity' } })).toBe(true)
  expect(of(APPLICATION)).toBe(false)
})

test('figures are summed up by service or route, and by Namespace', () => {
  const at = (spanId: string, operation: string, fields: Partial<Span>) =>
    madeTrace(madeSpan({ spanId, operation, ...fields }))
  const staging = { ...WEB_PROXY, tags: { ...WEB_PROXY.tags, 'k8s.namespace.name': 'staging' } }
  const traces = [
    at('1', '/users/1', { durationUs: 100 }),
    at('2', '/users/2', { durationUs: 300, isError: true }),
    at('3', '/', { durationUs: 200 }),
    at('4', '/', { durationUs: 900, process: staging }),
  ]
  const figures = (by: 'service' | 'route', isWanted = (_: Span) => true) => {
    const tally = createFiguresTally({ by, isWanted: ({ span }) => isWanted(span) })
    for (const trace of traces) tally.add(trace)
    return tally.figures()
  }
  expect(figures('service')).toEqual([
    { namespace: 'shop', service: 'web', requests: 3, errors: 1, p50Us: 200, p95Us: 300, p99Us: 300 },
    { namespace: 'staging', service: 'web', requests: 1, errors: 0, p50Us: 900, p95Us: 900, p99Us: 900 },
  ])
  expect(figures('route', ({ operation }) => operation !== '/')).toEqual([
    {
      namespace: 'shop',
      service: 'web',
      route: '/users/{id}',
      requests: 2,
      errors: 1,
      p50Us: 100,
      p95Us: 300,
      p99Us: 300,
    },
  ])
})

test('a request that ended before it began is counted, but took nobody knows how long', () => {
  const tally = createFiguresTally({ by: 'service', isWanted: () => true })
  tally.add(madeTrace(server, madeSpan({ spanId: 'b1', durationUs: 0, isUnfinished: true, isError: true })))
  expect(tally.figures()).toMatchObject([{ requests: 2, errors: 1, p50Us: 1_000, p99Us: 1_000 }])
})
