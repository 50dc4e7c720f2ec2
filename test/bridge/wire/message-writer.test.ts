import { expect, test } from 'vitest'
import { MessageWriter } from '../../../src/bridge/wire/message-writer.ts'

// A message that ends where the buffer does: its length is written last, before what is there already.
test.each([1, 2, 3, 4])('a message of %i bytes keeps them wherever the buffer ends', (size) => {
  for (let capacity = 1; capacity < 24; capacity++) {
    for (let lead = 0; lead < capacity; lead++) {
      const writer = new MessageWriter(capacity)
      for (let at = 0; at < lead; at++) writer.byte(9)
      const opened = writer.open(10)
      for (let at = 0; at < size; at++) writer.byte(at + 1)
      writer.close(opened)
      const message = Array.from({ length: size }, (_, at) => at + 1)
      expect([...writer.written()]).toEqual([...new Array(lead).fill(9), 10, size, ...message])
    }
  }
})

test('a length that takes more or fewer bytes than was guessed moves the message', () => {
  for (const [size, guess] of [
    [300, 1],
    [5, 2],
    [20_000, 1],
  ] as const) {
    const writer = new MessageWriter(4)
    const opened = writer.open(10, guess)
    writer.copy(new Uint8Array(size).fill(7))
    writer.close(opened, guess)
    const expected = new MessageWriter(4)
    expected.byte(10)
    expected.sized(new Uint8Array(size).fill(7))
    expect(writer.written()).toEqual(expected.written())
  }
})

// What was read as 64 bits may be negative, or larger: as it was, its last byte said that another one follows, and whoever
// read the request lost all of it.
test.each([
  [-1, [0xff, 0xff, 0xff, 0xff, 0x0f]],
  [2 ** 32 - 1, [0xff, 0xff, 0xff, 0xff, 0x0f]],
  [2 ** 32 + 5, [5]],
  [-(2 ** 31), [0x80, 0x80, 0x80, 0x80, 0x08]],
  [300, [0xac, 0x02]],
  [0, [0]],
])('of the integer %i the lower 32 bits are written, and end', (value, bytes) => {
  const writer = new MessageWriter(1)
  writer.varint(value)
  expect([...writer.written()]).toEqual(bytes)
})
