import type { Span, Trace } from '../../spans/span.ts'
import type { TraceSummary } from '../../spans/trace-summary.ts'
import { parseGoDuration } from '../go-duration.ts'

export interface MatchFlags {
  readonly minDuration?: string
  readonly maxDuration?: string
  readonly error?: boolean
}

/** Takes the flags and which spans are meant by the others, gives whether a trace is wanted. Throws a sentence for a mistake. Pure. */
export function traceMatcher(
  flags: MatchFlags,
  isWanted: (span: Span) => boolean,
): (trace: Trace, summary: TraceSummary) => boolean {
  const leastUs = microseconds('--min-duration', flags.minDuration) ?? 0
  const mostUs = microseconds('--max-duration', flags.maxDuration) ?? Number.POSITIVE_INFINITY
  if (leastUs > mostUs)
    throw new Error(`--min-duration ${flags.minDuration} is above --max-duration ${flags.maxDuration}`)
  const isSought = (span: Span) => isWanted(span) && (flags.error !== true || span.isError)
  return ({ spans }, { durationUs }) => durationUs >= leastUs && durationUs <= mostUs && spans.some(isSought)
}

function microseconds(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const ms = parseGoDuration(text)
  if (ms === undefined) throw new Error(`${flag} ${text}: must be a duration such as 250ms, 1.5s or 2m`)
  return ms * 1000
}
