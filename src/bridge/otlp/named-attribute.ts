import type { FieldCursor } from '../wire/field-cursor.ts'
import { MessageWriter } from '../wire/message-writer.ts'
import { ANY_VALUE, KEY_VALUE } from './tags.ts'

/** An attribute whose name is known beforehand. */
export interface AttributeName {
  /** Of the `attributes` field that it goes into. */
  readonly tag: number
  /** The encoded key. */
  readonly key: Uint8Array
}

/** Takes the tag of an `attributes` field and a name of at most 100 ASCII characters. */
export function attributeName(tag: number, name: string): AttributeName {
  return { tag, key: Uint8Array.of(KEY_VALUE.key, name.length, ...new TextEncoder().encode(name)) }
}

/** Gives an attribute with text that is known beforehand, encoded. */
export function textAttribute(name: AttributeName, value: string): Uint8Array {
  const writer = new MessageWriter(256)
  writeTextAttribute(writer, name, value)
  return writer.written()
}

/** Writes an attribute with the current varint as its integer; 0 where the field is absent. */
export function copyIntAttribute(writer: MessageWriter, { tag, key }: AttributeName, cursor: FieldCursor): void {
  const isAbsent = cursor.start === cursor.end
  const bytes = isAbsent ? 1 : cursor.end - cursor.start
  // Lengths are below 128: a name has at most 100 bytes, an integer 10.
  writer.byte(tag)
  writer.byte(key.length + 3 + bytes)
  writer.copy(key)
  writer.byte(KEY_VALUE.value)
  writer.byte(1 + bytes)
  writer.byte(ANY_VALUE.intValue)
  if (isAbsent) writer.byte(0)
  else writer.copy(cursor.bytes, cursor.start, cursor.end)
}

/** Writes an attribute with an integer of 32 bits without sign. */
export function writeIntAttribute(writer: MessageWriter, { tag, key }: AttributeName, value: number): void {
  const pair = writer.open(tag)
  writer.copy(key)
  const any = writer.open(KEY_VALUE.value)
  writer.byte(ANY_VALUE.intValue)
  writer.varint(value)
  writer.close(any)
  writer.close(pair)
}

/** Writes an attribute with true or false. */
export function writeBoolAttribute(writer: MessageWriter, { tag, key }: AttributeName, value: boolean): void {
  const pair = writer.open(tag)
  writer.copy(key)
  const any = writer.open(KEY_VALUE.value)
  writer.byte(ANY_VALUE.boolValue)
  writer.byte(value ? 1 : 0)
  writer.close(any)
  writer.close(pair)
}

/** Writes an attribute with text. */
export function writeTextAttribute(writer: MessageWriter, { tag, key }: AttributeName, value: string): void {
  const pair = writer.open(tag)
  writer.copy(key)
  const any = writer.open(KEY_VALUE.value)
  writer.byte(ANY_VALUE.stringValue)
  writer.sized(new TextEncoder().encode(value))
  writer.close(any)
  writer.close(pair)
}
