import type { Readable } from 'node:stream'
import { listOf } from '../../injection/json.ts'
import { JaegerAnswerError } from './answer-mistake.ts'
import type { JaegerApi, Question } from './jaeger-api.ts'
import type { Slice } from './slice-plan.ts'
import { type AnswerRest, createAnswerSplitter } from './split-answer.ts'

/** One question to `/api/traces`. */
export interface TraceSearch {
  readonly slice: Slice
  /** Undefined: of all services, which only the newest Jaegers know how to do. */
  readonly service: string | undefined
  /** A span of the service has all of them, of its own or of its process. */
  readonly tags: Readonly<Record<string, string>>
}

/** An answer that has begun. */
export interface BegunSearch {
  readonly answer: Readable
  /** With so many traces or more the answer may lack some. */
  readonly limit: number
}

export interface SearchParts {
  /** Breaks all answers off. */
  readonly ended?: AbortSignal
  /** Only tests say it. */
  readonly atOnce?: number | undefined
}

export interface TraceSearcher {
  readonly begin: (search: TraceSearch) => Promise<BegunSearch>
  /** How many traces Jaeger is asked for at once. */
  readonly limit: () => number
}

/** Some ten megabytes. Jaeger makes all of an answer before it sends the first byte of it. */
export const TRACES_AT_ONCE = 1_000

/** Takes Jaeger’s API, gives what searches it. */
export function createTraceSearcher(
  api: JaegerApi,
  { ended, atOnce = TRACES_AT_ONCE }: SearchParts = {},
): TraceSearcher {
  let limit = atOnce
  const begin = async (search: TraceSearch): Promise<BegunSearch> => {
    const asked = limit
    try {
      return {
        answer: await api.ask('traces', { query: paramsOf(search, asked), ...(ended && { ended }) }),
        limit: asked,
      }
    } catch (error) {
      if (!isTooMany(error) || asked === 1) throw error
      limit = Math.min(limit, Math.ceil(asked / 10))
      return begin(search)
    }
  }
  return { begin, limit: () => limit }
}

/** In memory Jaeger refuses, since 2.4, to look for more traces than it keeps. */
function isTooMany(error: unknown): boolean {
  return error instanceof JaegerAnswerError && /search depth/i.test(error.message)
}

function paramsOf({ slice, service, tags }: TraceSearch, limit: number): Record<string, string> {
  return {
    ...(service !== undefined && { service }),
    start: String(slice.fromUs),
    end: String(slice.untilUs),
    limit: String(limit),
    ...(Object.keys(tags).length > 0 && { tags: JSON.stringify(tags) }),
  }
}

/** Takes an answer, gives the JSON of each trace as it comes; in the end what else it says. Rejects with a sentence. */
export async function* textsOf(answer: Readable): AsyncGenerator<Buffer, AnswerRest> {
  const splitter = createAnswerSplitter()
  try {
    for await (const piece of answer) yield* splitter.push(piece as Buffer)
  } catch (error) {
    throw new Error(`Jaeger’s answer broke off: ${(error as Error).message}`, { cause: error })
  }
  return splitter.end()
}

/** Gives the names of all services that Jaeger has, in their order; of spans that name none there is an empty one. */
export async function findServices(api: JaegerApi, question: Pick<Question, 'ended'> = {}): Promise<string[]> {
  const { rest } = await lastOf(textsOf(await api.ask('services', question)))
  return listOf(rest, 'data')
    .filter((name) => typeof name === 'string')
    .toSorted()
}

async function lastOf<T>(generator: AsyncGenerator<unknown, T>): Promise<T> {
  for (;;) {
    const { done, value } = await generator.next()
    if (done === true) return value
  }
}

/**
 * Gives whether Jaeger searches all services at once, as the newest do where their store can (memory, Elasticsearch): each
 * trace is then sent once, not once for each of its services. Others refuse with the first word.
 */
export async function searchesAllAtOnce(searcher: TraceSearcher, untilUs: number): Promise<boolean> {
  const slice = { fromUs: untilUs - 1, untilUs }
  try {
    const { answer } = await searcher.begin({ slice, service: undefined, tags: {} })
    answer.destroy()
    return true
  } catch (error) {
    if (error instanceof JaegerAnswerError && [400, 500, 501].includes(error.status)) return false
    throw error
  }
}
