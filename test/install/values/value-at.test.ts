import { describe, expect, test } from 'vitest'
import { imageAt } from '../../../src/install/values/images.ts'
import { parseValue } from '../../../src/install/values/parse-value.ts'
import { parseQuantity } from '../../../src/install/values/quantity.ts'
import { schemaAt, splitPath, valueAt } from '../../../src/install/values/value-at.ts'
import { VALUES_SCHEMA } from '../../../src/install/values/values-schema.ts'

describe('a path', () => {
  test.each([
    ['ha', ['ha']],
    ['collector.replicas', ['collector', 'replicas']],
    ['pods.nodeSelector.kubernetes\\.io/os', ['pods', 'nodeSelector', 'kubernetes.io/os']],
    ['', []],
  ])('%j', (path, parts) => {
    expect(splitPath(path)).toEqual(parts)
  })

  test('leads to a value', () => {
    expect(valueAt(['collector', 'replicas'], 3)).toEqual({ collector: { replicas: 3 } })
  })

  test('leads to the schema of a value, also within a map; to none elsewhere', () => {
    expect(schemaAt(VALUES_SCHEMA, ['collector', 'replicas'])).toMatchObject({ type: 'integer' })
    expect(schemaAt(VALUES_SCHEMA, ['pods', 'labels', 'a'])).toMatchObject({ type: 'string' })
    expect(schemaAt(VALUES_SCHEMA, ['constructor'])).toBeUndefined()
    expect(schemaAt(VALUES_SCHEMA, ['ha', 'deeper'])).toBeUndefined()
  })
})

describe('a text', () => {
  const parsed = (path: string, text: string) => parseValue(schemaAt(VALUES_SCHEMA, splitPath(path)), text)
  test('stays a text where one is wanted', () => {
    expect(parsed('serviceName', '007')).toBe('007')
    expect(parsed('collector.resources.limits.cpu', '2')).toBe('2')
  })
  test('is YAML elsewhere', () => {
    expect(parsed('ha', 'true')).toBe(true)
    expect(parsed('collector.replicas', '3')).toBe(3)
    expect(parsed('pods.tolerations', '[{operator: Exists}]')).toEqual([{ operator: 'Exists' }])
  })
  test('that is no YAML is an error', () => {
    expect(() => parsed('pods.tolerations', '[')).toThrow(/^is no YAML/)
  })
})

test.each([
  ['ghcr.io/a/b:1', '', 'ghcr.io/a/b:1'],
  ['ghcr.io/a/b:1', 'mirror.example.com:5000/x/', 'mirror.example.com:5000/x/a/b:1'],
  ['localhost/b:1', 'mirror.example.com', 'mirror.example.com/b:1'],
  ['a/b:1', 'mirror.example.com', 'mirror.example.com/a/b:1'],
  ['b:1', 'mirror.example.com', 'mirror.example.com/b:1'],
])('image %s at registry %j is %s', (image, registry, expected) => {
  expect(imageAt(image, registry)).toBe(expected)
})

test.each([
  ['512Mi', 512 * 2 ** 20],
  ['1G', 1e9],
  ['100m', 0.1],
  ['1.5', 1.5],
  ['', undefined],
  ['1X', undefined],
])('quantity %j', (text, expected) => {
  const value = parseQuantity(text)
  if (expected === undefined) expect(value).toBeUndefined()
  else expect(value).toBeCloseTo(expected)
})
