import { createOverheadTally } from '../../spans/proxy-overhead.ts'
import type { CliContext } from '../context.ts'
import { openJaeger } from '../read-traces/open-jaeger.ts'
import { askedTraces, openReading } from '../read-traces/open-reading.ts'
import { shortfallNotes } from '../read-traces/reading-report.ts'
import type { TraceFlags } from '../read-traces/trace-flags.ts'
import { isWantedSpan } from '../read-traces/wanted-span.ts'
import { isColoured } from '../terminal.ts'
import { overheadReport } from './overhead-report.ts'
import { printOverhead } from './print-overhead.ts'

/** Takes the flags, reads traces and prints what proxies add. Throws a sentence when that cannot be found out. */
export async function runOverhead(flags: TraceFlags, context: CliContext): Promise<void> {
  const { stdout, stderr } = context
  const asked = askedTraces(flags, Date.now())
  const tally = createOverheadTally(isWantedSpan(flags, asked))
  const api = await openJaeger(flags, context)
  const reading = openReading(api, { service: flags.service, asked }, context)
  try {
    for await (const trace of reading.traces) tally.add(trace)
  } finally {
    reading.clear()
    api.close()
  }
  const [overheads, outcome] = [tally.overheads(), reading.outcome()]
  stderr.write(shortfallNotes(outcome))
  if (flags.output === 'json') {
    stdout.write(`${JSON.stringify(overheadReport(overheads, asked.range, outcome), null, 2)}\n`)
    return
  }
  stdout.write(printOverhead(overheads, { traces: outcome.traces, hasColour: isColoured(context) }))
}
