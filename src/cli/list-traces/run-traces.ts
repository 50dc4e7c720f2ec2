import { summarizeTrace } from '../../spans/trace-summary.ts'
import type { CliContext } from '../context.ts'
import { openJaeger } from '../read-traces/open-jaeger.ts'
import { askedTraces, openReading, positiveNumber, type ShownReading } from '../read-traces/open-reading.ts'
import { shortfallNotes } from '../read-traces/reading-report.ts'
import type { TraceFlags } from '../read-traces/trace-flags.ts'
import { isWantedSpan } from '../read-traces/wanted-span.ts'
import { isColoured } from '../terminal.ts'
import { type KeptTraces, keepTraces, type TraceOrder } from './kept-traces.ts'
import { printTraces } from './print-traces.ts'
import { type MatchFlags, traceMatcher } from './trace-matcher.ts'
import { tracesReport } from './traces-report.ts'

export interface TracesFlags extends TraceFlags, MatchFlags {
  readonly sort: TraceOrder
  readonly limit: string
}

/** Takes the flags of `traces`, prints the traces that fit. Rejects with a sentence when they cannot be read. */
export async function runTraces(flags: TracesFlags, context: CliContext): Promise<void> {
  const { stdout, stderr } = context
  const asked = askedTraces(flags, Date.now())
  const matches = traceMatcher(flags, isWantedSpan(flags, asked))
  const kept = keepTraces(flags.sort, positiveNumber('--limit', flags.limit))
  const api = await openJaeger(flags, context)
  const reading = openReading(api, { service: flags.service, asked }, context)
  try {
    await keepMatching(reading, kept, matches)
  } finally {
    reading.clear()
    api.close()
  }
  const outcome = reading.outcome()
  stderr.write(shortfallNotes(outcome))
  if (flags.output === 'json') {
    stdout.write(`${JSON.stringify(tracesReport(asked.range, outcome, kept.list()), null, 2)}\n`)
    return
  }
  stdout.write(printTraces(kept.list(), isColoured(context)))
}

async function keepMatching(
  reading: ShownReading,
  kept: KeptTraces,
  matches: ReturnType<typeof traceMatcher>,
): Promise<void> {
  let completeFromUs = Number.POSITIVE_INFINITY
  for await (const trace of reading.traces) {
    const outcome = reading.outcome()
    // Of the newest ones enough are known as soon as a slice is done: what follows is older.
    if (outcome.completeFromUs < completeFromUs) {
      completeFromUs = outcome.completeFromUs
      if (kept.isSettled(completeFromUs)) return
    }
    const summary = summarizeTrace(trace)
    if (summary !== undefined && matches(trace, summary)) kept.add(summary)
  }
}
