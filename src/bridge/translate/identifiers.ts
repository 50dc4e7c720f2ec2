import type { FieldCursor } from '../wire/field-cursor.ts'

/** Whether the current value is an id of a trace: 16 bytes, not all of them zero. */
export function isTraceId(cursor: FieldCursor): boolean {
  return cursor.end - cursor.start === 16 && !isZero(cursor)
}

/** Whether the current value is an id of a span: 8 bytes, not all of them zero. */
export function isSpanId(cursor: FieldCursor): boolean {
  return cursor.end - cursor.start === 8 && !isZero(cursor)
}

/** Whether the current value is how clients write that a span has no parent: nothing, or 8 zero bytes. */
export function isNoParent(cursor: FieldCursor): boolean {
  return cursor.end === cursor.start || (cursor.end - cursor.start === 8 && isZero(cursor))
}

function isZero({ bytes, start, end }: FieldCursor): boolean {
  for (let at = start; at < end; at++) if (bytes[at] !== 0) return false
  return true
}
