import fc from 'fast-check'
import type { Json } from './schema/codec.ts'

type Time = { seconds: string; nanos: number }

export type SpanJson = {
  traceId: string
  spanId: string
  parentSpanId?: string | undefined
  name?: { value: string } | undefined
  kind?: string | undefined
  startTime?: Time | undefined
  endTime?: Time | undefined
  attributes?: { attributeMap: Json } | undefined
  timeEvents?: { timeEvent: Json[] } | undefined
  sameProcessAsParentSpan?: { value: boolean } | undefined
  childSpanCount?: { value: number } | undefined
  status?: { code: number; message: string } | undefined
  resource?: Json | undefined
}

/** Mostly valid, sometimes of zeros, sometimes of another length. */
const idOf = (bytes: number) =>
  fc.oneof(
    { weight: 30, arbitrary: hex(bytes, bytes) },
    { weight: 1, arbitrary: fc.constant('00'.repeat(bytes)) },
    { weight: 1, arbitrary: hex(0, 20) },
  )

function hex(minLength: number, maxLength: number) {
  return fc.uint8Array({ minLength, maxLength }).map((bytes) => Buffer.from(bytes).toString('hex'))
}

const validTime = fc.record({
  seconds: fc.bigInt({ min: 1n, max: 18_446_744_072n }).map(String),
  nanos: fc.nat(999_999_999),
})
const oddTime = fc.record({
  seconds: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  nanos: fc.integer(),
})
const time = fc.oneof({ weight: 20, arbitrary: validTime }, { weight: 1, arbitrary: oddTime })

const text = fc.string({ unit: 'binary', maxLength: 200 })
/** Names that mean nothing to the mapping, nor to an object of JavaScript. */
const key = fc
  .oneof(fc.string({ unit: 'binary', maxLength: 20 }), fc.string({ minLength: 100, maxLength: 200 }))
  .map((name) => `x.${name}`)
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String)
const attributes = fc.record({
  attributeMap: fc.dictionary(
    key,
    fc.oneof(
      fc.record({ stringValue: fc.record({ value: text, truncatedByteCount: fc.integer() }) }),
      fc.record({ intValue: int64 }),
      fc.record({ boolValue: fc.boolean() }),
      fc.record({ doubleValue: fc.double() }),
      fc.constant({}),
    ),
    { maxKeys: 5 },
  ),
  droppedAttributesCount: fc.integer(),
})
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String)
const messageEvent = fc.record({ type: fc.integer(), id: uint64, uncompressedSize: uint64, compressedSize: uint64 })
const annotation = fc.record({ description: fc.record({ value: text }), attributes }, { requiredKeys: [] })
const timeEvents = fc.record({
  timeEvent: fc.array(
    fc.oneof(
      fc.record({ time, messageEvent }, { requiredKeys: ['messageEvent'] }),
      fc.record({ time, annotation }, { requiredKeys: ['annotation'] }),
      fc.record({ time }),
    ),
    { maxLength: 4 },
  ),
  droppedAnnotationsCount: fc.integer(),
  droppedMessageEventsCount: fc.integer(),
})
const tracestate = fc.record({ entries: fc.array(fc.record({ key: text, value: text }), { maxLength: 3 }) })
const link = fc.record(
  { traceId: idOf(16), spanId: idOf(8), type: fc.integer(), attributes, tracestate },
  { requiredKeys: [] },
)
const resource = fc.record({ type: text, labels: fc.dictionary(key, text, { maxKeys: 3 }) }, { requiredKeys: [] })
const frame = fc.record(
  {
    functionName: fc.record({ value: text }),
    fileName: fc.record({ value: text }),
    lineNumber: int64,
    columnNumber: int64,
  },
  { requiredKeys: [] },
)

const span: fc.Arbitrary<SpanJson> = fc.record(
  {
    traceId: idOf(16),
    spanId: idOf(8),
    parentSpanId: fc.oneof(fc.constant(''), idOf(8)),
    name: fc.record({ value: fc.oneof(text, fc.constant('opencensus.proto.agent.trace.v1.TraceService.Export')) }),
    kind: fc.constantFrom('SPAN_KIND_UNSPECIFIED', 'SERVER', 'CLIENT'),
    startTime: time,
    endTime: time,
    attributes,
    timeEvents,
    links: fc.record({ link: fc.array(link, { maxLength: 2 }), droppedLinksCount: fc.integer() }),
    status: fc.record({ code: fc.integer(), message: text }),
    sameProcessAsParentSpan: fc.record({ value: fc.boolean() }),
    childSpanCount: fc.record({ value: fc.nat() }),
    tracestate,
    resource: fc.oneof(fc.constant({ type: 'pod', labels: {} }), resource),
  },
  { requiredKeys: ['traceId', 'spanId', 'startTime'] },
)

/** What a stack trace adds is one attribute or two: kept apart, so that attributes can be counted. */
export const anyStackTrace = fc.record({ stackFrames: fc.record({ frame: fc.array(frame, { maxLength: 3 }) }) })

const node = fc.record(
  {
    identifier: fc.record({ hostName: text, pid: fc.nat(), startTimestamp: time }, { requiredKeys: [] }),
    libraryInfo: fc.record({ language: fc.integer(), exporterVersion: text, coreLibraryVersion: text }),
    serviceInfo: fc.record({ name: text }),
    attributes: fc.dictionary(key, text, { maxKeys: 3 }),
  },
  { requiredKeys: [] },
)

/** Any ExportTraceServiceRequest. */
export const anyRequest = fc
  .record({ node, resource, spans: fc.array(span, { maxLength: 8 }) }, { requiredKeys: ['spans'] })
  .map((request) => request as { spans: SpanJson[] } & Json)

const isId = (id: string | undefined, length: number) => id?.length === length && !/^0*$/.test(id)
const isTime = (at: Time | undefined) =>
  at !== undefined &&
  BigInt(at.seconds) >= 0n &&
  BigInt(at.seconds) <= 18_446_744_072n &&
  at.nanos >= 0 &&
  at.nanos < 1e9

/** Whether a span is neither invalid nor one of the exporter's own streams. */
export function isTranslated(span: SpanJson): boolean {
  const isOwn = span.kind === 'CLIENT' && span.name?.value.startsWith('opencensus.proto.agent')
  const hasParent = !/^(0{16})?$/.test(span.parentSpanId ?? '')
  const hasIds = isId(span.traceId, 32) && isId(span.spanId, 16) && (!hasParent || isId(span.parentSpanId, 16))
  return !isOwn && hasIds && isTime(span.startTime) && (span.endTime === undefined || isTime(span.endTime))
}
