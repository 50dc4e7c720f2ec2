import { InvalidTraceError, parseJaegerTrace } from '../../spans/jaeger-trace.ts'
import type { Trace } from '../../spans/span.ts'
import { inOrder } from './in-order.ts'
import type { JaegerApi } from './jaeger-api.ts'
import { createReadingCount, type ReadLimits, type ReadOutcome } from './reading-count.ts'
import {
  type BegunSearch,
  createTraceSearcher,
  findServices,
  searchesAllAtOnce,
  type TraceSearch,
  type TraceSearcher,
  textsOf,
} from './search-traces.ts'
import { createSlicePlan, halvesOf, type Slice } from './slice-plan.ts'

/** Which traces are wanted: those of which a span began within this time, with all of its other spans. */
export interface TraceQuery extends Slice {
  /** Undefined: of all services. */
  readonly service?: string | undefined
  /** A span of the service that began within this time has all of them, of its own or of its process. */
  readonly tags?: Readonly<Record<string, string>>
}

export interface ReadParts {
  readonly limits: ReadLimits
  /** In milliseconds, of a clock that is never set. */
  readonly now: () => number
  readonly onProgress: (text: string) => void
  /** How many traces Jaeger is asked for at once; only tests say it. */
  readonly atOnce?: number
}

export interface TraceReading {
  /** Each trace once: those of the newest slice of time first, within a slice in any order. Rejects with a sentence. */
  readonly traces: AsyncIterable<Trace>
  /** What was read so far, and what is lacking. */
  readonly outcome: () => ReadOutcome
}

/** Beside the answer that is read Jaeger makes the next ones: it is the slower of the two. */
const ASKED_AHEAD = 2

/** Takes Jaeger’s API and which traces are wanted, gives them: as many requests as it takes, one trace in memory at a time. */
export function readTraces(api: JaegerApi, query: TraceQuery, parts: ReadParts): TraceReading {
  const count = createReadingCount(query, parts)
  const ended = AbortSignal.timeout(Math.min(parts.limits.milliseconds, MAX_TIMER_MS))
  const searcher = createTraceSearcher(api, { ended, atOnce: parts.atOnce })
  return { traces: walkInTime({ api, query, count, searcher, ended }), outcome: count.outcome }
}

/** Of a longer one Node makes a millisecond: 24 days. */
const MAX_TIMER_MS = 2 ** 31 - 1

interface Walk {
  readonly api: JaegerApi
  readonly query: TraceQuery
  readonly count: ReturnType<typeof createReadingCount>
  readonly searcher: TraceSearcher
  /** All time is over that there was. */
  readonly ended: AbortSignal
}

interface Job extends TraceSearch {
  /** Of its slice: when it is done, so is the slice. */
  readonly isLast: boolean
}

/** What Jaeger has not answered when the time is over is not waited for. */
async function* walkInTime(parts: Walk): AsyncGenerator<Trace> {
  try {
    yield* walk(parts)
  } catch (error) {
    if (!parts.ended.aborted) throw error
    parts.count.outOfTime()
  }
}

async function* walk(parts: Walk): AsyncGenerator<Trace> {
  const { query, count, searcher } = parts
  const services = await servicesToAsk(parts)
  const plan = createSlicePlan(query, searcher.limit)
  const jobs = jobsOf(services, query, plan.next)
  const lane = {
    next: () => (services.length === 0 ? undefined : jobs.next().value),
    begin: searcher.begin,
    drop: ({ answer }: BegunSearch) => void answer.destroy(),
    ahead: ASKED_AHEAD,
  }
  let most = 0
  for await (const { job, begun } of inOrder<Job, BegunSearch>(lane)) {
    most = Math.max(most, yield* tracesOf(job, begun, { count, searcher }))
    if (count.isOver()) return
    if (!job.isLast) continue
    plan.found(job.slice, most)
    count.doneFrom(job.slice.fromUs)
    most = 0
  }
  count.doneFrom(query.fromUs)
}

async function servicesToAsk({ api, query, count, searcher, ended }: Walk): Promise<readonly (string | undefined)[]> {
  if (query.service !== undefined) return [query.service]
  if (await searchesAllAtOnce(searcher, query.untilUs)) return [undefined]
  const services = await findServices(api, { ended })
  // Who asks for no name is refused.
  if (services.includes('')) count.nameless()
  return services.filter((name) => name !== '')
}

function* jobsOf(
  services: readonly (string | undefined)[],
  { tags = {} }: TraceQuery,
  nextSlice: () => Slice | undefined,
): Generator<Job, undefined> {
  for (let slice = nextSlice(); slice !== undefined; slice = nextSlice()) {
    for (const [index, service] of services.entries()) {
      yield { slice, service, tags, isLast: index === services.length - 1 }
    }
  }
}

/** Gives the traces of a slice that were not there before; in the end how many it has in all. */
async function* tracesOf(
  search: TraceSearch,
  { answer, limit }: BegunSearch,
  parts: Pick<Walk, 'count' | 'searcher'>,
): AsyncGenerator<Trace, number> {
  const { count, searcher } = parts
  const found = yield* newTracesOf(textsOf(answer), count)
  if (found < limit || count.isOver()) return found
  const halves = halvesOf(search.slice)
  if (halves.length === 0) count.tooMany(search.slice, limit)
  let ofHalves = 0
  for (const slice of halves) {
    ofHalves += yield* tracesOf({ ...search, slice }, await searcher.begin({ ...search, slice }), parts)
    if (count.isOver()) break
  }
  return Math.max(found, ofHalves)
}

async function* newTracesOf(texts: ReturnType<typeof textsOf>, count: Walk['count']): AsyncGenerator<Trace, number> {
  let found = 0
  try {
    for (let text = await texts.next(); ; text = await texts.next()) {
      if (text.done === true) {
        count.rest(text.value)
        return found
      }
      found++
      const trace = newTrace(text.value, count.isKnown)
      if (trace === undefined) continue
      count.add(trace)
      yield trace
      if (count.isOver()) return found
    }
  } finally {
    // The rest of an answer that nobody wants is not waited for.
    await texts.return({ rest: {}, tooLarge: 0 })
  }
}

/** What was read before is not parsed again: a trace comes with each of its services. */
function newTrace(text: Buffer, isKnown: (traceId: string) => boolean): Trace | undefined {
  const [, id] = /^\{"traceID":"([0-9a-f]{1,32})"/.exec(text.toString('latin1', 0, 64)) ?? []
  if (id !== undefined && isKnown(id)) return undefined
  const trace = parseTraceText(text)
  return isKnown(trace.traceId) ? undefined : trace
}

/** Takes the JSON of one trace, gives the trace. Throws a sentence when it is none. Pure. */
export function parseTraceText(text: Buffer): Trace {
  try {
    return parseJaegerTrace(JSON.parse(text.toString('utf8')))
  } catch (error) {
    if (!(error instanceof InvalidTraceError || error instanceof SyntaxError)) throw error
    throw new Error(`Jaeger’s answer has a trace that is none: ${error.message}`, { cause: error })
  }
}
