import type { Trace } from '../../spans/span.ts'
import { JaegerAnswerError } from '../read-traces/answer-mistake.ts'
import type { JaegerApi } from '../read-traces/jaeger-api.ts'
import { parseTraceText } from '../read-traces/read-traces.ts'
import { textsOf } from '../read-traces/search-traces.ts'

/**
 * Takes Jaeger’s API and a trace’s ID, gives the trace with its times as they were sent: Jaeger may move spans by guesses of
 * its own, each span by another one. Rejects with a sentence, also when Jaeger does not have it.
 */
export async function findTrace(api: JaegerApi, traceId: string): Promise<Trace> {
  const { value, done } = await textsOf(await askForTrace(api, traceId)).next()
  if (done !== true) return parseTraceText(value)
  throw new Error(
    value.tooLarge > 0 ? `trace ${traceId} has more than 64 MiB: too much to be looked at` : notThere(traceId),
  )
}

async function askForTrace(api: JaegerApi, traceId: string): ReturnType<JaegerApi['ask']> {
  try {
    return await api.ask(`traces/${traceId}`, { query: { raw: 'true' } })
  } catch (error) {
    // A base path that is wrong is a 404 as well.
    if (error instanceof JaegerAnswerError && error.status === 404 && /trace not found/i.test(error.message)) {
      throw new Error(notThere(traceId), { cause: error })
    }
    throw error
  }
}

function notThere(traceId: string): string {
  return [
    `Jaeger has no trace ${traceId}. It may be that`,
    '  - it was not sampled: by who began it, or by the collector, which decides after 30 s where it samples by tail',
    '  - it has not arrived yet: proxies send every 10 s',
    '  - it is too old: in memory Jaeger keeps the newest traces only, on a volume for some days',
    '  - nothing arrives at all: linkerd-tracing check --span tells',
  ].join('\n')
}
