import type { TraceSummary } from '../../spans/trace-summary.ts'
import type { ReadOutcome } from '../read-traces/reading-count.ts'
import { readingReport } from '../read-traces/reading-report.ts'
import type { Slice } from '../read-traces/slice-plan.ts'

/** Takes the time that was asked for, what was read and the traces found, gives them as `-o json` shows them. Pure. */
export function tracesReport(range: Slice, outcome: ReadOutcome, found: readonly TraceSummary[]): object {
  return {
    ...readingReport(range, outcome),
    found: found.map(({ namespace, startUs, ...summary }) => ({
      ...summary,
      namespace: namespace ?? null,
      startUs,
      started: new Date(startUs / 1000).toISOString(),
    })),
  }
}
