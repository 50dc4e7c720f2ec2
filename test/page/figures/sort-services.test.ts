import { describe, expect, test } from 'vitest'
import { type SortKey, sortServices } from '../../../src/page/figures/sort-services.ts'
import { madeService } from '../made-figures.ts'

const services = [
  madeService('web', { requests: 10, errors: 1, p50Us: 300, inboundUs: 40 }),
  madeService('vote', { requests: 1_000, errors: 5, p50Us: 100 }),
  madeService('db', { namespace: null, requests: 10, errors: 0, p50Us: 200, inboundUs: 60, outboundUs: 5 }),
]
const sorted = (key: SortKey, isDescending: boolean, text = '') =>
  sortServices(services, { key, isDescending, text }).map(({ service }) => service)

describe('services are sorted', () => {
  test.each([
    ['requests', true, ['vote', 'db', 'web']],
    ['requests', false, ['db', 'web', 'vote']],
    ['errors', true, ['web', 'vote', 'db']],
    ['p50', false, ['vote', 'db', 'web']],
    ['p95', true, ['web', 'db', 'vote']],
    ['p99', true, ['web', 'db', 'vote']],
    ['service', false, ['db', 'vote', 'web']],
    ['service', true, ['web', 'vote', 'db']],
  ] as const)('by %s, descending: %s; equal ones by name', (key, isDescending, expected) => {
    expect(sorted(key, isDescending)).toEqual(expected)
  })

  test.each([
    ['inbound', true, ['db', 'web', 'vote']],
    ['inbound', false, ['web', 'db', 'vote']],
    ['outbound', false, ['db', 'vote', 'web']],
  ] as const)('by %s, descending: %s; those without a figure come last', (key, isDescending, expected) => {
    expect(sorted(key, isDescending)).toEqual(expected)
  })
})

test('only those that are looked for, by service or Namespace', () => {
  expect(sorted('service', false, ' VO ')).toEqual(['vote'])
  expect(sorted('service', false, 'shop')).toEqual(['vote', 'web'])
  expect(sorted('service', false, 'nothing')).toEqual([])
})
