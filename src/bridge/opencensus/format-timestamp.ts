import type { MessageView } from '../wire/message-view.ts'
import { TIMESTAMP } from './tags.ts'

/** The first second of the year 1 and the last of 9999, between which google.protobuf.Timestamp is valid. */
const MIN_SECONDS = -62_135_596_800
const MAX_SECONDS = 253_402_300_799

/**
 * Takes a Timestamp, gives it as Go's RFC3339Nano does: in UTC, with as many decimals as it needs. Empty when it is
 * outside the years 1 to 9999.
 */
export function formatTimestamp(timestamp: MessageView): string {
  const seconds = timestamp.integer(TIMESTAMP.seconds)
  const nanos = timestamp.integer(TIMESTAMP.nanos)
  if (seconds < MIN_SECONDS || seconds > MAX_SECONDS || nanos < 0 || nanos > 999_999_999) return ''
  const decimals = String(nanos).padStart(9, '0').replace(/0+$/, '')
  const wholeSeconds = new Date(seconds * 1000).toISOString().slice(0, 19)
  return `${wholeSeconds}${decimals === '' ? '' : `.${decimals}`}Z`
}
