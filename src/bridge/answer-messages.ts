import { InvalidExportError } from './invalid-export-error.ts'
import { FieldCursor } from './wire/field-cursor.ts'
import { lengthDelimited, varint } from './wire/tags.ts'

// What a collector answers with, as numbered by github.com/open-telemetry/opentelemetry-proto and, of errors, by
// github.com/googleapis/googleapis (google/rpc/status.proto, google/rpc/error_details.proto).
const PARTIAL_SUCCESS = lengthDelimited(1)
const REJECTED_SPANS = varint(1)
const ERROR_MESSAGE = lengthDelimited(2)
const STATUS_DETAIL = lengthDelimited(3)
const ANY_TYPE = lengthDelimited(1)
const ANY_VALUE = lengthDelimited(2)
const RETRY_DELAY = lengthDelimited(1)
const SECONDS = varint(1)
const NANOS = varint(2)

const RETRY_INFO = 'type.googleapis.com/google.rpc.RetryInfo'

/**
 * Takes an encoded ExportTraceServiceResponse, gives how many spans the collector would not have, and what it says of
 * that. One that cannot be read rejects nothing: the status has said that the spans were taken.
 */
export function readPartialSuccess(response: Uint8Array): { readonly rejectedSpans: number; readonly message: string } {
  return orElse({ rejectedSpans: 0, message: '' }, () => {
    const cursor = new FieldCursor(response)
    cursor.find(PARTIAL_SUCCESS, 0, response.length)
    const [start, end] = [cursor.start, cursor.end]
    const rejectedSpans = cursor.find(REJECTED_SPANS, start, end) ? Math.max(0, cursor.int64()) : 0
    const message = cursor.find(ERROR_MESSAGE, start, end) ? textAt(cursor) : ''
    return { rejectedSpans, message }
  })
}

/**
 * Takes the trailer `grpc-status-details-bin` (an encoded google.rpc.Status), gives the pause that its RetryInfo asks
 * for, in milliseconds; undefined when it has none, or cannot be read.
 */
export function readRetryDelayMs(details: Uint8Array): number | undefined {
  return orElse(undefined, () => {
    const cursor = new FieldCursor(details)
    for (let at = 0; at < details.length; ) {
      at = cursor.next(at, details.length)
      const delayMs = cursor.tag === STATUS_DETAIL ? delayOfDetail(cursor, cursor.start, cursor.end) : undefined
      if (delayMs !== undefined) return delayMs
    }
    return undefined
  })
}

function delayOfDetail(cursor: FieldCursor, start: number, end: number): number | undefined {
  if (!cursor.find(ANY_TYPE, start, end) || textAt(cursor) !== RETRY_INFO) return undefined
  if (!cursor.find(ANY_VALUE, start, end)) return 0
  if (!cursor.find(RETRY_DELAY, cursor.start, cursor.end)) return 0
  const [from, limit] = [cursor.start, cursor.end]
  const seconds = cursor.find(SECONDS, from, limit) ? cursor.int64() : 0
  const nanos = cursor.find(NANOS, from, limit) ? cursor.int64() : 0
  return Math.max(0, seconds * 1000 + nanos / 1e6)
}

function textAt({ bytes, start, end }: FieldCursor): string {
  return Buffer.from(bytes.subarray(start, end)).toString()
}

/** Bytes of a stranger: what is no protobuf message says nothing. */
function orElse<T>(otherwise: T, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof InvalidExportError) return otherwise
    throw error
  }
}
