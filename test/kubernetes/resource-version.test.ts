import { expect, test } from 'vitest'
import { isLater } from '../../src/kubernetes/resource-version.ts'

const of = (resourceVersion: unknown) => ({ metadata: { resourceVersion } })

test.each([
  ['10', '9', true],
  ['9', '10', false],
  ['9', '9', false],
  ['9007199254740993', '9007199254740992', true],
  ['10', '', false],
  ['', '9', false],
  ['x10', '9', false],
  [10, '9', false],
])('%j is later than %j: %s', (version, other, expected) => {
  expect(isLater(of(version), of(other))).toBe(expected)
})
test('nothing is later than what is not there', () => {
  expect(isLater(of('1'), undefined)).toBe(false)
  expect(isLater({}, of('1'))).toBe(false)
})
