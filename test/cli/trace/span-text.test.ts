import { describe, expect, test } from 'vitest'
import { spanMarks, spanText } from '../../../src/cli/trace/span-text.ts'
import type { Span } from '../../../src/spans/span.ts'
import { type SpanNode, spanTrees } from '../../../src/spans/span-tree.ts'
import { spanTries } from '../../../src/spans/span-tries.ts'
import { madeSpan, madeTrace } from '../../spans/made-spans.ts'

const root = (...spans: readonly Span[]): SpanNode => spanTrees(madeTrace(...spans))[0] as SpanNode
const outbound = (fields: Partial<Span> = {}) => ({ tags: { direction: 'outbound', ...fields.tags } })
const APP = { service: 'web', tags: { 'k8s.container.name': 'app' } }

describe('a span is called', () => {
  test('by its service and what its proxy does', () => {
    expect(spanText(root(madeSpan({ spanId: 'a', operation: '/cart' })))).toBe('web  proxy in  /cart')
    expect(spanText(root(madeSpan({ spanId: 'a', operation: '/cart', ...outbound() })))).toBe('web  proxy out  /cart')
    expect(spanText(root(madeSpan({ spanId: 'a', kind: 'client' })))).toBe('web  proxy → application')
  })

  const client = madeSpan({ spanId: 'a', kind: 'client', durationUs: 9_000, ...outbound() })

  test('by the service that an outbound proxy calls', () => {
    const called = madeSpan({ spanId: 'b', parentId: 'a', process: { service: 'cart', tags: {} } })
    expect(spanText(root(client, called))).toBe('web  proxy → cart')
  })

  test('else by the address that it calls, as today’s proxies and older ones say it', () => {
    const old = madeSpan({ spanId: 'b', parentId: 'a', process: { service: 'linkerd-proxy', tags: {} } })
    const tags = { direction: 'outbound', 'server.address': 'cart.shop.svc.cluster.local' }
    expect(spanText(root({ ...client, tags }, old))).toBe('web  proxy → cart.shop.svc.cluster.local')
    expect(spanText(root({ ...client, tags: { direction: 'outbound', 'http.host': 'cart' } }))).toBe(
      'web  proxy → cart',
    )
    expect(spanText(root(client))).toBe('web  proxy → another Pod')
  })

  test('by its operation where it is an application’s', () => {
    expect(spanText(root(madeSpan({ spanId: 'a', process: APP, operation: 'GET /' })))).toBe('web  GET /')
  })

  test('without anything that steers a terminal', () => {
    expect(spanText(root(madeSpan({ spanId: 'a', process: APP, operation: '\u001b[2J\u202e' })))).toBe(
      'web  \\u001b[2J\\u202e',
    )
  })
})

describe('noticed is', () => {
  const marks = (fields: Partial<Span>) => spanMarks(root(madeSpan({ spanId: 'a', ...fields })), undefined)

  test('nothing, mostly', () => {
    expect(marks({})).toBe('')
  })

  test('that it failed, with its status where it has one', () => {
    expect(marks({ isError: true })).toBe('failed')
    expect(marks({ isError: true, tags: { 'http.response.status_code': '503' } })).toBe('failed 503')
  })

  test('that its parent is missing', () => {
    expect(marks({ parentId: 'gone' })).toBe('parent missing')
  })

  test('that it has no end', () => {
    expect(marks({ isUnfinished: true })).toBe('ended before it began')
  })

  test('which of several tries it is', () => {
    const server = madeSpan({ spanId: 'a', durationUs: 9_000, ...outbound() })
    const tried = (spanId: string, startUs: number) =>
      madeSpan({ spanId, parentId: 'a', kind: 'client', startUs, ...outbound() })
    const node = root(server, tried('b', 1_001_000), tried('c', 1_004_000))
    const tries = spanTries([node])
    expect(node.children.map((child) => spanMarks(child, tries.get(child)))).toEqual(['try 1 of 2', 'try 2 of 2'])
    expect(spanTries([root(server, tried('b', 1_001_000))]).size).toBe(0)
    const joined = madeSpan({ spanId: 'd', parentId: 'a', process: APP })
    expect(spanTries([root(server, tried('b', 1_001_000), joined)]).size).toBe(0)
  })
})
