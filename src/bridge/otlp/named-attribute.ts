import type { FieldCursor } from '../wire/field-cursor.ts'
import type { MessageWriter } from '../wire/message-writer.ts'
import { ANY_VALUE, KEY_VALUE } from './tags.ts'

/** An attribute whose name is known beforehand. */
export interface AttributeName {
  /** Of the `attributes` field that it goes into. */
  readonly tag: number
  /** The encoded key. */
  readonly key: Uint8Array
}

/** Takes the tag of an `attributes` field and a name of at most 127 ASCII characters. */
export function attributeName(tag: number, name: string): AttributeName {
  return { tag, key: Uint8Array.of(KEY_VALUE.key, name.length, ...new TextEncoder().encode(name)) }
}

/** Writes an attribute with the current varint as its integer; 0 where the field is absent. */
export function copyIntAttribute(writer: MessageWriter, { tag, key }: AttributeName, cursor: FieldCursor): void {
  const pair = writer.open(tag)
  writer.copy(key)
  const value = writer.open(KEY_VALUE.value)
  writer.byte(ANY_VALUE.intValue)
  if (cursor.start === cursor.end) writer.byte(0)
  else writer.copy(cursor.bytes, cursor.start, cursor.end)
  writer.close(value)
  writer.close(pair)
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
