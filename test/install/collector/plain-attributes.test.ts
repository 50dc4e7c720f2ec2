import { expect, test } from 'vitest'
import { plainAttributes } from '../../../src/install/collector/plain-attributes.ts'
import { DEFAULT_REDACTION } from '../../../src/install/collector/redaction-settings.ts'

const plain = plainAttributes(DEFAULT_REDACTION)

test('what every proxy’s span says of its request is not searched', () => {
  expect(plain).toEqual(expect.arrayContaining(['http.request.method', 'server.address', 'url.scheme']))
  expect(plain.filter((name) => /url\.(full|path|query)|user_agent/.test(name))).toEqual([])
})

test('a word of one’s own counts for them too', () => {
  const secretNames = [...DEFAULT_REDACTION.secretNames, 'server-address']
  expect(plainAttributes({ ...DEFAULT_REDACTION, secretNames })).toEqual(
    plain.filter((name) => name !== 'server.address'),
  )
})

test('with an expression of one’s own all of them are searched', () => {
  const secretValues = [...DEFAULT_REDACTION.secretValues, 'internal-[a-z]+']
  expect(plainAttributes({ ...DEFAULT_REDACTION, secretValues })).toEqual([])
})

test('fewer words or expressions of ours make none of them worth a search', () => {
  expect(plainAttributes({ ...DEFAULT_REDACTION, secretNames: [], secretValues: [] })).toEqual(plain)
})
