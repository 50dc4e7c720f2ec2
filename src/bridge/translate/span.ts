import { SPAN as CENSUS_SPAN, STATUS as CENSUS_STATUS, TRUNCATABLE_STRING, WRAPPER } from '../opencensus/tags.ts'
import { attributeName, writeBoolAttribute, writeIntAttribute } from '../otlp/named-attribute.ts'
import { SPAN, SPAN_KIND, STATUS, STATUS_CODE } from '../otlp/tags.ts'
import type { MessageFields } from '../wire/message-fields.ts'
import { copyEvents } from './events.ts'
import { isNoParent } from './identifiers.ts'
import type { ValidSpan } from './judge-span.ts'
import { copyLinks } from './links.ts'
import { copySpanAttributes } from './span-attributes.ts'
import { copyStackTrace } from './stack-trace.ts'
import { copyTracestate } from './tracestate.ts'
import type { Transcription } from './transcription.ts'

const SAME_PROCESS = attributeName(SPAN.attributes, 'opencensus.same_process_as_parent_span')
const CHILD_SPAN_COUNT = attributeName(SPAN.attributes, 'opencensus.child_span_count')
/** A code of gRPC, which OTLP's status has no place for. */
const STATUS_CODE_OF_CENSUS = attributeName(SPAN.attributes, 'opencensus.status_code')

/** OpenCensus's UNSPECIFIED, SERVER and CLIENT; it has no others. */
const KINDS = [SPAN_KIND.unspecified, SPAN_KIND.server, SPAN_KIND.client]

/** Writes a span of OTLP: what lies between the length and the end of one. */
export function copySpan(transcription: Transcription, span: ValidSpan): void {
  copyIdentity(transcription, span)
  const hints = copySpanAttributes(transcription, span.fields)
  copyCensusAttributes(transcription, span.fields)
  const { cursor, writer } = transcription
  if (hints.droppedAttributes > 0) writer.field(SPAN.droppedAttributesCount, hints.droppedAttributes)
  if (span.fields.enter(CENSUS_SPAN.timeEvents)) copyEvents(transcription)
  if (span.fields.enter(CENSUS_SPAN.links)) copyLinks(transcription)
  span.fields.enter(CENSUS_SPAN.kind)
  const kind = hints.kind ?? KINDS[cursor.uint32()] ?? SPAN_KIND.unspecified
  if (kind !== SPAN_KIND.unspecified) writer.field(SPAN.kind, kind)
  if (span.fields.enter(CENSUS_SPAN.status)) copyStatus(transcription, hints.statusCode)
}

function copyIdentity(transcription: Transcription, { fields, start, end }: ValidSpan): void {
  const { cursor, writer } = transcription
  fields.enter(CENSUS_SPAN.traceId)
  writer.byte(SPAN.traceId)
  writer.sized(cursor.bytes, cursor.start, cursor.end)
  fields.enter(CENSUS_SPAN.spanId)
  writer.byte(SPAN.spanId)
  writer.sized(cursor.bytes, cursor.start, cursor.end)
  fields.enter(CENSUS_SPAN.parentSpanId)
  if (!isNoParent(cursor)) {
    writer.byte(SPAN.parentSpanId)
    writer.sized(cursor.bytes, cursor.start, cursor.end)
  }
  fields.enter(CENSUS_SPAN.tracestate)
  copyTracestate(transcription, SPAN.traceState)
  fields.enter(CENSUS_SPAN.name)
  cursor.enter(TRUNCATABLE_STRING.value)
  writer.byte(SPAN.name)
  writer.text(cursor.bytes, cursor.start, cursor.end)
  writer.fixed64(SPAN.startTimeUnixNano, start)
  writer.fixed64(SPAN.endTimeUnixNano, end)
}

/** What OTLP's span has no field for. */
function copyCensusAttributes(transcription: Transcription, fields: MessageFields): void {
  const { cursor, writer } = transcription
  if (fields.enter(CENSUS_SPAN.sameProcessAsParentSpan)) {
    cursor.enter(WRAPPER.value)
    writeBoolAttribute(writer, SAME_PROCESS, cursor.int64() !== 0)
  }
  if (fields.enter(CENSUS_SPAN.childSpanCount)) {
    cursor.enter(WRAPPER.value)
    writeIntAttribute(writer, CHILD_SPAN_COUNT, cursor.uint32())
  }
  if (fields.enter(CENSUS_SPAN.stackTrace)) copyStackTrace(transcription)
  fields.enter(CENSUS_SPAN.status)
  cursor.enter(CENSUS_STATUS.code)
  const code = cursor.uint32() | 0
  if (code > 0) writeIntAttribute(writer, STATUS_CODE_OF_CENSUS, code)
}

/** OK, the code 0, is "unset" in OTLP, where "ok" is what a person has decided; all other codes are errors. */
function copyStatus({ cursor, writer, nested }: Transcription, decided: number | undefined): void {
  nested.scan()
  nested.enter(CENSUS_STATUS.code)
  const code = decided ?? (cursor.uint32() === 0 ? STATUS_CODE.unset : STATUS_CODE.error)
  const status = writer.open(SPAN.status)
  if (nested.enter(CENSUS_STATUS.message)) {
    writer.byte(STATUS.message)
    writer.text(cursor.bytes, cursor.start, cursor.end)
  }
  if (code !== STATUS_CODE.unset) writer.field(STATUS.code, code)
  writer.close(status)
}
