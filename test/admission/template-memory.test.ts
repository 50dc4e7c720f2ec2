import { expect, test } from 'vitest'
import { createTemplateMemory } from '../../src/admission/template-memory.ts'
import { templateText } from '../../src/admission/template-text.ts'

/** A body of 20 bytes: of one template the name is the same. */
const body = (name: string, uid = '0000') => Buffer.from(`${name.padEnd(15, '.')}"${uid}`)
const template = (name: string, uid = '0000') =>
  templateText(body(name, uid), [{ text: uid, from: 0, alphabet: '0123456789' }])
const kept = (value: string, bytes = 0) => ({ value, bytes })

test('what is kept is found for other bodies of its template, with their uid', () => {
  const memory = createTemplateMemory<string>()
  memory.keep(template('a'), kept('A'))
  memory.keep(template('b'), kept('B'))
  expect(memory.find(body('a', '1234'))).toEqual({ value: 'A', uid: '1234' })
  expect(memory.find(body('b', '4321'))).toEqual({ value: 'B', uid: '4321' })
  expect(memory.find(body('c'))).toBeUndefined()
  expect(memory.find(Buffer.from('other length'))).toBeUndefined()
})

test('a template that is kept again has its last value, and takes its room once', () => {
  const memory = createTemplateMemory<string>({ bytes: 40, ofOneLength: 8 })
  memory.keep(template('b'), kept('B'))
  memory.keep(template('a'), kept('old'))
  memory.keep(template('a', '1111'), kept('new'))
  expect(memory.find(body('a', '2222'))?.value).toBe('new')
  expect(memory.find(body('b'))?.value).toBe('B')
})

test('beyond its bytes, bodies and values together, what was not needed for the longest time goes', () => {
  const memory = createTemplateMemory<string>({ bytes: 75, ofOneLength: 8 })
  for (const name of ['a', 'b', 'c']) memory.keep(template(name), kept(name, 5))
  expect(memory.find(body('a'))?.value).toBe('a')
  memory.keep(template('d'), kept('d', 5))
  expect(['a', 'b', 'c', 'd'].map((name) => memory.find(body(name))?.value)).toEqual(['a', undefined, 'c', 'd'])
  memory.keep(template('e'), kept('e', 30))
  expect(['a', 'c', 'd', 'e'].map((name) => memory.find(body(name))?.value)).toEqual([undefined, undefined, 'd', 'e'])
})

test('what is larger than all room is not kept, and costs the others nothing', () => {
  const memory = createTemplateMemory<string>({ bytes: 30, ofOneLength: 8 })
  memory.keep(template('a'), kept('A'))
  memory.keep(template('b'), kept('B', 11))
  expect(memory.find(body('a'))?.value).toBe('A')
  expect(memory.find(body('b'))).toBeUndefined()
})

test('of one length there are not more than so many, the oldest goes', () => {
  const memory = createTemplateMemory<string>({ bytes: 1000, ofOneLength: 2 })
  for (const name of ['a', 'b', 'c']) memory.keep(template(name), kept(name))
  expect(['a', 'b', 'c'].map((name) => memory.find(body(name))?.value)).toEqual([undefined, 'b', 'c'])
  memory.keep(template('b'), kept('new b'))
  expect(memory.find(body('c'))?.value).toBe('c')
})

test('unless limits are given, there are eight of one length', () => {
  const memory = createTemplateMemory<string>()
  const names = [...'abcdefghi']
  for (const name of names) memory.keep(template(name), kept(name))
  expect(names.filter((name) => memory.find(body(name)) === undefined)).toEqual(['a'])
})
