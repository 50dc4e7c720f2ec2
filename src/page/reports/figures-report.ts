/** Of so many seconds figures can be asked for: `api/figures?seconds=…`. */
export const FIGURES_SECONDS = [900, 3_600, 21_600, 86_400] as const

/** How long requests took in a span of time, and what proxies added to them: `api/figures`. Times in microseconds. */
export interface FiguresReport {
  /** Milliseconds since 1970. */
  readonly sinceMs: number
  readonly untilMs: number
  readonly traces: number
  readonly spans: number
  readonly services: readonly ServiceReport[]
  readonly controlPlane: readonly ServiceReport[]
  /** What is not in the figures, each a sentence. */
  readonly notes: readonly string[]
}

export interface ServiceReport {
  readonly service: string
  /** Null where its spans name none. */
  readonly namespace: string | null
  readonly requests: number
  readonly errors: number
  readonly latency: Percentiles
  /** What its proxies added; null where no span tells. */
  readonly inbound: OverheadReport | null
  readonly outbound: OverheadReport | null
  readonly overTime: TimeSeries
  /** Its traces on Jaeger's page. */
  readonly jaegerUrl: string
}

/** Null where there was no request to be measured. */
export interface Percentiles {
  readonly p50Us: number | null
  readonly p95Us: number | null
  readonly p99Us: number | null
}

export interface OverheadReport extends Percentiles {
  readonly requests: number
  /** Requests that it could not be told for, by the reason. */
  readonly withheld: readonly { readonly reason: string; readonly requests: number }[]
}

/** Figures of equal steps of the time; null where nothing was in a step. All lists are of the same length. */
export interface TimeSeries {
  /** Where each step begins, in milliseconds since 1970. */
  readonly startMs: readonly number[]
  readonly requests: readonly number[]
  readonly p50Us: readonly (number | null)[]
  readonly p95Us: readonly (number | null)[]
  readonly p99Us: readonly (number | null)[]
  /** What proxies added, at the 95th percentile. */
  readonly inboundP95Us: readonly (number | null)[]
  readonly outboundP95Us: readonly (number | null)[]
}
