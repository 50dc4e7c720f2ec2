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
  const { fromUs, untilUs } = jaeger.range
  const widthUs = (untilUs - fromUs) / STEPS
  const all = createFiguresPart()
  const steps = Array.from({ length: STEPS }, createFiguresPart)
  const startMs = steps.map((_step, index) => Math.round((fromUs + index * widthUs) / 1_000))
  const reports = (partsOf: (part: FiguresPart) => Map<string, ServicePart>): ServiceReport[] => {
    const ofSteps = steps.map(partsOf)
    return [...partsOf(all)].map(([key, part]) =>
      serviceReport({ all: part, steps: ofSteps.map((step) => step.get(key)), startMs }, jaeger),
    )
  }
  return {
    add: (trace) => {
      all.add(trace)
      // What began before, or on a node whose clock is ahead, counts at the edge.
      const step = Math.floor((beginOf(trace) - fromUs) / widthUs)
      steps[Math.max(0, Math.min(STEPS - 1, step))]?.add(trace)
    },
    services: () => reports((part) => part.services()),
    controlPlane: () => reports((part) => part.controlPlane()),
  }
}

function beginOf({ spans }: Trace): number {
  return spans.reduce((first, { startUs }) => Math.min(first, startUs), Number.POSITIVE_INFINITY)
}
