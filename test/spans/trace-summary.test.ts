import { expect, test } from 'vitest'
import { summarizeTrace } from '../../src/spans/trace-summary.ts'
import { madeSpan, madeTrace } from './made-spans.ts'

const root = madeSpan({
  spanId: '1',
  operation: 'GET /',
  startUs: 100,
  durationUs: 50,
  tags: {},
  process: { service: 'ingress', tags: {} },
})
const proxy = madeSpan({ spanId: '2', parentId: '1', startUs: 110, durationUs: 60, isError: true })

test('a trace begins where its root does, and ends with its last span', () => {
  expect(summarizeTrace(madeTrace(proxy, root))).toEqual({
    traceId: '0af7651916cd43dd8448eb211c80319c',
    startUs: 100,
    durationUs: 70,
    service: 'ingress',
    namespace: undefined,
    operation: 'GET /',
    spans: 2,
    services: 2,
    errors: 1,
  })
})

test('also when a longer part of it has lost its parent', () => {
  const lost = madeSpan({ spanId: '4', parentId: '9', startUs: 120, durationUs: 900 })
  expect(summarizeTrace(madeTrace(lost, root))).toMatchObject({ service: 'ingress', durationUs: 920 })
})

test('without its root it begins with the longest of what is there', () => {
  const later = madeSpan({ spanId: '3', parentId: '9', operation: '/short', durationUs: 5 })
  expect(summarizeTrace(madeTrace(later, proxy))).toMatchObject({ service: 'web', namespace: 'shop', operation: '/' })
  expect(summarizeTrace(madeTrace())).toBeUndefined()
})
