import type { ServiceFigures } from '../../spans/service-figures.ts'
import type { ReadOutcome } from '../read-traces/reading-count.ts'
import { readingReport } from '../read-traces/reading-report.ts'
import type { Slice } from '../read-traces/slice-plan.ts'
import type { StatGroup } from './stat-orders.ts'

/** What `stat` found. */
export interface Stat {
  readonly range: Slice
  readonly outcome: ReadOutcome
  readonly by: StatGroup
  readonly rows: readonly ServiceFigures[]
}

/** Takes what was found, gives it as `-o json` shows it. docs/traces-at-work.md lists the members. Pure. */
export function statReport({ range, outcome, by, rows }: Stat): object {
  return {
    ...readingReport(range, outcome),
    by,
    rows: rows.map(({ namespace, service, route, requests, errors, p50Us, p95Us, p99Us }) => ({
      namespace: namespace ?? null,
      service,
      ...(route !== undefined && { route }),
      requests,
      errors,
      p50Us,
      p95Us,
      p99Us,
    })),
  }
}
