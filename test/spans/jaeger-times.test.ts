import { describe, expect, test } from 'vitest'
import { jaegerTimes } from '../../src/spans/jaeger-times.ts'

const times = (fields: object) =>
  jaegerTimes({ startTime: 1_795_871_268_828_123, duration: 1_375, ...fields }, (field, value, rule) => {
    throw new Error(`${field} = ${value}: ${rule}`)
  })

test('times are those of the span', () => {
  expect(times({ warnings: null })).toEqual({ startUs: 1_795_871_268_828_123, durationUs: 1_375 })
})

describe('what Jaeger has moved is back where it was', () => {
  test.each([
    ['7.637894ms', 1_000_000 - 7_637],
    ['-3.5ms', 1_000_000 + 3_500],
    ['250µs', 1_000_000 - 250],
    ['1m2.5s', 1_000_000 - 62_500_000],
    ['900ns', 1_000_000],
  ])('by %s', (by, startUs) => {
    const warnings = ['something else', `This span's timestamps were adjusted by ${by}`]
    // Never further than Jaeger has cut off: less than a microsecond.
    expect(times({ startTime: 1_000_000, warnings }).startUs).toBe(startUs)
  })

  test('but not what it only would have moved', () => {
    const warnings = ['max clock skew adjustment delta of 1s exceeded; not applying calculated delta of 7s']
    expect(times({ startTime: 1_000_000, warnings }).startUs).toBe(1_000_000)
  })
})

test('an end before the start is no duration, and no fault of the trace', () => {
  // As Jaeger writes -5,000.
  const { duration } = JSON.parse('{"duration": 18446744073709546616}') as { duration: number }
  expect(times({ duration })).toMatchObject({ durationUs: 0, isUnfinished: true })
})

test.each([
  [{ startTime: -1 }],
  [{ startTime: 1.5 }],
  [{ duration: '7' }],
  [{ duration: 2 ** 60 }],
  [{ duration: 2 ** 65 }],
])('%j is none', (fields) => {
  expect(() => times(fields)).toThrow('must be a whole number of microseconds')
})
