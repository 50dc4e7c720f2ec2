import { parseDuration } from '../../config/parse-duration.ts'
import type { CliContext } from '../context.ts'
import { keepShowing, progressOn } from '../show-progress.ts'
import type { JaegerApi } from './jaeger-api.ts'
import { readTraces, type TraceReading } from './read-traces.ts'
import type { ReadLimits } from './reading-count.ts'
import type { Slice } from './slice-plan.ts'
import { parseTagFilter, type TagFilter } from './tag-filter.ts'
import { timeRange } from './time-range.ts'
import type { TraceFlags } from './trace-flags.ts'

/** What the flags of a command ask for. */
export interface AskedTraces {
  readonly range: Slice
  readonly tags: TagFilter
  readonly limits: ReadLimits
}

/** Takes the flags and now in milliseconds since 1970, gives what they ask for. Throws a sentence for a mistake. Pure. */
export function askedTraces(flags: TraceFlags, nowMs: number): AskedTraces {
  const timeout = parseDuration(flags.timeout)
  if ('rule' in timeout) throw new Error(`--timeout ${flags.timeout}: ${timeout.rule}`)
  return {
    range: timeRange(flags, nowMs),
    tags: parseTagFilter(flags.selector),
    limits: { spans: positiveNumber('--max-spans', flags.maxSpans), milliseconds: timeout.value },
  }
}

/** Takes a flag and its text, gives the number. Throws a sentence when it is no whole number above 0. Pure. */
export function positiveNumber(flag: string, text: string): number {
  if (/^[1-9]\d{0,11}$/.test(text)) return Number(text)
  throw new Error(`${flag} ${text}: must be a whole number above 0`)
}

/** A reading that shows on stderr how far it is. */
export interface ShownReading extends TraceReading {
  /** Takes the line of progress away, to be called before anything is printed. */
  readonly clear: () => void
}

/** Takes Jaeger’s API, the flags and what they ask for, begins to read. Whoever opens it clears it. */
export function openReading(
  api: JaegerApi,
  { service, asked: { range, tags, limits } }: { readonly service?: string | undefined; readonly asked: AskedTraces },
  { stderr }: Pick<CliContext, 'stderr'>,
): ShownReading {
  // The first answer of a large store may take half a minute.
  const progress = keepShowing(progressOn(stderr), 'asking Jaeger')
  const parts = { limits, now: () => performance.now(), onProgress: progress.show }
  return { ...readTraces(api, { ...range, service, tags }, parts), clear: progress.clear }
}
