import { expect, test } from 'vitest'
import { printable, printableLines } from '../../src/cli/printable.ts'

test.each([
  ['what begins a sequence', '\u001b[2J', '\\u001b[2J'],
  ['the same in one character (C1)', '\u009b2J', '\\u009b2J'],
  ['a bell, a backspace, DEL', '\u0007\b\u007f', '\\u0007\\b\\u007f'],
  ['what breaks a line', 'a\r\n\u2028\u2029b', 'a\\r\\n\\u2028\\u2029b'],
  ['what turns the direction', '\u202e\u2066\u200f', '\\u202e\\u2066\\u200f'],
  ['what is not seen', 'a\u200bb\u{e0041}\u180e', 'a\\u200bb\\u{e0041}\\u{180e}'],
  ['letters of any language', 'Grüße, 日本 🎉', 'Grüße, 日本 🎉'],
])('%s', (_what, text, shown) => {
  expect(printable(text)).toBe(shown)
  expect(printable(shown)).toBe(shown)
})

test('lines stay lines', () => {
  expect(printableLines('one\n  two\r\nthree\u001b[A')).toBe('one\n  two\\r\nthree\\u001b[A')
})
