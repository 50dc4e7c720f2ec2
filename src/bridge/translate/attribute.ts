import { ATTRIBUTE_VALUE, ATTRIBUTES, MAP_ENTRY, TRUNCATABLE_STRING } from '../opencensus/tags.ts'
import { ANY_VALUE, KEY_VALUE } from '../otlp/tags.ts'
import type { FieldCursor } from '../wire/field-cursor.ts'
import type { Transcription } from './transcription.ts'

/** Where key and value of a map's entry lie. */
export interface MapEntry {
  readonly keyStart: number
  readonly keyEnd: number
  readonly valueStart: number
  readonly valueEnd: number
}

/** Reads the current field as an entry of a map; what is absent in it is empty. */
export function readMapEntry(cursor: FieldCursor): MapEntry {
  const limit = cursor.end
  let keyStart = limit
  let keyEnd = limit
  let valueStart = limit
  let valueEnd = limit
  for (let at = cursor.start; at < limit; ) {
    at = cursor.next(at, limit)
    if (cursor.tag === MAP_ENTRY.key) {
      keyStart = cursor.start
      keyEnd = cursor.end
    } else if (cursor.tag === MAP_ENTRY.value) {
      valueStart = cursor.start
      valueEnd = cursor.end
    }
  }
  return { keyStart, keyEnd, valueStart, valueEnd }
}

/**
 * Copies the current Attributes, as those of an event or a link, into the field with this tag.
 * @returns how many the client says that it dropped
 */
export function copyAttributes(transcription: Transcription, tag: number): number {
  const { cursor } = transcription
  const limit = cursor.end
  let dropped = 0
  for (let at = cursor.start; at < limit; ) {
    at = cursor.next(at, limit)
    if (cursor.tag === ATTRIBUTES.attributeMap) copyAttribute(transcription, tag, readMapEntry(cursor))
    else if (cursor.tag === ATTRIBUTES.droppedAttributesCount) dropped = readCount(cursor)
  }
  return dropped
}

/** Copies one attribute into the field with this tag. */
export function copyAttribute(transcription: Transcription, tag: number, entry: MapEntry): void {
  const { cursor, writer } = transcription
  const pair = writer.open(tag)
  writer.byte(KEY_VALUE.key)
  writer.text(cursor.bytes, entry.keyStart, entry.keyEnd)
  copyValue(transcription, entry)
  writer.close(pair)
}

/** Writes the value of an entry, an AttributeValue, as that of a KeyValue that is open. Without any it stays empty. */
export function copyValue({ cursor, writer }: Transcription, { valueStart, valueEnd }: MapEntry): void {
  const value = writer.open(KEY_VALUE.value)
  cursor.select(valueStart, valueEnd)
  const kind = enterValue(cursor)
  if (kind === ATTRIBUTE_VALUE.stringValue) {
    cursor.enter(TRUNCATABLE_STRING.value)
    writer.byte(ANY_VALUE.stringValue)
    writer.text(cursor.bytes, cursor.start, cursor.end)
  } else if (kind !== 0) {
    writer.byte(kindInOtlp(kind))
    writer.copy(cursor.bytes, cursor.start, cursor.end)
  }
  writer.close(value)
}

/** Makes what the current AttributeValue holds the current field. Gives its tag; 0 for none. */
export function enterValue(cursor: FieldCursor): number {
  const limit = cursor.end
  let kind = 0
  let start = limit
  let end = limit
  for (let at = cursor.start; at < limit; ) {
    at = cursor.next(at, limit)
    if (!isValueTag(cursor.tag)) continue
    kind = cursor.tag
    start = cursor.start
    end = cursor.end
  }
  cursor.select(start, end)
  return kind
}

/** Reads the current field as a count of dropped things; OpenCensus's have a sign, and OTLP's have none. */
export function readCount(cursor: FieldCursor): number {
  return Math.max(0, cursor.uint32() | 0)
}

function isValueTag(tag: number): boolean {
  return (
    tag === ATTRIBUTE_VALUE.stringValue ||
    tag === ATTRIBUTE_VALUE.intValue ||
    tag === ATTRIBUTE_VALUE.boolValue ||
    tag === ATTRIBUTE_VALUE.doubleValue
  )
}

function kindInOtlp(tag: number): number {
  if (tag === ATTRIBUTE_VALUE.intValue) return ANY_VALUE.intValue
  return tag === ATTRIBUTE_VALUE.boolValue ? ANY_VALUE.boolValue : ANY_VALUE.doubleValue
}
