import { type JsonObject, listOf } from '../injection/json.ts'
import type { Span } from './span.ts'

/** A number of Jaeger’s that is none: which field has which value, and the rule that it breaks. */
export type TimesMistake = (field: string, value: unknown, rule: string) => Error

/** Takes a span of Jaeger’s API, gives its times as they were sent. Throws what `mistake` makes for a field that has none. Pure. */
export function jaegerTimes(
  json: JsonObject,
  mistake: TimesMistake,
): Pick<Span, 'startUs' | 'durationUs' | 'isUnfinished'> {
  const [startTime, duration] = [signed(json['startTime']), signed(json['duration'])]
  if (startTime === undefined) throw mistake('startTime', json['startTime'], RULE)
  if (duration === undefined) throw mistake('duration', json['duration'], RULE)
  const startUs = Math.ceil(startTime - movedUs(json))
  // Some tracer has set the end before the start.
  return duration < 0 ? { startUs, durationUs: 0, isUnfinished: true } : { startUs, durationUs: duration }
}

const RULE = 'must be a whole number of microseconds'
/** Jaeger keeps nanoseconds in 63 bits: 292 years. Whoever can send a span can send this one, and must stop nobody’s reading. */
const MAX_US = 2 ** 63 / 1000

/** Jaeger shows what is below zero without its sign, as 2^64 less so many. Undefined: Jaeger never writes that. */
function signed(value: unknown): number | undefined {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) return undefined
  if (value <= MAX_US) return value
  return value >= 2 ** 63 && value <= 2 ** 64 ? value - 2 ** 64 : undefined
}

/**
 * By how much Jaeger has moved the span, as it guesses that the clock of its node is wrong. It looks at each span alone, and so
 * would lay two calls of one proxy, which followed each other, over each other.
 */
function movedUs(json: JsonObject): number {
  const [text] = listOf(json, 'warnings').flatMap((warning) => MOVED.exec(String(warning))?.slice(1) ?? [])
  if (text === undefined) return 0
  const parts = [...text.matchAll(/([\d.]+)(h|ms|m|ns|s|[µμu]s)/g)]
  const us = parts.reduce((sum, [, number, unit = '']) => sum + Number(number) * (UNITS_US[unit] ?? 1), 0)
  // A span may bring a warning of its own with it.
  if (!(us <= MAX_US)) return 0
  return text.startsWith('-') ? -us : us
}

const MOVED = /timestamps were adjusted by (\S+)/
const UNITS_US: Readonly<Record<string, number>> = { h: 3_600e6, m: 60e6, s: 1e6, ms: 1e3, ns: 1e-3 }
