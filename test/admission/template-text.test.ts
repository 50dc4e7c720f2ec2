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

test('a body in which the uid is not written plainly is no template', () => {
  expect(() => templateText(Buffer.from('{"uid":"a\\u0062c"}'), VALUES)).toThrow(/uid/)
})

test('nor is one in which an escape ends with a value’s first character', () => {
  expect(JSON.parse('{"uid":"\\u006abc"}')).toEqual({ uid: 'jbc' })
  expect(() => templateText(Buffer.from('{"uid":"abc","v":"\\u006abc"}'), VALUES)).toThrow(/abc/)
  expect(() => templateText(Buffer.from('{"uid":"abc","v":"\\"token-zz\\""}'), VALUES)).not.toThrow()
})
