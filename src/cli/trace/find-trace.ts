import { parseJaegerTrace } from '../../spans/jaeger-trace.ts'
import type { Trace } from '../../spans/span.ts'
import { JaegerAnswerError } from '../read-traces/answer-mistake.ts'
import type { JaegerApi } from '../read-traces/jaeger-api.ts'
import { textsOf } from '../read-traces/search-traces.ts'

/**
 * Takes Jaeger’s API and a trace’s ID, gives the trace with its times as they were sent: Jaeger may move spans by guesses of
 * its own, each span by another one. Rejects with a sentence, also when Jaeger does not have it.
 */
export async function findTrace(api: JaegerApi, traceId: string): Promise<Trace> {
  const answer = await askForTrace(api, traceId)
  const texts = textsOf(answer)
  for await (const text of texts) return parseJaegerTrace(JSON.parse(text.toString('utf8')))
  throw new Error(notThere(traceId))
}

async function askForTrace(api: JaegerApi, traceId: string): ReturnType<JaegerApi['ask']> {
  try {
    return await api.ask(`traces/${traceId}`, { raw: 'true' })
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
