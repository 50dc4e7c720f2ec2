import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { ConfigMap } from '../../src/install/component-config.ts'
import { describeConfigMistake } from '../../src/install/config-mistake.ts'
import { overlayConfig } from '../../src/install/config-overlay.ts'

interface Case {
  readonly rule: string
  readonly base: ConfigMap
  readonly overlay: ConfigMap
  readonly gives: ConfigMap
}

const CASES = parse(readFileSync(join(import.meta.dirname, 'overlay-cases.yaml'), 'utf8')) as Case[]

function overlaid(base: string, overlay: string) {
  const { config, mistakes } = overlayConfig(parse(base) as ConfigMap, parse(overlay) as ConfigMap)
  return { config, mistakes: mistakes.map(describeConfigMistake) }
}

describe('what is laid over', () => {
  test.each(CASES)('$rule', ({ base, overlay, gives }) => {
    expect(overlayConfig(base, overlay)).toEqual({ config: gives, mistakes: [] })
  })

  test('a key named __proto__ is a key like any other', () => {
    const { config } = overlayConfig({}, JSON.parse('{"__proto__": {"polluted": true}}') as ConfigMap)
    expect(Object.getPrototypeOf(config)).toBe(Object.prototype)
    expect(Object.keys(config)).toEqual(['__proto__'])
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  test('neither the configuration nor the overlay is changed', () => {
    const base = { a: ['x'], b: { c: 1 } }
    const overlay = { a: { $append: ['y'] }, b: { $remove: ['c'] } }
    overlayConfig(base, overlay)
    expect([base, overlay]).toEqual([
      { a: ['x'], b: { c: 1 } },
      { a: { $append: ['y'] }, b: { $remove: ['c'] } },
    ])
  })
})

describe('what cannot be laid over stays as it was, and is told with place, value and rule', () => {
  test.each([
    ['a: {b: {c: 1}}', 'a: {b: [1]}', 'a.b = [1]: must be a map, as what is there'],
    ['a: {b: {c: 1}}', 'a: {b: 5}', 'a.b = 5: must be a map, as what is there'],
    [
      'a: [1]',
      'a: text',
      'a = "text": must be a list, which replaces what is there, or a map of $append, $prepend, $before, $after, $remove',
    ],
    ['a: 5', 'a: {b: 1}', 'a = {"b":1}: must be a single value, as what is there'],
    ['a: 5', 'a: {$append: [1]}', 'a = {"$append":[1]}: must be a single value, as what is there'],
    [
      'a: {b: {c: 1}}',
      'a: {b: }',
      'a.b = null: says neither what to set nor what to remove; to remove it name it in $remove, one level above',
    ],
    ['a: [x, y]', 'a: {$before: {z: [b]}}', 'a.$before.z = ["b"]: must stand beside one of: x, y'],
    ['a: [x]', 'a: {$before: [b]}', 'a.$before = ["b"]: must be a map from an item of the list to a list of new items'],
    ['a: [x]', 'a: {$after: {x: b}}', 'a.$after.x = "b": must be a list'],
    ['a: [x]', 'a: {$append: b}', 'a.$append = "b": must be a list'],
    ['a: [x]', 'a: {$apend: [b]}', 'a.$apend = ["b"]: is none of $remove, $prepend, $append, $before, $after'],
    ['a: {b: 1}', 'a: {$remove: b}', 'a.$remove = "b": must be a list of keys'],
    [
      'a: {b: 1}',
      'a: {$append: [b]}',
      'a.$append = ["b"]: is no operation on a map; the only one is $remove, with a list of keys',
    ],
  ])('%s, %s', (base, overlay, mistake) => {
    expect(overlaid(base, overlay)).toEqual({ config: parse(base), mistakes: [mistake] })
  })

  test('all mistakes are told at once', () => {
    const { mistakes } = overlaid('{a: [x], b: {c: 1}, d: 1}', '{a: 1, b: [], d: {}}')
    expect(mistakes).toHaveLength(3)
  })
})
