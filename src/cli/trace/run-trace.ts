import type { CliContext } from '../context.ts'
import { showsUnicode } from '../plain-text.ts'
import { openJaeger } from '../read-traces/open-jaeger.ts'
import type { JaegerFlags, TraceOutput } from '../read-traces/trace-flags.ts'
import { progressOn, whileShowing } from '../show-progress.ts'
import { isColoured } from '../terminal.ts'
import { findTrace } from './find-trace.ts'
import { layOutTrace } from './lay-out-trace.ts'
import { printTrace } from './print-trace.ts'
import { parseTraceId } from './trace-id.ts'
import { traceReport } from './trace-report.ts'

export interface TraceIdFlags extends JaegerFlags {
  readonly output: TraceOutput
  readonly all?: boolean
}

/** As many as a person scrolls through. */
const MAX_ROWS = 200
/** Where no terminal says how wide it is. */
const USUAL_COLUMNS = 100
/** On a narrower one lines wrap. */
const MIN_COLUMNS = 20
/** Beyond it the eye does not find from a name to its bar. */
const MAX_COLUMNS = 200

/** Takes a trace’s ID and the flags, prints the trace. Throws a sentence when it is no ID, or not there. */
export async function runTrace(text: string, flags: TraceIdFlags, context: CliContext): Promise<void> {
  const traceId = parseTraceId(text)
  const { stdout, stderr } = context
  const api = await openJaeger(flags, context)
  try {
    const found = await whileShowing(progressOn(stderr), `asking Jaeger for ${traceId}`, () => findTrace(api, traceId))
    const trace = layOutTrace(found)
    if (flags.output === 'json') {
      stdout.write(`${JSON.stringify(traceReport(trace), null, 2)}\n`)
      return
    }
    const look = {
      columns: columnsOf(stdout),
      maxRows: flags.all === true ? Number.POSITIVE_INFINITY : MAX_ROWS,
      hasColour: isColoured(context),
      hasUnicode: showsUnicode(context),
    }
    stdout.write(printTrace(trace, look))
  } finally {
    api.close()
  }
}

function columnsOf(stream: object): number {
  const columns: unknown = 'columns' in stream ? stream.columns : undefined
  return typeof columns === 'number' ? Math.min(Math.max(columns, MIN_COLUMNS), MAX_COLUMNS) : USUAL_COLUMNS
}
