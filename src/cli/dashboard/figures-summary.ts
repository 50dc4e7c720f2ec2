import type { ServiceReport } from '../../page/reports/figures-report.ts'
import type { Trace } from '../../spans/span.ts'
import { createFiguresPart, type FiguresPart, type ServicePart } from './figures-part.ts'
import { serviceReport, type TracesPage } from './service-report.ts'

/** What traces come to, as the page shows it: one trace after the other is added. */
export interface FiguresSummary {
  readonly add: (trace: Trace) => void
  readonly services: () => ServiceReport[]
  readonly controlPlane: () => ServiceReport[]
}

/** Enough to see when something changed, few enough for each to have some requests. */
const STEPS = 30

/** Takes where Jaeger's page is, and the time that is looked at, gives a summary of no traces yet. */
export function createFiguresSummary(jaeger: TracesPage): FiguresSummary {
  const { range } = jaeger
  const stepUs = (range.untilUs - range.fromUs) / STEPS
  const beginOf = (step: number): number => Math.round(range.fromUs + step * stepUs)
  const all = createFiguresPart(range)
  const steps = Array.from({ length: STEPS }, (_none, step) =>
    createFiguresPart({ fromUs: beginOf(step), untilUs: beginOf(step + 1) }),
  )
  const startMs = steps.map((_part, step) => Math.round(beginOf(step) / 1_000))
  const reports = (partsOf: (part: FiguresPart) => Map<string, ServicePart>): ServiceReport[] => {
    const ofSteps = steps.map(partsOf)
    return [...partsOf(all)].map(([key, part]) =>
      serviceReport({ all: part, steps: ofSteps.map((step) => step.get(key)), startMs }, jaeger),
    )
  }
  return {
    add: (trace) => {
      all.add(trace)
      const starts = trace.spans.map(({ startUs }) => Math.floor((startUs - range.fromUs) / stepUs))
      // Each knows what of the trace is its own.
      for (const step of new Set(starts)) steps[step]?.add(trace)
    },
    services: () => reports((part) => part.services()),
    controlPlane: () => reports((part) => part.controlPlane()),
  }
}
