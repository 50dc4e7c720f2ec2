import fc from 'fast-check'
import { expect, test } from 'vitest'
import { boundWarnings } from '../../src/admission/warnings.ts'

test('a warning says who speaks', () => {
  expect(boundWarnings(['a'])).toEqual(['linkerd-tracing: a'])
})
test('control characters, for which the API server would drop the whole warning, become spaces', () => {
  expect(boundWarnings(['a\nb\u0085c'])).toEqual(['linkerd-tracing: a b c'])
})
test('255 bytes stay, one more is cut between characters', () => {
  const room = 255 - 'linkerd-tracing: '.length
  expect(boundWarnings(['x'.repeat(room)])[0]).toHaveLength(255)
  expect(boundWarnings(['x'.repeat(room + 1)])[0]).toMatch(/^.*x…$/)
  expect(Buffer.byteLength(boundWarnings(['😀'.repeat(100)])[0] as string)).toBeLessThanOrEqual(255)
})
test('more than twelve are summed up, so that all of them together stay below 4096', () => {
  expect(boundWarnings(Array(12).fill('x'))).toHaveLength(12)
  expect(boundWarnings(Array(20).fill('x')).slice(10)).toEqual([
    'linkerd-tracing: x',
    'linkerd-tracing: and 9 more warnings',
  ])
})
test('whatever is said, the API server passes it on', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 400 }), { maxLength: 30 }), (sentences) => {
      const warnings = boundWarnings(sentences)
      expect(warnings.every((warning) => Buffer.byteLength(warning) < 256 && !/\p{Control}/u.test(warning))).toBe(true)
      expect(Buffer.byteLength(warnings.join(''))).toBeLessThanOrEqual(4096)
    }),
  )
})
