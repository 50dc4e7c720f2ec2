import type { FieldCursor } from './field-cursor.ts'

/** Above the tag of OpenCensus's highest field, the Resource of a Span (16 × 8 + 2). */
const TAGS = 136

/**
 * Where each field of one message lies, by its tag. Made once and filled for message after message: looking at all
 * fields first lets a span be judged before anything of it is written. Of a field that comes twice the last one counts;
 * no field that is looked up here is repeated in the protocol.
 */
export class MessageFields {
  readonly #cursor: FieldCursor
  readonly #starts = new Int32Array(TAGS)
  readonly #ends = new Int32Array(TAGS)

  constructor(cursor: FieldCursor) {
    this.#cursor = cursor
  }

  /**
   * Takes the current field for a message and notes where its fields lie.
   * @throws InvalidExportError
   */
  scan(): void {
    const cursor = this.#cursor
    const limit = cursor.end
    this.#starts.fill(0)
    for (let at = cursor.start; at < limit; ) {
      at = cursor.next(at, limit)
      if (cursor.tag >= TAGS) continue
      this.#starts[cursor.tag] = cursor.start
      this.#ends[cursor.tag] = cursor.end
    }
  }

  /** Whether the message has the field, empty or not. */
  has(tag: number): boolean {
    // No value begins at byte 0: a tag stands before it.
    return this.#starts[tag] !== 0
  }

  /** Makes the field the cursor's current one, and gives whether there is any; without, the current value is empty. */
  enter(tag: number): boolean {
    const start = this.#starts[tag] as number
    const isThere = start !== 0
    this.#cursor.select(start, isThere ? (this.#ends[tag] as number) : 0)
    return isThere
  }
}
