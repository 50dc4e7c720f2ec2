import { describe, expect, test } from 'vitest'
import { requestOverheads } from '../../src/spans/request-overhead.ts'
import type { Span } from '../../src/spans/span.ts'
import { madeSpan, madeTrace } from './made-spans.ts'

const server = (fields: Partial<Span> = {}) => madeSpan({ spanId: 'a', kind: 'server', durationUs: 1_000, ...fields })
const client = (fields: Partial<Span> = {}) =>
  madeSpan({ spanId: 'b', parentId: 'a', kind: 'client', startUs: 1_000_100, durationUs: 700, ...fields })

/** What is said of each request, without its span. */
function said(...spans: readonly Span[]) {
  return requestOverheads(madeTrace(...spans)).map(({ span: _, ...rest }) => rest)
}

const status = (code: string) => ({ tags: { 'http.response.status_code': code } })

describe('a proxy adds', () => {
  test('the time of its server span in which its client span did not run', () => {
    expect(said(server(), client())).toEqual([{ direction: 'inbound', addedUs: 300 }])
  })

  test('the same wherever Jaeger has moved the client span to', () => {
    expect(said(server(), client({ startUs: 5_000_000 }))).toEqual([{ direction: 'inbound', addedUs: 300 }])
  })

  test('with retries what none of the tries took, the pauses between them included', () => {
    const first = client({ durationUs: 200 })
    const second = client({ spanId: 'c', startUs: 1_000_500, durationUs: 400 })
    expect(said(server(), second, first)).toEqual([{ direction: 'inbound', addedUs: 400 }])
  })

  test('nothing, when it takes less than is measured', () => {
    expect(said(server(), client({ durationUs: 1_000 }))).toEqual([{ direction: 'inbound', addedUs: 0 }])
  })

  test('to each direction its own: a request that leaves is no part of the one that came', () => {
    const outbound = { tags: { direction: 'outbound' } }
    const spans = [
      server(),
      client(),
      server({ spanId: 'd', parentId: 'b', durationUs: 500, ...outbound }),
      client({ spanId: 'e', parentId: 'd', durationUs: 450, ...outbound }),
    ]
    expect(said(...spans)).toEqual([
      { direction: 'inbound', addedUs: 300 },
      { direction: 'outbound', addedUs: 50 },
    ])
  })

  test('once, when its spans were stored twice', () => {
    expect(said(server(), client(), server(), client())).toEqual([{ direction: 'inbound', addedUs: 300 }])
  })

  test('and an application’s span with the id of its caller’s, as B3 has it, is nobody’s try', () => {
    const joined = madeSpan({
      spanId: 'b',
      parentId: 'a',
      kind: 'client',
      process: { service: 'web', tags: { 'k8s.container.name': 'app' } },
    })
    expect(said(server(), joined, client())).toEqual([{ direction: 'inbound', addedUs: 300 }])
  })
})

describe('a figure is withheld', () => {
  const withheld = (reason: string) => [{ direction: 'inbound', withheld: reason }]

  test('without the client span', () => {
    expect(said(server())).toEqual(withheld('no-client-span'))
  })

  test('without the server span, once for all tries of the request', () => {
    expect(said(client(), client({ spanId: 'c' }))).toEqual(withheld('no-server-span'))
  })

  test('when the tries took longer than the request', () => {
    expect(said(server(), client({ durationUs: 1_001 }))).toEqual(withheld('longer-tries'))
  })

  test('when one of its spans has no end', () => {
    expect(said(server(), client({ durationUs: 0, isUnfinished: true }))).toEqual(withheld('no-end'))
    expect(said(server({ durationUs: 0, isUnfinished: true }), client())).toEqual(withheld('no-end'))
  })

  test('when tries overlap, which a proxy’s never do', () => {
    const second = client({ spanId: 'c', startUs: 1_000_150, durationUs: 100 })
    expect(said(server(), client({ durationUs: 100 }), second)).toEqual(withheld('overlapping-tries'))
  })

  test('not when that is by the microseconds that times are cut to', () => {
    const second = client({ spanId: 'c', startUs: 1_000_198, durationUs: 100 })
    expect(said(server(), client({ durationUs: 100 }), second)).toEqual([{ direction: 'inbound', addedUs: 800 }])
  })

  test('when the caller got a status that no try has', () => {
    expect(said(server(status('200')), client(status('503')))).toEqual(withheld('missing-try'))
  })

  test('not when a try had no answer: the status is the proxy’s own', () => {
    expect(said(server(status('502')), client())).toEqual([{ direction: 'inbound', addedUs: 300 }])
  })

  test('not for the names of OpenCensus, when one try has the status', () => {
    const old = (code: string) => ({ tags: { 'http.status_code': code } })
    const tries = [
      client({ durationUs: 100, ...old('503') }),
      client({ spanId: 'c', startUs: 1_000_300, durationUs: 100, ...old('200') }),
    ]
    expect(said(server(old('200')), ...tries)).toEqual([{ direction: 'inbound', addedUs: 800 }])
  })
})

test('spans of applications and of the control plane have no overhead', () => {
  const app = { service: 'web', tags: { 'k8s.container.name': 'app' } }
  expect(said(server({ process: app }), client({ process: app }))).toEqual([])
})
