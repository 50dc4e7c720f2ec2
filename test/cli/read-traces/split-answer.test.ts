import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createAnswerSplitter } from '../../../src/cli/read-traces/split-answer.ts'

/** Cuts the text at these places, as a network does. */
function pieces(text: string, places: readonly number[]): Buffer[] {
  const bytes = Buffer.from(text)
  const cuts = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b)
  return [0, ...cuts].map((cut, index) => bytes.subarray(cut, cuts[index] ?? bytes.length))
}

function split(text: string, places: readonly number[] = [], maxTraceBytes?: number) {
  const splitter = createAnswerSplitter(maxTraceBytes)
  const traces = pieces(text, places).flatMap((piece) => splitter.push(piece))
  return { traces: traces.map((trace) => JSON.parse(trace.toString()) as unknown), ...splitter.end() }
}

describe('an answer of Jaeger', () => {
  test('is cut into its traces, whatever is in them and wherever the network cut it', () => {
    const data = fc.array(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), { maxLength: 5 })
    const spaces = fc.constantFrom(0, 2)
    fc.assert(
      fc.property(data, spaces, fc.array(fc.nat()), (traces, space, places) => {
        const answer = { data: traces, total: 0, errors: [{ msg: 'naïve "]}' }] }
        const found = split(JSON.stringify(answer, undefined, space), places)
        expect(found.traces).toEqual(JSON.parse(JSON.stringify(traces)))
        expect(found.rest).toEqual({ ...answer, data: [] })
      }),
      { numRuns: 40 },
    )
  })

  test('may have errors before its traces, and no traces at all', () => {
    expect(split('{"errors":[{"msg":"a"}],"data":[{"b":1}]}').traces).toEqual([{ b: 1 }])
    expect(split('{"data":null,"errors":null}').traces).toEqual([])
  })

  test('loses a trace that is too large for memory, and says so', () => {
    const answer = JSON.stringify({ data: [{ a: 1 }, { b: 'x'.repeat(100) }, { c: 3 }] })
    expect(split(answer, [30, 60, 90], 50)).toMatchObject({ traces: [{ a: 1 }, { c: 3 }], tooLarge: 1 })
  })

  test('that breaks off, or is somebody else’s, is told from one without traces', () => {
    for (const text of ['{"data":[{"a":1}', '{"data":[{"a":1},{"b"', '', '[]', '{"result":{}}', 'not JSON']) {
      expect(() => split(text)).toThrow('Jaeger’s answer is no JSON of traces, or broke off')
    }
    expect(() => split(`"${'x'.repeat(2_000_000)}"`)).toThrow('Jaeger’s answer is no list of traces')
  })
})
