import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  closeReferences,
  endsInReference,
  escapeDollars,
  isLiteral,
  referredNames,
} from '../../src/injection/kubelet-expansion.ts'

/** The kubelet's expansion, after k8s.io/kubernetes third_party/forked/golang/expansion/expand.go. */
function expand(input: string, values: Record<string, string>): string {
  let output = ''
  for (let i = 0; i < input.length; i++) {
    if (input[i] !== '$' || i + 1 === input.length) output += input[i]
    else if (input[i + 1] === '$') {
      output += '$'
      i++
    } else if (input[i + 1] === '(' && input.indexOf(')', i) >= 0) {
      const end = input.indexOf(')', i)
      const name = input.slice(i + 2, end)
      output += values[name] ?? `$(${name})`
      i = end
    } else output += '$'
  }
  return output
}

const trickyText = fc.string({ unit: fc.constantFrom('$', '(', ')', 'X', 'a') })

test('what was escaped reaches the proxy as it was written', () => {
  fc.assert(fc.property(trickyText, (text) => expand(escapeDollars(text), { X: 'expanded' }) === text))
})
test('the names found are those that the kubelet expands', () => {
  fc.assert(
    fc.property(trickyText, (text) => {
      const values = Object.fromEntries(referredNames(text).map((name) => [name, '']))
      const isExpanded = expand(text, values) !== expand(text, {})
      expect(referredNames(text).length > 0).toBe(isExpanded)
    }),
  )
})
test('what does not end within a reference changes nothing behind it', () => {
  fc.assert(
    fc.property(trickyText, trickyText, (text, more) => {
      const values = { X: 'expanded', a: 'other' }
      const both = expand(`${text}\n${more}`, values)
      if (!endsInReference(text)) expect(both).toBe(`${expand(text, values)}\n${expand(more, values)}`)
    }),
  )
  expect(endsInReference('a=$(b')).toBe(true)
  expect(endsInReference('a=$$(b')).toBe(false)
})
test('a closed one is the same to the kubelet, and changes nothing behind it either', () => {
  fc.assert(
    fc.property(trickyText, trickyText, (text, more) => {
      const values = { X: 'expanded', a: 'other' }
      const closed = closeReferences(text)
      expect(expand(`${closed}\n${more}`, values)).toBe(`${expand(text, values)}\n${expand(more, values)}`)
      expect(closeReferences(closed)).toBe(closed)
    }),
  )
  expect(closeReferences('a=$(b $$ $$(c $(d')).toBe('a=$$(b $$ $$(c $$(d')
})
test('a literal has nothing to expand', () => {
  expect(isLiteral('cluster.local')).toBe(true)
  expect(isLiteral('$(_l5d_ns)')).toBe(false)
})
