import { TRACESTATE } from '../opencensus/tags.ts'
import { readMapEntry } from './attribute.ts'
import type { Transcription } from './transcription.ts'

/** Writes the current Tracestate in the form of W3C's header, `key=value,key=value`, into the field with this tag. */
export function copyTracestate({ cursor, writer }: Transcription, tag: number): void {
  const { bytes, end: limit } = cursor
  if (cursor.start === limit) return
  const state = writer.open(tag)
  let at = cursor.start
  while (at < limit) {
    at = cursor.next(at, limit)
    if (cursor.tag !== TRACESTATE.entries) continue
    if (writer.length > state) writer.byte(COMMA)
    // An Entry has the fields of a map's entry.
    const { keyStart, keyEnd, valueStart, valueEnd } = readMapEntry(cursor)
    writer.textPart(bytes, keyStart, keyEnd)
    writer.byte(EQUALS)
    writer.textPart(bytes, valueStart, valueEnd)
  }
  writer.close(state)
}

const COMMA = 0x2c
const EQUALS = 0x3d
