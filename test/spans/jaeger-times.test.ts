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

test('times of years long before or after are times: one odd span must not keep all others from being read', () => {
  // As Jaeger writes 1677, and 292 years.
  const odd = JSON.parse('{"startTime": 18437520701672696841, "duration": 9223372036854775}') as object
  const { startUs, durationUs } = times(odd)
  const years = [startUs, durationUs].map((us) => Math.round(us / (365.25 * 86_400e6)))
  expect(years).toEqual([-292, 292])
})

test.each(['1.2.3s', `${'9'.repeat(400)}h`])('by %s nothing was ever moved', (by) => {
  const warnings = [`This span's timestamps were adjusted by ${by}`]
  expect(times({ startTime: 1_000_000, warnings }).startUs).toBe(1_000_000)
})

test.each([
  [{ startTime: -1 }],
  [{ startTime: 2 ** 60 }],
  [{ startTime: 1.5 }],
  [{ duration: '7' }],
  [{ duration: 2 ** 60 }],
  [{ duration: 2 ** 65 }],
])('%j is none', (fields) => {
  expect(() => times(fields)).toThrow('must be a whole number of microseconds')
})
