import { SPAN, TRUNCATABLE_STRING } from '../opencensus/tags.ts'
import { readTimestamp, type UnixNanos } from '../opencensus/timestamp.ts'
import type { FieldCursor } from '../wire/field-cursor.ts'
import type { MessageFields } from '../wire/message-fields.ts'
import { isNoParent, isSpanId, isTraceId } from './identifiers.ts'

/** A span of OpenCensus that can be translated, and the times that were read of it. */
export interface ValidSpan {
  readonly fields: MessageFields
  readonly start: UnixNanos
  readonly end: UnixNanos
}

/** Span.SpanKind. */
const CLIENT = 2
/** OpenCensus's exporter calls the agent by gRPC, which OpenCensus traces: each of its streams becomes a span. */
const OWN_STREAMS = new TextEncoder().encode('opencensus.proto.agent')

/**
 * Takes the fields of a span of OpenCensus; gives what is needed to translate it, or why it is not translated.
 *
 * Invalid are ids of another length than OTLP's, which receivers refuse together with the whole request; ids that are
 * all zero; a start that is absent or that OTLP cannot express. An absent end is the start, by OpenCensus's own rule.
 */
export function judgeSpan(cursor: FieldCursor, fields: MessageFields): ValidSpan | 'own-stream' | 'invalid' {
  if (isOfOwnStream(cursor, fields)) return 'own-stream'
  if (!hasValidIds(cursor, fields)) return 'invalid'
  const start = fields.enter(SPAN.startTime) ? readTimestamp(cursor) : undefined
  // What was never set is the year 1970.
  if (start === undefined || (start.low === 0 && start.high === 0)) return 'invalid'
  const end = fields.enter(SPAN.endTime) ? readTimestamp(cursor) : start
  return end === undefined ? 'invalid' : { fields, start, end }
}

function hasValidIds(cursor: FieldCursor, fields: MessageFields): boolean {
  fields.enter(SPAN.traceId)
  if (!isTraceId(cursor)) return false
  fields.enter(SPAN.spanId)
  if (!isSpanId(cursor)) return false
  fields.enter(SPAN.parentSpanId)
  return isNoParent(cursor) || isSpanId(cursor)
}

function isOfOwnStream(cursor: FieldCursor, fields: MessageFields): boolean {
  fields.enter(SPAN.kind)
  if (cursor.uint32() !== CLIENT) return false
  fields.enter(SPAN.name)
  cursor.enter(TRUNCATABLE_STRING.value)
  const { bytes, start, end } = cursor
  return end - start >= OWN_STREAMS.length && OWN_STREAMS.every((byte, index) => bytes[start + index] === byte)
}
