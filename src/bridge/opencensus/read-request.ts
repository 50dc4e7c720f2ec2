import type { FieldCursor } from '../wire/field-cursor.ts'
import { EXPORT_REQUEST } from './tags.ts'

/** An ExportTraceServiceRequest that is not decoded further. */
export interface ExportRequest {
  /** Encoded; undefined where the message has none, and the last one of the stream counts. */
  readonly node: Uint8Array | undefined
  readonly resource: Uint8Array | undefined
  readonly spanCount: number
}

/**
 * Takes a cursor over the bytes of an ExportTraceServiceRequest, gives what it has besides spans.
 * @throws InvalidExportError
 */
export function readRequest(cursor: FieldCursor): ExportRequest {
  const { bytes } = cursor
  let node: Uint8Array | undefined
  let resource: Uint8Array | undefined
  let spanCount = 0
  for (let at = 0; at < bytes.length; ) {
    at = cursor.next(at, bytes.length)
    if (cursor.tag === EXPORT_REQUEST.spans) spanCount++
    else if (cursor.tag === EXPORT_REQUEST.node) node = bytes.slice(cursor.start, cursor.end)
    else if (cursor.tag === EXPORT_REQUEST.resource) resource = bytes.slice(cursor.start, cursor.end)
  }
  return { node, resource, spanCount }
}
