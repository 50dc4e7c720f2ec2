import { isJsonObject, listOf, textOf } from '../../injection/json.ts'
import type { Trace } from '../../spans/span.ts'
import { printable } from '../printable.ts'
import type { Slice } from './slice-plan.ts'
import type { AnswerRest } from './split-answer.ts'

/** Where reading ends, whether all was read or not. */
export interface ReadLimits {
  readonly spans: number
  readonly milliseconds: number
}

/** What was read so far. */
export interface ReadOutcome {
  readonly traces: number
  readonly spans: number
  /** All traces with a span that began here or later were read. */
  readonly completeFromUs: number
  /** A sentence for each way in which traces are lacking; empty: none are. */
  readonly shortfalls: readonly string[]
}

export interface ReadingCount {
  readonly add: (trace: Trace) => void
  readonly isKnown: (traceId: string) => boolean
  /** Takes what an answer says beside its traces. */
  readonly rest: (rest: AnswerRest) => void
  /** A slice that cannot be cut has more traces than Jaeger gives at once. */
  readonly tooMany: (slice: Slice, limit: number) => void
  /** Traces of nothing but spans without a service cannot be asked for. */
  readonly nameless: () => void
  /** Jaeger has not answered within the time that there is. */
  readonly outOfTime: () => void
  readonly doneFrom: (fromUs: number) => void
  /** Whether a limit is reached. */
  readonly isOver: () => boolean
  readonly outcome: () => ReadOutcome
}

export interface CountParts {
  readonly limits: ReadLimits
  readonly now: () => number
  readonly onProgress: (text: string) => void
}

/** Takes the time that is read, and limits, gives what counts what was read. */
export function createReadingCount(query: Slice, { limits, now, onProgress }: CountParts): ReadingCount {
  const startedAt = now()
  const known = new Set<string>()
  const shortfalls = new Set<string>()
  let spans = 0
  let completeFromUs = query.untilUs
  const outOfTime = () => {
    shortfalls.add(`reading took more than ${limits.milliseconds / 1000} s (--timeout)`)
  }
  return {
    add: (trace) => {
      known.add(trace.traceId)
      spans += trace.spans.length
      onProgress(`${spans} spans of ${known.size} traces read`)
    },
    isKnown: (traceId) => known.has(traceId),
    rest: ({ rest, tooLarge }) => {
      if (tooLarge > 0) shortfalls.add('a trace of more than 64 MiB is left out')
      for (const fault of listOf(rest, 'errors').filter(isJsonObject)) {
        shortfalls.add(`Jaeger says: ${printable(textOf(fault, 'msg') ?? '')}`)
      }
    },
    tooMany: ({ fromUs }, limit) => {
      shortfalls.add(`of more than ${limit} traces that began at ${timeOf(fromUs)} some are left out`)
    },
    nameless: () => {
      shortfalls.add(
        'traces of nothing but spans without a service name are left out: this Jaeger cannot search for them',
      )
    },
    outOfTime,
    doneFrom: (fromUs) => {
      completeFromUs = fromUs
    },
    isOver: () => {
      if (spans > limits.spans) shortfalls.add(`there are more than ${limits.spans} spans (--max-spans)`)
      else if (now() - startedAt >= limits.milliseconds) outOfTime()
      else return false
      return true
    },
    outcome: () => ({ traces: known.size, spans, completeFromUs, shortfalls: [...shortfalls] }),
  }
}

function timeOf(us: number): string {
  return new Date(us / 1000).toISOString()
}
