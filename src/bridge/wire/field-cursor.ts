import { BinaryReader } from '@bufbuild/protobuf/wire'
import { InvalidExportError } from '../invalid-export-error.ts'

/** A varint of 64 bits has at most this many bytes; of the last one only a single bit is left. */
const MAX_VARINT_BYTES = 10
/** 5 bytes hold 35 bits, which is a number without loss. */
const SHORT_VARINT_BYTES = 5

/**
 * Walks over the fields of encoded messages without making anything of them. One cursor serves a whole message: the
 * places that it gives (`start`, `end`) are plain numbers, and nested messages are walked by the same `next`.
 */
export class FieldCursor {
  readonly bytes: Uint8Array
  /** Of the current field: its tag, and where its value lies. */
  tag = 0
  start = 0
  end = 0
  readonly #reader: BinaryReader
  /** Where the number ends that was read last. */
  #after = 0

  constructor(bytes: Uint8Array) {
    // A Buffer's `slice` is no copy, and code that meets both kinds is slower.
    this.bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#reader = new BinaryReader(this.bytes)
  }

  /**
   * Takes where a field begins and where its message ends, makes it the current one, and gives where the next begins.
   * @throws InvalidExportError
   */
  next(at: number, limit: number): number {
    this.tag = this.#number(at)
    this.start = this.#after
    this.end = this.#endOfValue(limit)
    if (this.end > limit || this.tag < 8) {
      throw new InvalidExportError(
        `the field at byte ${at}, of ${this.end - at} bytes, must have a number and end with its message, at byte ${limit}`,
      )
    }
    return this.end
  }

  /**
   * Makes the field with this tag the current one, in the message that lies there: the last one, if there are several.
   * Gives whether there is any; without, the current value is empty.
   * @throws InvalidExportError
   */
  find(tag: number, from: number, limit: number): boolean {
    let start = limit
    let end = limit
    let isThere = false
    for (let at = from; at < limit; ) {
      at = this.next(at, limit)
      if (this.tag !== tag) continue
      start = this.start
      end = this.end
      isThere = true
    }
    this.select(start, end)
    return isThere
  }

  /** The same in the message that is the current value. */
  enter(tag: number): boolean {
    return this.find(tag, this.start, this.end)
  }

  /** Makes a value the current one that lies there. */
  select(start: number, end: number): void {
    this.start = start
    this.end = end
  }

  /** The lower 32 bits of the current varint, without sign; 0 where its value is empty. */
  uint32(): number {
    return this.start === this.end ? 0 : this.#number(this.start)
  }

  /** The current varint as a signed integer of 64 bits, rounded above 2⁵³. */
  int64(): number {
    if (this.end - this.start > SHORT_VARINT_BYTES) {
      this.#reader.pos = this.start
      return Number(this.#reader.int64())
    }
    let value = 0
    for (let at = this.end - 1; at >= this.start; at--) value = value * 128 + ((this.bytes[at] as number) & 127)
    return value
  }

  #endOfValue(limit: number): number {
    switch (this.tag & 7) {
      case 0:
        return this.#endOfVarint(limit)
      case 1:
        return this.start + 8
      case 2: {
        const length = this.#number(this.start)
        this.start = this.#after
        return this.start + length
      }
      case 5:
        return this.start + 4
      default:
        // 3 and 4 are groups, which proto3 does not have.
        throw new InvalidExportError(`the tag ${this.tag} at byte ${this.start - 1} must have wire type 0, 1, 2 or 5`)
    }
  }

  #endOfVarint(limit: number): number {
    let at = this.start
    while (at < limit && (this.bytes[at] as number) > 127) at++
    const length = at + 1 - this.start
    if (length > MAX_VARINT_BYTES || (length === MAX_VARINT_BYTES && (this.bytes[at] as number) > 1)) {
      throw new InvalidExportError(`the integer at byte ${this.start}, of ${length} bytes, must have at most 64 bits`)
    }
    return at + 1
  }

  #number(at: number): number {
    const first = this.bytes[at]
    if (first !== undefined && first < 128) {
      this.#after = at + 1
      return first
    }
    return this.#longNumber(at)
  }

  #longNumber(at: number): number {
    this.#reader.pos = at
    try {
      const number = this.#reader.uint32()
      this.#after = this.#reader.pos
      return number
    } catch (cause) {
      throw new InvalidExportError(`the bytes from ${at} on must be an integer that ends`, { cause })
    }
  }
}
