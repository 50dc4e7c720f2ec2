import fc from 'fast-check'
import jsonPatchLibrary from 'fast-json-patch'
import { expect, test } from 'vitest'
import { jsonPatch } from '../../scripts/manifests/json-patch.ts'

const { applyPatch } = jsonPatchLibrary

test('whatever two objects are, the patch makes the second of the first', () => {
  const object = fc.dictionary(fc.constantFrom('a', 'b/c', 'd~e'), fc.jsonValue({ maxDepth: 4 }))
  fc.assert(
    fc.property(object, object, (before, after) => {
      const operations = jsonPatch(before, after)
      const made = applyPatch(structuredClone(before), structuredClone(operations) as never).newDocument
      expect(JSON.parse(JSON.stringify(made))).toEqual(JSON.parse(JSON.stringify(after)))
    }),
  )
})

test('what is equal needs no patch; a list of plain values is replaced whole', () => {
  expect(jsonPatch({ a: [{ b: 1 }] }, { a: [{ b: 1 }] })).toEqual([])
  expect(jsonPatch({ args: ['a', 'b'] }, { args: ['a', 'c'] })).toEqual([
    { op: 'replace', path: '/args', value: ['a', 'c'] },
  ])
})

test('an object of a list is changed where it is, as long as no other comes or goes', () => {
  const before = { containers: [{ name: 'a', image: '1' }, { name: 'b' }] }
  const after = { containers: [{ name: 'a', image: '2' }, { name: 'b' }] }
  expect(jsonPatch(before, after)).toEqual([{ op: 'replace', path: '/containers/0/image', value: '2' }])
})
