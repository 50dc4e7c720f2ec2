import { expect, test } from 'vitest'
import { mutateTree } from './mutate-tree.ts'
import { randomOf } from './random.ts'

test('a value that is deeper than it can be copied is mutated all the same: it once ended a run of half a million', () => {
  let deep: unknown = 'x'
  for (let depth = 0; depth < 20_000; depth += 1) deep = [deep, 'beside']
  expect(() => structuredClone(deep)).toThrow(RangeError)
  for (let seed = 0; seed < 100; seed += 1) {
    const holder = { pod: [deep, 'beside'] }
    expect(() => mutateTree(holder, [holder], randomOf(seed))).not.toThrow()
  }
})
