import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { InvalidTraceError, parseJaegerTrace } from '../../src/spans/jaeger-trace.ts'

/** In the words of a real answer: a proxy’s two spans, one whose parent is elsewhere, and one of a process that is not there. */
const ANSWER = JSON.parse(readFileSync(join(import.meta.dirname, 'golden/jaeger-trace.json'), 'utf8')) as Answer
interface Answer {
  readonly traceID: string
  readonly spans: readonly Record<string, unknown>[]
}

const first = (fields: object, tags: readonly object[] = []) =>
  parseJaegerTrace({ ...ANSWER, spans: [{ ...ANSWER.spans[0], tags, ...fields }] }).spans[0]

describe('a trace of Jaeger', () => {
  const { traceId, spans } = parseJaegerTrace(ANSWER)

  test('has its spans, with times in microseconds and tags as text', () => {
    expect(traceId).toBe('812e390302ff6fef08323e6ef6f31b55')
    expect(spans[0]).toMatchObject({
      traceId,
      spanId: '70a2a62ebfbfa2f8',
      parentId: '7cd9b407d09e5605',
      operation: '/a',
      kind: 'server',
      startUs: 1795365973662755,
      durationUs: 6917,
      isError: false,
      tags: { direction: 'inbound', 'http.response.status_code': '200', Client: 'false' },
      process: { service: 'web', tags: { 'process.pid': '31124', 'k8s.container.name': 'linkerd-proxy' } },
    })
  })

  test('has one object for all spans of a process, and a nameless one where the process is missing', () => {
    expect(spans[1]?.process).toBe(spans[0]?.process)
    expect(spans[2]?.process).toEqual({ service: '', tags: {} })
  })

  test('may have tags with the names of what every object inherits', () => {
    const tags = ['constructor', '__proto__', 'toString'].map((key) => ({ key, value: 'x' }))
    const named = first({}, tags)
    expect(Object.keys(named?.tags ?? {})).toEqual(['constructor', '__proto__', 'toString'])
    expect(spans[0]?.tags['constructor']).toBeUndefined()
  })

  test('a span’s parent is the first CHILD_OF within the trace, else what it follows; eight zero bytes are none', () => {
    const reference = (refType: string, spanID: string, traceID = traceId) => ({ refType, spanID, traceID })
    const parentOf = (...references: readonly object[]) => first({ references })?.parentId
    expect(parentOf(reference('FOLLOWS_FROM', 'aa'), reference('CHILD_OF', 'bb'), reference('CHILD_OF', 'cc'))).toBe(
      'bb',
    )
    expect(parentOf(reference('FOLLOWS_FROM', 'aa'))).toBe('aa')
    expect(parentOf(reference('CHILD_OF', 'aa', 'ff'))).toBeUndefined()
    expect(parentOf(reference('CHILD_OF', '0000000000000000'))).toBeUndefined()
    expect(parentOf()).toBeUndefined()
  })

  test.each([
    [{ key: 'error', type: 'bool', value: true }, true],
    [{ key: 'error', type: 'string', value: 'false' }, false],
    [{ key: 'otel.status_code', value: 'ERROR' }, true],
    [{ key: 'http.response.status_code', value: '503' }, true],
    [{ key: 'http.status_code', value: 500 }, true],
    [{ key: 'http.status_code', value: '404' }, false],
    [{ key: 'http.status_code', value: '5000' }, false],
  ])('a span with %j failed: %s', (tag, failed) => {
    expect(first({}, [tag])?.isError).toBe(failed)
  })

  test.each([
    [{ spanID: 7 }, 'spanID = 7: must be hexadecimal'],
    [{ spanID: 'x' }, 'spanID = "x": must be hexadecimal'],
    [{ startTime: '1' }, 'startTime = "1": must be a whole number of microseconds'],
    [{ duration: -1 }, 'duration = -1: must be a whole number of microseconds'],
    [{ duration: undefined }, 'duration = undefined: must be a whole number of microseconds'],
  ])('with %j is none', (fields, message) => {
    expect(() => first(fields)).toThrow(new InvalidTraceError(message))
  })

  test.each([null, [], 'x', {}, { traceID: 'a', spans: [null] }])('%j is none', (json) => {
    expect(() => parseJaegerTrace(json)).toThrow(InvalidTraceError)
  })
})
