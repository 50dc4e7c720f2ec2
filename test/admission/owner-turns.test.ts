import { expect, test } from 'vitest'
import { createOwnerTurns } from '../../src/admission/owner-turns.ts'

test('the second, fourth, eighth… Pod of an owner', () => {
  const isTurnOf = createOwnerTurns(10)
  const turns = Array.from({ length: 20 }, (_, index) => index + 1).filter(() => isTurnOf('a'))
  expect(turns).toEqual([2, 4, 8, 16])
})

test('each owner has turns of its own', () => {
  const isTurnOf = createOwnerTurns(10)
  expect(['a', 'b', 'a', 'b'].map(isTurnOf)).toEqual([false, false, true, true])
})

test('who did not come for the longest time is forgotten', () => {
  const isTurnOf = createOwnerTurns(2)
  expect(['a', 'b', 'a'].map(isTurnOf)).toEqual([false, false, true])
  // b goes
  expect(['c', 'b', 'a'].map(isTurnOf)).toEqual([false, false, false])
})
