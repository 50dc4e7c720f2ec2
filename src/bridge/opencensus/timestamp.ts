import type { FieldCursor } from '../wire/field-cursor.ts'
import { TIMESTAMP } from './tags.ts'

/** Nanoseconds since 1970: two halves of 64 bits, each without sign. */
export interface UnixNanos {
  readonly low: number
  readonly high: number
}

const NANOS_PER_SECOND = 1_000_000_000
/** 2⁶⁴ nanoseconds, in seconds: July 2554. */
const MAX_SECONDS = 18_446_744_072

/** Reads the current Timestamp; gives undefined when OTLP cannot express it: before 1970, or after 2554. */
export function readTimestamp(cursor: FieldCursor): UnixNanos | undefined {
  const limit = cursor.end
  let seconds = 0
  let nanos = 0
  for (let at = cursor.start; at < limit; ) {
    at = cursor.next(at, limit)
    if (cursor.tag === TIMESTAMP.seconds) seconds = cursor.int64()
    else if (cursor.tag === TIMESTAMP.nanos) nanos = cursor.int64()
  }
  if (seconds < 0 || seconds > MAX_SECONDS || nanos < 0 || nanos >= NANOS_PER_SECOND) return undefined
  return unixNanos(seconds, nanos)
}

/** Exact, where seconds × 10⁹ as a number would be rounded: by 16-bit steps, each product is below 2⁵³. */
function unixNanos(seconds: number, nanos: number): UnixNanos {
  const upperSeconds = Math.floor(seconds / 0x10000)
  const lowerSeconds = seconds - upperSeconds * 0x10000
  const upper = upperSeconds * NANOS_PER_SECOND
  const upperHigh = Math.floor(upper / 0x10000)
  const lower = (upper - upperHigh * 0x10000) * 0x10000 + lowerSeconds * NANOS_PER_SECOND + nanos
  const carried = Math.floor(lower / 0x1_0000_0000)
  return { low: lower - carried * 0x1_0000_0000, high: upperHigh + carried }
}
