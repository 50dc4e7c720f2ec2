import { expect, test } from 'vitest'
import { askedTraces } from '../../../src/cli/read-traces/open-reading.ts'
import { hasTags, parseTagFilter } from '../../../src/cli/read-traces/tag-filter.ts'
import { timeRange } from '../../../src/cli/read-traces/time-range.ts'
import type { TraceFlags } from '../../../src/cli/read-traces/trace-flags.ts'
import { isWantedSpan } from '../../../src/cli/read-traces/wanted-span.ts'
import { madeSpan } from '../../spans/made-spans.ts'

const NOW = Date.parse('2026-11-28T12:00:00Z')
const range = (since: string, until?: string) => {
  const { fromUs, untilUs } = timeRange({ since, ...(until !== undefined && { until }) }, NOW)
  return [fromUs, untilUs].map((us) => new Date(us / 1000).toISOString().slice(11, 19))
}

test('--since and --until are so long ago, or points in time', () => {
  expect(range('1h')).toEqual(['11:00:00', '12:00:00'])
  expect(range('2026-11-28T09:30:00Z')).toEqual(['09:30:00', '12:00:00'])
  expect(range('2026-11-28T10:30:00+01:00', '2h')).toEqual(['09:30:00', '10:00:00'])
  // A length beside an end: the hour before it.
  expect(range('1h', '30m')).toEqual(['10:30:00', '11:30:00'])
})

test.each([
  ['yesterday', undefined, '--since yesterday: must be a duration such as 15m'],
  ['2026-11-28T09:30:00', undefined, '--since 2026-11-28T09:30:00: must be a duration'],
  ['2026-13-28T09:30:00Z', undefined, '--since 2026-13-28T09:30:00Z: must be'],
  ['1h', 'now', '--until now: must be'],
  ['2026-11-28T13:00:00Z', undefined, '--since 2026-11-28T13:00:00Z is not before --until now'],
])('--since %s --until %s is a mistake', (since, until, message) => {
  expect(() => range(since, until)).toThrow(message)
})

test('-l is key=value, several with commas or given again', () => {
  expect(parseTagFilter(['app=web,tier=front', 'a/b==c', 'empty=', 'q=a=b'])).toEqual({
    app: 'web',
    tier: 'front',
    'a/b': 'c',
    empty: '',
    q: 'a=b',
  })
  for (const text of ['app', 'app!=web', '=web', ''])
    expect(() => parseTagFilter([text])).toThrow(`-l ${text}: must be key=value`)
})

test('a label is a tag of the span or of its process', () => {
  const span = madeSpan({ spanId: '1', tags: { app: 'web' }, process: { service: 'x', tags: { tier: 'front' } } })
  expect(hasTags({ app: 'web', tier: 'front' })(span)).toBe(true)
  expect(hasTags({ app: 'web', tier: 'back' })(span)).toBe(false)
})

const FLAGS: TraceFlags = {
  since: '1h',
  selector: [],
  maxSpans: '10',
  timeout: '1m',
  output: 'table',
  linkerdNamespace: 'linkerd',
}

test('a span is wanted by its service, Namespace, label and start', () => {
  const startUs = NOW * 1000 - 1
  const span = madeSpan({ spanId: '1', startUs })
  const isWanted = (flags: Partial<TraceFlags>, fields: object = {}) =>
    isWantedSpan({ ...FLAGS, ...flags }, askedTraces({ ...FLAGS, ...flags }, NOW))({ ...span, ...fields })
  expect(isWanted({})).toBe(true)
  expect(isWanted({ service: 'web', namespace: 'shop', selector: ['direction=inbound'] })).toBe(true)
  expect(isWanted({ service: 'cart' })).toBe(false)
  expect(isWanted({ namespace: 'pay' })).toBe(false)
  expect(isWanted({ selector: ['direction=outbound'] })).toBe(false)
  expect(isWanted({}, { startUs: NOW * 1000 - 3_600_000_001 })).toBe(false)
})

test.each([
  [{ maxSpans: '0' }, '--max-spans 0: must be a whole number above 0'],
  [{ maxSpans: '1e3' }, '--max-spans 1e3: must be a whole number above 0'],
  [{ timeout: '5' }, '--timeout 5: must be a duration of 1s'],
])('%j is a mistake', (flags, message) => {
  expect(() => askedTraces({ ...FLAGS, ...flags }, NOW)).toThrow(message)
})
