import { expect, test } from 'vitest'
import { isOfTemplate, requestUid, templateText } from '../../src/admission/template-text.ts'

const VALUES = [
  { text: 'abc', from: 0, alphabet: 'abcdef' },
  { text: 'token-zz', from: 6, alphabet: 'xyz' },
]
const template = templateText(Buffer.from('{"uid":"abc","v":["token-zz","token-zz"],"w":1}'), VALUES)
const isSame = (text: string) => isOfTemplate(template, Buffer.from(text))

test.each([
  ['itself', '{"uid":"abc","v":["token-zz","token-zz"],"w":1}'],
  ['other values', '{"uid":"fed","v":["token-xy","token-xy"],"w":1}'],
])('of the template: %s', (_what, text) => {
  expect(isSame(text)).toBe(true)
})

test.each([
  ['longer', '{"uid":"abc","v":["token-zz","token-zz"],"w":1} '],
  ['a value of another alphabet', '{"uid":"abx","v":["token-zz","token-zz"],"w":1}'],
  ['a value that ends early', '{"uid":"ab"","v":["token-zz","token-zz"],"w":1}'],
  ['values that were the same and are not', '{"uid":"abc","v":["token-zz","token-zx"],"w":1}'],
  ['another text before a value', '{"uid":"abc","v":["tokex-zz","token-zz"],"w":1}'],
  ['another text between values', '{"uid":"abc","v":["token-zz","tokex-zz"],"w":1}'],
  ['another text at the beginning', '["uid":"abc","v":["token-zz","token-zz"],"w":1}'],
  ['another text behind all values', '{"uid":"abc","v":["token-zz","token-zz"],"w":2}'],
])('not of the template: %s', (_what, text) => {
  expect(isSame(text)).toBe(false)
})

test('the uid of a body is read where the template has its own', () => {
  expect(requestUid(template, Buffer.from('{"uid":"fed","v":["token-xy","token-xy"],"w":1}'))).toBe('fed')
})

test('a body without the uid is no template', () => {
  expect(() => templateText(Buffer.from('{"uid":"xyz"}'), VALUES)).toThrow(/uid/)
})

test('nor is one in which an escape ends with a value’s first character', () => {
  expect(JSON.parse('{"uid":"\\u000abc"}')).toEqual({ uid: '\nbc' })
  expect(() => templateText(Buffer.from('{"uid":"abc","v":"\\u000abc"}'), VALUES)).toThrow(/abc/)
  expect(() => templateText(Buffer.from('{"uid":"abc","v":"\\"token-zz\\""}'), VALUES)).not.toThrow()
})

test('nor one in which a value may also be written with escapes, in any place', () => {
  const withEscape = (code: string) => () => templateText(Buffer.from(`{"v":"\\u00${code}","uid":"abc"}`), VALUES)
  for (const character of '0123456789-:TZabcdefghijklmnopqrstuvwxyz') {
    const code = character.charCodeAt(0).toString(16)
    expect(withEscape(code), character).toThrow(/escapes/)
    expect(withEscape(code.toUpperCase()), character).toThrow(/escapes/)
  }
  // As Go writes `&`, `<`, `>` and control characters.
  for (const code of ['26', '3c', '3e', '3E', '00', '1f']) expect(withEscape(code), code).not.toThrow()
})

test('nor one with more values than a Pod has', () => {
  const withValues = (count: number) => () =>
    templateText(Buffer.from(`{"uid":"abc"${',"abc"'.repeat(count - 1)}}`), VALUES)
  expect(withValues(1000)).not.toThrow()
  expect(withValues(1001)).toThrow(/more than 1000/)
})
