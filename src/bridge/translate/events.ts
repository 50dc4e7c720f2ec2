import { ANNOTATION, MESSAGE_EVENT, TIME_EVENT, TIME_EVENTS, TRUNCATABLE_STRING } from '../opencensus/tags.ts'
import { readTimestamp } from '../opencensus/timestamp.ts'
import { attributeName, copyIntAttribute, textAttribute } from '../otlp/named-attribute.ts'
import { EVENT, SPAN } from '../otlp/tags.ts'
import { copyAttributes, readCount } from './attribute.ts'
import type { Transcription } from './transcription.ts'

// The names that OpenTelemetry Collector's OpenCensus translator gave message events (semantic conventions 1.6.1).
const NAME = new TextEncoder().encode('message')
const TYPE = attributeName(EVENT.attributes, 'message.type')
const ID = attributeName(EVENT.attributes, 'messaging.message_id')
const SIZE = attributeName(EVENT.attributes, 'messaging.message_payload_size_bytes')
const COMPRESSED_SIZE = attributeName(EVENT.attributes, 'messaging.message_payload_compressed_size_bytes')

const TYPES = ['TYPE_UNSPECIFIED', 'SENT', 'RECEIVED'].map((type) => textAttribute(TYPE, type))

/** Message events have some 170 bytes. */
const LENGTH_BYTES = 2

/** Writes the current TimeEvents as events of the span that is open. */
export function copyEvents(transcription: Transcription): void {
  const { cursor, writer } = transcription
  const limit = cursor.end
  let dropped = 0
  for (let at = cursor.start; at < limit; ) {
    at = cursor.next(at, limit)
    if (cursor.tag === TIME_EVENTS.timeEvent) copyEvent(transcription)
    else if (cursor.tag === TIME_EVENTS.droppedAnnotationsCount) dropped += readCount(cursor)
    else if (cursor.tag === TIME_EVENTS.droppedMessageEventsCount) dropped += readCount(cursor)
  }
  if (dropped > 0) writer.field(SPAN.droppedEventsCount, dropped)
}

/** An event without a time, or with one that OTLP cannot express, gets none. */
function copyEvent(transcription: Transcription): void {
  const { cursor, writer, nested } = transcription
  nested.scan()
  const event = writer.open(SPAN.events, LENGTH_BYTES)
  const time = nested.enter(TIME_EVENT.time) ? readTimestamp(cursor) : undefined
  if (time) writer.fixed64(EVENT.timeUnixNano, time)
  if (nested.enter(TIME_EVENT.annotation)) copyAnnotation(transcription)
  else if (nested.enter(TIME_EVENT.messageEvent)) copyMessageEvent(transcription)
  writer.close(event, LENGTH_BYTES)
}

function copyAnnotation(transcription: Transcription): void {
  const { cursor, writer, nested } = transcription
  nested.scan()
  if (nested.enter(ANNOTATION.description)) {
    cursor.enter(TRUNCATABLE_STRING.value)
    writer.byte(EVENT.name)
    writer.text(cursor.bytes, cursor.start, cursor.end)
  }
  nested.enter(ANNOTATION.attributes)
  const dropped = copyAttributes(transcription, EVENT.attributes)
  if (dropped > 0) writer.field(EVENT.droppedAttributesCount, dropped)
}

function copyMessageEvent({ cursor, writer, nested }: Transcription): void {
  nested.scan()
  writer.byte(EVENT.name)
  writer.sized(NAME)
  nested.enter(MESSAGE_EVENT.type)
  const type = cursor.uint32()
  writer.copy(TYPES[type] ?? textAttribute(TYPE, String(type | 0)))
  nested.enter(MESSAGE_EVENT.id)
  copyIntAttribute(writer, ID, cursor)
  nested.enter(MESSAGE_EVENT.uncompressedSize)
  copyIntAttribute(writer, SIZE, cursor)
  nested.enter(MESSAGE_EVENT.compressedSize)
  copyIntAttribute(writer, COMPRESSED_SIZE, cursor)
}
