import { parseDuration } from '../../config/parse-duration.ts'
import type { Slice } from './slice-plan.ts'

/** `--since` and `--until`, as they are written. */
export interface TimeFlags {
  readonly since: string
  readonly until?: string
}

/**
 * Takes the flags and now in milliseconds since 1970, gives the time that they mean: each is a point in time, or so long ago;
 * `--since 1h` beside `--until` begins an hour before that. Throws a sentence for a mistake. Pure.
 */
export function timeRange({ since, until }: TimeFlags, nowMs: number): Slice {
  const untilMs = until === undefined ? nowMs : timeOf('--until', until, nowMs)
  const fromMs = timeOf('--since', since, untilMs)
  if (fromMs >= untilMs) throw new Error(`--since ${since} is not before --until ${until ?? 'now'}`)
  return { fromUs: fromMs * 1000, untilUs: untilMs * 1000 }
}

/** With a day, a time and its zone, as Jaeger and kubectl write them: without a zone it would be another time elsewhere. */
const POINT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/

function timeOf(flag: string, text: string, beforeMs: number): number {
  const duration = parseDuration(text)
  if ('value' in duration) return beforeMs - duration.value
  const point = POINT.test(text) ? Date.parse(text) : Number.NaN
  if (!Number.isNaN(point)) return point
  throw new Error(
    `${flag} ${text}: must be a duration such as 15m, 1h30m or 2d, or a time such as 2026-11-28T12:00:00Z`,
  )
}
