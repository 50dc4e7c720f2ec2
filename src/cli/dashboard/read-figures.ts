import type { FiguresReport } from '../../page/reports/figures-report.ts'
import { openJaegerApi } from '../read-traces/jaeger-api.ts'
import { readTraces } from '../read-traces/read-traces.ts'
import type { ReadOutcome } from '../read-traces/reading-count.ts'
import type { Slice } from '../read-traces/slice-plan.ts'
import { createFiguresSummary } from './figures-summary.ts'

export interface FiguresQuestion {
  /** Of Jaeger's page. */
  readonly jaegerUrl: string
  readonly range: Slice
  /** Ends the reading. */
  readonly ended: AbortSignal
}

/** A person waits for it; and of more spans the newest tell as much. */
const LIMITS = { spans: 500_000, milliseconds: 60_000 }

/** Takes a question, reads the traces that answer it, gives their figures. Rejects with a sentence. */
export async function readFigures({ jaegerUrl, range, ended }: FiguresQuestion): Promise<FiguresReport> {
  const api = openJaegerApi({ url: jaegerUrl, isCompressed: true })
  ended.addEventListener('abort', api.close)
  try {
    const parts = { limits: LIMITS, now: () => performance.now(), onProgress: () => {} }
    const reading = readTraces(api, range, parts)
    const summary = createFiguresSummary({ url: jaegerUrl, range })
    for await (const trace of reading.traces) summary.add(trace)
    const outcome = reading.outcome()
    return {
      sinceMs: Math.round(range.fromUs / 1_000),
      untilMs: Math.round(range.untilUs / 1_000),
      traces: outcome.traces,
      spans: outcome.spans,
      services: summary.services(),
      controlPlane: summary.controlPlane(),
      notes: notesOf(outcome),
    }
  } finally {
    ended.removeEventListener('abort', api.close)
    api.close()
  }
}

function notesOf({ shortfalls, completeFromUs }: ReadOutcome): string[] {
  // The flags that are named are those of other commands.
  const lacking = shortfalls.map((text) => text.replace(/ \(--[\w-]+\)$/, ''))
  if (lacking.length === 0) return []
  return [...lacking, `figures are complete from ${new Date(completeFromUs / 1_000).toISOString()} on`]
}
