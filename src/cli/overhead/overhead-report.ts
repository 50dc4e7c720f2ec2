import type { OverheadFigures, ProxyOverhead } from '../../spans/proxy-overhead.ts'
import type { ReadOutcome } from '../read-traces/reading-count.ts'
import { readingReport } from '../read-traces/reading-report.ts'
import type { Slice } from '../read-traces/slice-plan.ts'

/** Takes what was found, gives it as `-o json` shows it. docs/traces-at-work.md lists the members. Pure. */
export function overheadReport(overheads: readonly ProxyOverhead[], range: Slice, outcome: ReadOutcome): object {
  return { ...readingReport(range, outcome), services: overheads.map(serviceReport) }
}

function serviceReport({ service, namespace, inbound, outbound }: ProxyOverhead): object {
  return {
    namespace: namespace ?? null,
    service,
    inbound: figuresReport(inbound),
    outbound: figuresReport(outbound),
  }
}

/** Where nothing could be measured the percentiles are null: JSON has no NaN. */
function figuresReport(figures: OverheadFigures | undefined): object | null {
  if (figures === undefined) return null
  const { requests, withheld, p50Us, p95Us, p99Us } = figures
  return { requests, p50Us, p95Us, p99Us, withheld }
}
