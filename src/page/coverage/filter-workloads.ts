import type { WorkloadRow } from '../reports/coverage-report.ts'

/** What of the workloads is looked for. */
export interface WorkloadFilter {
  /** Words that namespace, workload, state or a sentence has; in any case. */
  readonly text: string
  /** A state; `gaps`: all that should be traced and are not; `all`. */
  readonly state: string
}

/** Takes workloads, gives those that are looked for. Pure. */
export function filterWorkloads(rows: readonly WorkloadRow[], { text, state }: WorkloadFilter): WorkloadRow[] {
  const words = text.toLowerCase().split(/\s+/)
  return rows.filter((row) => isState(row, state) && words.every((word) => textOf(row).includes(word)))
}

function isState(row: WorkloadRow, state: string): boolean {
  return state === 'all' || (state === 'gaps' ? row.isGap : row.state === state)
}

function textOf({ namespace, workload, state, sentences }: WorkloadRow): string {
  return [namespace, workload, state, ...sentences].join('\n').toLowerCase()
}
