import type { ServiceFigures } from '../../spans/service-figures.ts'
import { shownDuration } from '../../spans/shown-duration.ts'
import { shownName } from '../read-traces/shown-name.ts'
import { alignColumns, type Cell } from '../status/columns.ts'
import type { Stat } from './stat-report.ts'

const HEAD: readonly Cell[] = ['NAMESPACE', 'SERVICE', 'REQUESTS', 'ERRORS', 'P50', 'P95', 'P99'].map((text) => ({
  text,
}))
const RED = 31

/** Takes what was found, gives it as a table for a person. Pure. */
export function printStat({ rows, by, outcome }: Stat, hasColour: boolean): string {
  if (rows.length === 0) return `no requests among ${outcome.spans} spans of ${outcome.traces} traces\n`
  // A route may be long, and so stands last.
  const routeCell = (text: string): Cell[] => (by === 'route' ? [{ text }] : [])
  const lines = alignColumns(
    [[...HEAD, ...routeCell('ROUTE')], ...rows.map((row) => [...rowOf(row), ...routeCell(shownName(row.route ?? ''))])],
    hasColour,
  )
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`
}

function rowOf({ namespace, service, requests, errors, p50Us, p95Us, p99Us }: ServiceFigures): Cell[] {
  const texts = [p50Us, p95Us, p99Us].map((us) => ({ text: shownDuration(us) }))
  return [
    { text: namespace === undefined ? '-' : shownName(namespace) },
    { text: shownName(service) },
    { text: String(requests) },
    { text: errorsOf(errors, requests), ...(errors > 0 && { colour: RED }) },
    ...texts,
  ]
}

/** With one digit: 3 of 10,000 is not nothing. */
function errorsOf(errors: number, requests: number): string {
  if (errors === 0) return '0'
  const percent = (100 * errors) / requests
  return `${errors} (${percent < 0.1 ? '<0.1' : percent.toFixed(1)}%)`
}
