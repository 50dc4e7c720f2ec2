import { isUtf8 } from 'node:buffer'

/** More was to be written than a writer may hold; what stands in it until then is as it was. */
export class FullWriterError extends Error {
  override readonly name = 'FullWriterError'
}

/** Up to here a loop is quicker than a call into native code. */
const SHORT = 48

/**
 * Writes encoded messages, copying what needs no change from one buffer to the other. A library's writer takes strings
 * and arrays, so that each value would be made and taken apart again: twice the time for a span
 * (docs/decisions/0008-opencensus-bridge.md).
 */
export class MessageWriter {
  #bytes: Uint8Array
  #length = 0
  readonly #limit: number

  /** Takes how many bytes there is room for at first, and how many there may be at all. */
  constructor(capacity: number, limit = Number.POSITIVE_INFINITY) {
    this.#bytes = allocate(capacity)
    this.#limit = limit
  }

  get length(): number {
    return this.#length
  }

  /** What was written from there on; valid until more is written. */
  written(from = 0): Uint8Array {
    return this.#bytes.subarray(from, this.#length)
  }

  /** Forgets what was written from there on. */
  rewind(length: number): void {
    this.#length = length
  }

  /** A number below 128: such a tag, or such an integer. */
  byte(value: number): void {
    this.#reserve(1)
    this.#bytes[this.#length++] = value
  }

  /** An integer of 32 bits without sign; of one that has more, or a sign, those that such a field has for its readers. */
  varint(value: number): void {
    this.#reserve(5)
    this.#putVarint(value >>> 0)
  }

  /** A field with an integer of 32 bits without sign. */
  field(tag: number, value: number): void {
    this.byte(tag)
    this.varint(value)
  }

  /** A field of 64 bits: two halves, each without sign. */
  fixed64(tag: number, { low, high }: { readonly low: number; readonly high: number }): void {
    this.#reserve(9)
    const bytes = this.#bytes
    let at = this.#length
    bytes[at++] = tag
    for (let shift = 0; shift < 32; shift += 8) bytes[at++] = low >>> shift
    for (let shift = 0; shift < 32; shift += 8) bytes[at++] = high >>> shift
    this.#length = at
  }

  /** Bytes as they are, tag and length included where there are any. */
  copy(source: Uint8Array, start = 0, end = source.length): void {
    this.#reserve(end - start)
    if (end - start > SHORT) {
      this.#bytes.set(source.subarray(start, end), this.#length)
      this.#length += end - start
      return
    }
    const bytes = this.#bytes
    let to = this.#length
    for (let from = start; from < end; from++) bytes[to++] = source[from] as number
    this.#length = to
  }

  /** Length and bytes. */
  sized(source: Uint8Array, start = 0, end = source.length): void {
    this.varint(end - start)
    this.copy(source, start, end)
  }

  /** Length and text. Receivers refuse a whole request for one text that is not UTF-8: such bytes become U+FFFD. */
  text(source: Uint8Array, start = 0, end = source.length): void {
    if (isText(source, start, end)) this.sized(source, start, end)
    else this.sized(repaired(source, start, end))
  }

  /** Text without its length. */
  textPart(source: Uint8Array, start: number, end: number): void {
    if (isText(source, start, end)) this.copy(source, start, end)
    else this.copy(repaired(source, start, end))
  }

  /**
   * Begins a message under a tag below 128; gives what `close` needs. `lengthBytes` is how many bytes its length will
   * probably take: a wrong guess costs moving the message.
   */
  open(tag: number, lengthBytes = 1): number {
    this.#reserve(1 + lengthBytes)
    this.#bytes[this.#length] = tag
    this.#length += 1 + lengthBytes
    return this.#length
  }

  /** Ends a message that was opened with the same guess: its length is put before it. */
  close(opened: number, lengthBytes = 1): void {
    const length = this.#length - opened
    const needed = sizeOfVarint(length)
    const more = needed - lengthBytes
    if (more !== 0) {
      this.#reserve(more)
      this.#bytes.copyWithin(opened + more, opened, this.#length)
    }
    this.#length = opened - lengthBytes
    // There is room, and asking for more here would keep nothing of what stands behind.
    this.#putVarint(length)
    this.#length += length
  }

  #putVarint(value: number): void {
    let rest = value
    while (rest > 127) {
      this.#bytes[this.#length++] = (rest & 127) | 128
      rest >>>= 7
    }
    this.#bytes[this.#length++] = rest
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes
    if (needed <= this.#bytes.length) return
    if (needed > this.#limit) throw new FullWriterError(`${needed} bytes must be at most ${this.#limit}`)
    const larger = allocate(Math.max(needed, this.#bytes.length * 2))
    larger.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = larger
  }
}

/** Not filled with zeros: nothing that was not written is ever given out. */
function allocate(bytes: number): Uint8Array {
  return new Uint8Array(Buffer.allocUnsafeSlow(bytes).buffer)
}

/** How many bytes an integer of 32 bits without sign takes. */
export function sizeOfVarint(value: number): number {
  let size = 1
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) size++
  return size
}

function isText(source: Uint8Array, start: number, end: number): boolean {
  if (end - start > SHORT) return isUtf8(source.subarray(start, end))
  let all = 0
  for (let at = start; at < end; at++) all |= source[at] as number
  return all < 128 || isUtf8(source.subarray(start, end))
}

function repaired(source: Uint8Array, start: number, end: number): Uint8Array {
  return new TextEncoder().encode(new TextDecoder('utf-8', { ignoreBOM: true }).decode(source.subarray(start, end)))
}
