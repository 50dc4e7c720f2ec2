import { shownDuration } from '../../spans/shown-duration.ts'
import type { TraceSummary } from '../../spans/trace-summary.ts'
import { shownName } from '../read-traces/shown-name.ts'
import { alignColumns, type Cell } from '../status/columns.ts'

const HEAD: readonly Cell[] = ['TRACE ID', 'STARTED', 'DURATION', 'SPANS', 'ERRORS', 'SERVICE', 'OPERATION'].map(
  (text) => ({ text }),
)
const RED = 31

/** Takes traces, gives them as a table for a person. Pure. */
export function printTraces(traces: readonly TraceSummary[], hasColour: boolean): string {
  if (traces.length === 0) return 'no such traces\n'
  const lines = alignColumns([HEAD, ...traces.map(rowOf)], hasColour)
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`
}

function rowOf({ traceId, startUs, durationUs, spans, errors, service, namespace, operation }: TraceSummary): Cell[] {
  const place = namespace === undefined ? service : `${service}.${namespace}`
  return [
    { text: traceId },
    { text: new Date(startUs / 1000).toISOString() },
    { text: shownDuration(durationUs) },
    { text: String(spans) },
    { text: String(errors), ...(errors > 0 && { colour: RED }) },
    { text: shownName(place) },
    { text: shownName(operation) },
  ]
}
