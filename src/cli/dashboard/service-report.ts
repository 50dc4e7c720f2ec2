import type { OverheadReport, Percentiles, ServiceReport, TimeSeries } from '../../page/reports/figures-report.ts'
import type { Percentiles as KnownPercentiles } from '../../spans/percentile.ts'
import type { OverheadFigures } from '../../spans/proxy-overhead.ts'
import { WITHHELD_REASONS } from '../../spans/request-overhead.ts'
import type { Slice } from '../read-traces/slice-plan.ts'
import type { ServicePart } from './figures-part.ts'

export interface ServiceOverTime {
  readonly all: ServicePart
  /** Of each step; undefined where nothing is known of the service. */
  readonly steps: readonly (ServicePart | undefined)[]
  readonly startMs: readonly number[]
}

export interface TracesPage {
  /** Of Jaeger's page. */
  readonly url: string
  readonly range: Slice
}

/** Takes what is known of a service, gives it as the page shows it. Pure. */
export function serviceReport({ all, steps, startMs }: ServiceOverTime, jaeger: TracesPage): ServiceReport {
  const { service, namespace, figures, overhead } = all
  return {
    service,
    namespace: namespace ?? null,
    requests: figures?.requests ?? 0,
    errors: figures?.errors ?? 0,
    latency: percentilesOf(figures),
    inbound: overheadReport(overhead?.inbound),
    outbound: overheadReport(overhead?.outbound),
    overTime: timeSeries(steps, startMs),
    jaegerUrl: searchUrl(service, jaeger),
  }
}

function timeSeries(steps: ServiceOverTime['steps'], startMs: readonly number[]): TimeSeries {
  return {
    startMs,
    requests: steps.map((step) => step?.figures?.requests ?? 0),
    p50Us: steps.map((step) => figureOf(step?.figures?.p50Us)),
    p95Us: steps.map((step) => figureOf(step?.figures?.p95Us)),
    p99Us: steps.map((step) => figureOf(step?.figures?.p99Us)),
    inboundP95Us: steps.map((step) => figureOf(step?.overhead?.inbound?.p95Us)),
    outboundP95Us: steps.map((step) => figureOf(step?.overhead?.outbound?.p95Us)),
  }
}

function overheadReport(figures: OverheadFigures | undefined): OverheadReport | null {
  if (figures === undefined) return null
  const withheld = figures.withheld.map(({ reason, requests }) => ({ reason: WITHHELD_REASONS[reason], requests }))
  return { requests: figures.requests, withheld, ...percentilesOf(figures) }
}

function percentilesOf(known: KnownPercentiles | undefined): Percentiles {
  return { p50Us: figureOf(known?.p50Us), p95Us: figureOf(known?.p95Us), p99Us: figureOf(known?.p99Us) }
}

/** NaN stands for what was never measured, and JSON has no NaN. */
function figureOf(us: number | undefined): number | null {
  return us === undefined || Number.isNaN(us) ? null : us
}

/** As the search of Jaeger's page names it. */
function searchUrl(service: string, { url, range }: TracesPage): string {
  const query = new URLSearchParams({
    service,
    lookback: 'custom',
    start: String(range.fromUs),
    end: String(range.untilUs),
    limit: '20',
  })
  return `${url.replace(/\/+$/, '')}/search?${query}`
}
