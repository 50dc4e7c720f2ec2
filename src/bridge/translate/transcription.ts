import type { FieldCursor } from '../wire/field-cursor.ts'
import type { MessageFields } from '../wire/message-fields.ts'
import type { MessageWriter } from '../wire/message-writer.ts'

/** Where a translation reads and where it writes. */
export interface Transcription {
  readonly cursor: FieldCursor
  readonly writer: MessageWriter
  /** The fields of the message in a span that is being translated. */
  readonly nested: MessageFields
}
