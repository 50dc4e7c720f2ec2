import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ConfigMap, ConfigValue } from '../../src/install/component-config.ts'
import { overlayConfig } from '../../src/install/config-overlay.ts'

const numRuns = Number(process.env['FUZZ_RUNS'] ?? 500)
const KEYS = ['a', 'b', 'c', '__proto__']

const { value: plain } = fc.letrec<{ value: ConfigValue; list: ConfigValue[]; map: ConfigMap }>((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, fc.constantFrom('x', 'y', 1, true, null), tie('list'), tie('map')),
  list: fc.array(tie('value'), { maxLength: 4 }),
  map: fc.dictionary(fc.constantFrom(...KEYS), tie('value'), { maxKeys: 3 }),
}))
const map = fc.dictionary(fc.constantFrom(...KEYS), plain, { maxKeys: 4 })

const items = fc.array(plain, { maxLength: 3 })
const beside = fc.dictionary(fc.constantFrom('x', 'y', 'z'), items, { maxKeys: 2 })
const operations = fc.record(
  { $remove: items, $prepend: items, $append: items, $before: beside, $after: beside },
  { requiredKeys: [] },
)
const { value: overlayValue } = fc.letrec<{ value: ConfigValue; map: ConfigMap }>((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, plain, operations, tie('map')),
  map: fc.dictionary(fc.constantFrom(...KEYS, '$remove'), tie('value'), { maxKeys: 3 }),
}))
const overlay = fc.dictionary(fc.constantFrom(...KEYS, '$remove'), overlayValue, { maxKeys: 4 })

describe('laying over', () => {
  test('nothing changes nothing', () => {
    fc.assert(
      fc.property(map, (base) => {
        expect(overlayConfig(base, {})).toEqual({ config: base, mistakes: [] })
      }),
      { numRuns },
    )
  })

  test('the same twice is as good as once', () => {
    fc.assert(
      fc.property(map, overlay, (base, over) => {
        const once = overlayConfig(base, over)
        fc.pre(once.mistakes.length === 0)
        expect(overlayConfig(once.config, over).config).toEqual(once.config)
      }),
      { numRuns },
    )
  })

  test('anything gives a configuration without operations in it', () => {
    fc.assert(
      fc.property(map, overlay, (base, over) => {
        expect(JSON.stringify(overlayConfig(base, over).config)).not.toContain('"$')
      }),
      { numRuns },
    )
  })
})
