import { expect, test } from 'vitest'
import { differences } from '../../../src/cli/check/differences.ts'

const AKS = [
  { key: 'control-plane', operator: 'DoesNotExist' },
  { key: 'kubernetes.azure.com/managedby', operator: 'NotIn', values: ['aks'] },
]
const OPT_IN = { key: 'inject', operator: 'In', values: ['enabled'] }

test.each([
  ['the same', { a: { b: [1, { c: null }] } }, { a: { b: [1, { c: null }] } }],
  ['what others have added', { a: {} }, { a: { b: 1 }, c: 2 }],
  ['an empty object that the API server leaves out', { a: {} }, {}],
  ['expressions of AKS', { matchExpressions: [OPT_IN] }, { matchExpressions: [...AKS, OPT_IN] }],
  ['members in another order', { a: [{ b: 1, c: 2 }] }, { a: [{ c: 2, b: 1 }] }],
])('%s: no difference', (_what, wanted, live) => {
  expect(differences(wanted, live)).toEqual([])
})

interface Different {
  readonly wanted: unknown
  readonly live: unknown
  readonly told: readonly string[]
}

const LONG = 'y'.repeat(300)

test.each<[string, Different]>([
  ['a value', { wanted: { a: { b: 'x' } }, live: { a: { b: 'y' } }, told: ['a.b is "y", and should be "x"'] }],
  ['a type', { wanted: { a: '1' }, live: { a: 1 }, told: ['a is 1, and should be "1"'] }],
  ['what is absent', { wanted: { a: 1 }, live: {}, told: ['a is absent, and should be 1'] }],
  ['an object that is none', { wanted: { a: { b: 1 } }, live: { a: [] }, told: ['a is [], and should be {"b":1}'] }],
  [
    'a place in a list',
    { wanted: { a: [1, 2] }, live: { a: [2, 1] }, told: ['a[0] is 2, and should be 1', 'a[1] is 1, and should be 2'] },
  ],
  ['one too many', { wanted: { a: [1] }, live: { a: [1, 3] }, told: ['a should not have 3'] }],
  [
    'one too few and another',
    {
      wanted: { a: [{ b: 1 }, 2] },
      live: { a: [3] },
      told: ['a should not have 3 and should have {"b":1} and should have 2'],
    },
  ],
  ['one twice', { wanted: { a: [1] }, live: { a: [1, 1] }, told: ['a should have each of its parts once'] }],
  [
    'an expression of somebody',
    {
      wanted: { matchExpressions: [] },
      live: { matchExpressions: [OPT_IN] },
      told: [`matchExpressions should not have ${JSON.stringify(OPT_IN)}`],
    },
  ],
  [
    'something long',
    { wanted: { a: 'x' }, live: { a: LONG }, told: [`a is "${LONG.slice(0, 199)}…, and should be "x"`] },
  ],
])('%s: a difference', (_what, { wanted, live, told }) => {
  expect(differences(wanted, live).map(({ path, how }) => `${path} ${how}`)).toEqual(told)
})
