import { FieldCursor } from './field-cursor.ts'
import { lengthDelimited } from './tags.ts'

/** Making one takes longer than what it does with a short text. */
const TEXT = new TextDecoder('utf-8', { ignoreBOM: true })

/** The entry of a map. */
const KEY = lengthDelimited(1)
const VALUE = lengthDelimited(2)

/**
 * An encoded message whose fields are read as values, for what is not read for each span. What is absent is empty: text
 * without characters, 0, a message without fields.
 */
export class MessageView {
  readonly #cursor: FieldCursor
  readonly #start: number
  readonly #end: number

  /** Takes a cursor whose current value is the message. */
  constructor(cursor: FieldCursor) {
    this.#cursor = cursor
    this.#start = cursor.start
    this.#end = cursor.end
  }

  /** Takes the bytes of a message. */
  static of(bytes: Uint8Array): MessageView {
    const cursor = new FieldCursor(bytes)
    cursor.select(0, bytes.length)
    return new MessageView(cursor)
  }

  has(tag: number): boolean {
    return this.#cursor.find(tag, this.#start, this.#end)
  }

  /** Bytes that are not UTF-8 become U+FFFD. */
  text(tag: number): string {
    this.has(tag)
    const { bytes, start, end } = this.#cursor
    return TEXT.decode(bytes.subarray(start, end))
  }

  /** With a sign, and rounded above 2⁵³. */
  integer(tag: number): number {
    this.has(tag)
    return this.#cursor.int64()
  }

  message(tag: number): MessageView {
    this.has(tag)
    return new MessageView(this.#cursor)
  }

  /** The messages of a repeated field: all, or the first ones. */
  messages(tag: number, most = Number.POSITIVE_INFINITY): MessageView[] {
    const found: MessageView[] = []
    for (let at = this.#start; at < this.#end && found.length < most; ) {
      at = this.#cursor.next(at, this.#end)
      if (this.#cursor.tag === tag) found.push(new MessageView(this.#cursor))
    }
    return found
  }

  /** How many values a repeated field has. */
  count(tag: number): number {
    let count = 0
    for (let at = this.#start; at < this.#end; ) {
      at = this.#cursor.next(at, this.#end)
      if (this.#cursor.tag === tag) count++
    }
    return count
  }

  /** A map of text to text. */
  entries(tag: number): [string, string][] {
    return this.messages(tag).map((entry) => [entry.text(KEY), entry.text(VALUE)])
  }
}
