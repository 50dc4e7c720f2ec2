// A field's tag is its number and how its value is written (https://protobuf.dev/programming-guides/encoding/#structure).
// Where a known number comes with another wire type its tag is unknown, and the field is passed over, as any reader does.

/** Takes the number of a field that holds an integer, a boolean or an enumeration; gives its tag. */
export function varint(field: number): number {
  return field * 8
}

/** Takes the number of a field of eight bytes; gives its tag. */
export function fixed64(field: number): number {
  return field * 8 + 1
}

/** Takes the number of a field that holds text, bytes or a message; gives its tag. */
export function lengthDelimited(field: number): number {
  return field * 8 + 2
}
