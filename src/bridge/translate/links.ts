import { LINK as CENSUS_LINK, LINKS } from '../opencensus/tags.ts'
import { attributeName, writeTextAttribute } from '../otlp/named-attribute.ts'
import { LINK, SPAN } from '../otlp/tags.ts'
import { copyAttributes, readCount } from './attribute.ts'
import { isSpanId, isTraceId } from './identifiers.ts'
import { copyTracestate } from './tracestate.ts'
import type { Transcription } from './transcription.ts'

/** OTLP has no type of a link; no convention names an attribute for it, so it has OpenCensus's name. */
const TYPE = attributeName(LINK.attributes, 'opencensus.link_type')
const TYPES = [undefined, 'CHILD_LINKED_SPAN', 'PARENT_LINKED_SPAN']

/** Writes the current Links as those of the span that is open. One without valid ids counts as dropped. */
export function copyLinks(transcription: Transcription): void {
  const { cursor, writer } = transcription
  const limit = cursor.end
  let dropped = 0
  for (let at = cursor.start; at < limit; ) {
    at = cursor.next(at, limit)
    if (cursor.tag === LINKS.link) dropped += copyLink(transcription) ? 0 : 1
    else if (cursor.tag === LINKS.droppedLinksCount) dropped += readCount(cursor)
  }
  if (dropped > 0) writer.field(SPAN.droppedLinksCount, dropped)
}

function copyLink(transcription: Transcription): boolean {
  const { cursor, writer, nested } = transcription
  nested.scan()
  nested.enter(CENSUS_LINK.spanId)
  if (!isSpanId(cursor)) return false
  const { start, end } = cursor
  nested.enter(CENSUS_LINK.traceId)
  if (!isTraceId(cursor)) return false
  const link = writer.open(SPAN.links)
  writer.byte(LINK.traceId)
  writer.sized(cursor.bytes, cursor.start, cursor.end)
  writer.byte(LINK.spanId)
  writer.sized(cursor.bytes, start, end)
  nested.enter(CENSUS_LINK.tracestate)
  copyTracestate(transcription, LINK.traceState)
  nested.enter(CENSUS_LINK.attributes)
  const dropped = copyAttributes(transcription, LINK.attributes)
  if (dropped > 0) writer.field(LINK.droppedAttributesCount, dropped)
  nested.enter(CENSUS_LINK.type)
  const type = TYPES[cursor.uint32()]
  if (type !== undefined) writeTextAttribute(writer, TYPE, type)
  writer.close(link)
  return true
}
