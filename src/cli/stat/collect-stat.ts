import { createFiguresTally } from '../../spans/service-figures.ts'
import type { CliContext } from '../context.ts'
import type { JaegerApi } from '../read-traces/jaeger-api.ts'
import { askedTraces, openReading } from '../read-traces/open-reading.ts'
import { shortfallNotes } from '../read-traces/reading-report.ts'
import type { TraceFlags } from '../read-traces/trace-flags.ts'
import { isWantedSpan } from '../read-traces/wanted-span.ts'
import { isColoured } from '../terminal.ts'
import { printStat } from './print-stat.ts'
import { inStatOrder, type StatGroup, type StatOrder } from './stat-orders.ts'
import { type Stat, statReport } from './stat-report.ts'

export interface StatFlags extends TraceFlags {
  readonly by: StatGroup
  readonly sort: StatOrder
  readonly controlPlane?: boolean
  readonly watch?: boolean
}

/** Takes Jaeger’s API and the flags, gives what is to be printed of this moment. Rejects with a sentence. */
export async function statText(api: JaegerApi, flags: StatFlags, context: CliContext): Promise<string> {
  const stat = await collectStat(api, flags, context)
  if (flags.output === 'table') return printStat(stat, isColoured(context))
  // A line each, so that whoever watches can read them one by one.
  return `${JSON.stringify(statReport(stat), null, flags.watch === true ? 0 : 2)}\n`
}

/** Takes Jaeger’s API and the flags, gives the figures of this moment; what is lacking is told on stderr. Rejects with a sentence. */
async function collectStat(api: JaegerApi, flags: StatFlags, context: CliContext): Promise<Stat> {
  const { by, service, controlPlane = false, sort } = flags
  const asked = askedTraces(flags, Date.now())
  const isWanted = isWantedSpan(flags, asked)
  const tally = createFiguresTally({
    by,
    isWanted: ({ span, isControlPlane }) => isControlPlane === controlPlane && isWanted(span),
  })
  const reading = openReading(api, { service, asked }, context)
  try {
    for await (const trace of reading.traces) tally.add(trace)
  } finally {
    reading.clear()
  }
  const outcome = reading.outcome()
  context.stderr.write(shortfallNotes(outcome))
  return { range: asked.range, outcome, by, rows: inStatOrder(tally.figures(), sort) }
}
