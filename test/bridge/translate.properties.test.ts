/** What holds of every message, whatever it has. FUZZ_RUNS sets how many are tried (`npm run fuzz`: 200,000). */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { newAgentStream } from '../../src/bridge/agent-stream.ts'
import { InvalidExportError } from '../../src/bridge/invalid-export-error.ts'
import { MAX_BATCH_BYTES } from '../../src/bridge/span-batch.ts'
import { type TranslatedExport, translateExport } from '../../src/bridge/translate-export.ts'
import { anyRequest, isTranslated, type SpanJson } from './odd-requests.ts'
import { decodeOtlp, encodeCensus, type Json } from './schema/codec.ts'

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 2_000)
const MINUTES = 60_000

const translate = (message: Uint8Array) => translateExport(newAgentStream(), message)
const bytesOf = ({ batches }: TranslatedExport) => Buffer.concat(batches.map(({ resourceSpans }) => resourceSpans))
const sentBy = ({ batches }: TranslatedExport) => batches.reduce((sum, { spans }) => sum + spans, 0)

/** Takes a request of OTLP, gives its spans and how many attributes a resource has. */
function spansIn(request: Json): Json[] {
  const resources = (request['resourceSpans'] ?? []) as { scopeSpans: { spans: Json[] }[] }[]
  return resources.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
}

/** Valid spans in the order in which they are sent: those of the stream's resource first, others by their encoded one. */
function byResource(spans: readonly SpanJson[]): SpanJson[] {
  const groups = new Map<string, SpanJson[]>([['', []]])
  for (const span of spans) {
    const key =
      span.resource === undefined
        ? ''
        : Buffer.from(encodeCensus({ spans: [{ resource: span.resource }] })).toString('hex')
    groups.set(key, [...(groups.get(key) ?? []), span])
  }
  return [...groups.values()].flat()
}

const nanosOf = ({ seconds = '0', nanos = 0 }: { seconds?: string; nanos?: number }) =>
  String(BigInt(seconds) * 1_000_000_000n + BigInt(nanos))

describe('any message of OpenCensus', () => {
  test('comes out as OTLP: counted, in batches, with ids, times and names as they were', {
    timeout: 60 * MINUTES,
  }, () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        const result = translate(encodeCensus(request))
        const spans = spansIn(decodeOtlp(bytesOf(result)))
        const valid = byResource(request.spans.filter(isTranslated))
        expect(spans.map(identityOf)).toEqual(valid.map(expectedIdentity))
        expect(sentBy(result)).toBe(spans.length)
        expect(result.received).toBe(request.spans.length)
        expect(sentBy(result) + result.ownStreamSpans + result.invalidSpans).toBe(result.received)
      }),
      { numRuns: RUNS },
    )
  })

  test('every batch is a request of its own, counts its spans, and takes no more memory than it says', {
    timeout: 60 * MINUTES,
  }, () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        for (const { spans, resourceSpans } of translate(encodeCensus(request)).batches) {
          expect(spansIn(decodeOtlp(resourceSpans))).toHaveLength(spans)
          expect(spans).toBeGreaterThan(0)
          expect(resourceSpans.byteLength).toBeLessThanOrEqual(MAX_BATCH_BYTES)
          expect(resourceSpans.buffer.byteLength).toBe(resourceSpans.byteLength)
        }
      }),
      { numRuns: RUNS },
    )
  })

  test('with fields that nobody knows comes out as without them', { timeout: 60 * MINUTES }, () => {
    const unknown = fc.constantFrom(
      [0xc2, 0x3e, 2, 1, 1],
      [0xb8, 0x3e, 5],
      [0xbd, 0x3e, 1, 2, 3, 4],
      [0x10, 7],
      [0x0d, 1, 2, 3, 4],
    )
    fc.assert(
      fc.property(anyRequest, unknown, (request, field) => {
        const message = encodeCensus(request)
        expect(translate(Buffer.concat([Buffer.from(field), message]))).toEqual(translate(message))
      }),
      { numRuns: RUNS },
    )
  })

  test('leaves the message as it was', () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        const message = encodeCensus(request)
        const before = Uint8Array.from(message)
        translate(message)
        expect(Buffer.compare(message, before)).toBe(0)
      }),
      { numRuns: 200 },
    )
  })
})

describe('any bytes', () => {
  const outcomeOf = (message: Uint8Array) => {
    try {
      return translate(message)
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidExportError)
      expect((error as Error).message).toMatch(/ must (have|be) /)
      return undefined
    }
  }

  test('are translated or refused in a sentence', { timeout: 60 * MINUTES }, () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (message) => {
        const result = outcomeOf(message)
        if (result) decodeOtlp(bytesOf(result))
      }),
      { numRuns: RUNS * 5 },
    )
  })

  test('of a message with bytes changed, left out or cut off are too; what is sent stays OTLP', {
    timeout: 60 * MINUTES,
  }, () => {
    const change = fc.record({
      at: fc.nat(),
      byte: fc.nat(255),
      kind: fc.constantFrom('set' as const, 'cut' as const, 'leave out' as const),
    })
    fc.assert(
      fc.property(anyRequest, fc.array(change, { minLength: 1, maxLength: 4 }), (request, changes) => {
        const result = outcomeOf(changes.reduce(changed, Buffer.from(encodeCensus(request))))
        if (!result) return
        const spans = spansIn(decodeOtlp(bytesOf(result)))
        expect(spans).toHaveLength(sentBy(result))
        for (const span of spans) {
          expect(span['traceId']).toMatch(/^(?!0{32})[0-9a-f]{32}$/)
          expect(span['spanId']).toMatch(/^(?!0{16})[0-9a-f]{16}$/)
          expect(span['parentSpanId'] ?? '1234567812345678').toMatch(/^(?!0{16})[0-9a-f]{16}$/)
        }
      }),
      { numRuns: RUNS * 5 },
    )
  })
})

interface ByteChange {
  readonly at: number
  readonly byte: number
  readonly kind: 'set' | 'cut' | 'leave out'
}

function changed(message: Buffer, { at, byte, kind }: ByteChange): Buffer {
  const place = at % Math.max(1, message.length)
  const before = message.subarray(0, place)
  if (kind === 'cut') return before
  return Buffer.concat([before, kind === 'set' ? Buffer.of(byte) : Buffer.of(), message.subarray(place + 1)])
}

function identityOf(span: Json): Json {
  const { traceId, spanId, parentSpanId, name = '', startTimeUnixNano, endTimeUnixNano, attributes, ...rest } = span
  return {
    ...{ traceId, spanId, parentSpanId, name, startTimeUnixNano, endTimeUnixNano },
    attributes: ((attributes ?? []) as unknown[]).length,
    events: ((rest['events'] ?? []) as unknown[]).length,
  }
}

function expectedIdentity(span: SpanJson): Json {
  const given = { ...span.attributes?.attributeMap }
  const added = [span.sameProcessAsParentSpan, span.childSpanCount, span.status && span.status.code > 0 ? 1 : undefined]
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: /^0*$/.test(span.parentSpanId ?? '') ? undefined : span.parentSpanId,
    name: span.name?.value ?? '',
    startTimeUnixNano: nanosOf(span.startTime ?? {}),
    endTimeUnixNano: nanosOf(span.endTime ?? span.startTime ?? {}),
    attributes: Object.keys(given).length + added.filter((value) => value !== undefined).length,
    events: span.timeEvents?.timeEvent.length ?? 0,
  }
}
