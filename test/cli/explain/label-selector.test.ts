import { expect, test } from 'vitest'
import { labelSelector } from '../../../src/cli/explain/label-selector.ts'

test.each<[object | undefined, string]>([
  [undefined, ''],
  [{}, ''],
  [{ matchLabels: { app: 'web', tier: 'front' } }, 'app=web,tier=front'],
  [{ matchExpressions: [{ key: 'a', operator: 'In', values: ['x', 'y'] }] }, 'a in (x,y)'],
  [{ matchExpressions: [{ key: 'a', operator: 'NotIn', values: ['x'] }] }, 'a notin (x)'],
  [
    {
      matchExpressions: [
        { key: 'a', operator: 'Exists' },
        { key: 'b', operator: 'DoesNotExist' },
      ],
    },
    'a,!b',
  ],
])('%j is %s', (selector, text) => {
  expect(labelSelector(selector as never)).toBe(text)
})
