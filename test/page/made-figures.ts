import type { FiguresReport, OverheadReport, ServiceReport } from '../../src/page/reports/figures-report.ts'

export interface MadeService {
  readonly namespace?: string | null
  readonly requests: number
  readonly errors: number
  readonly p50Us: number
  readonly inboundUs?: number
  readonly outboundUs?: number
}

const UNTIL_MS = Date.UTC(2026, 10, 28, 12)
const STEP_MS = 120_000
const STEPS = 30

/** A service whose figures go up and down within the hour; in one step there was nothing. */
export function madeService(service: string, made: MadeService): ServiceReport {
  const { namespace = 'shop', requests, errors, p50Us, inboundUs, outboundUs } = made
  const overTime = (us: number | undefined) =>
    Array.from({ length: STEPS }, (_none, step) =>
      us === undefined || step === 7 ? null : Math.round(us * (1 + Math.sin(step / 3) / 3)),
    )
  return {
    service,
    namespace,
    requests,
    errors,
    latency: { p50Us, p95Us: p50Us * 4, p99Us: p50Us * 9 },
    inbound: overheadOf(requests, inboundUs),
    outbound: overheadOf(requests, outboundUs),
    overTime: {
      startMs: Array.from({ length: STEPS }, (_none, step) => UNTIL_MS - (STEPS - step) * STEP_MS),
      requests: Array.from({ length: STEPS }, (_none, step) => (step === 7 ? 0 : Math.ceil(requests / STEPS))),
      p50Us: overTime(p50Us),
      p95Us: overTime(p50Us * 4),
      p99Us: overTime(p50Us * 9),
      inboundP95Us: overTime(inboundUs),
      outboundP95Us: overTime(outboundUs),
    },
    jaegerUrl: `http://127.0.0.1:16686/jaeger/search?service=${service}`,
  }
}

function overheadOf(requests: number, p95Us: number | undefined): OverheadReport | null {
  if (p95Us === undefined) return null
  const withheld = [{ reason: 'the span of at least one try has not arrived', requests: 3 }]
  return { requests: requests - 3, withheld, p50Us: Math.ceil(p95Us / 3), p95Us, p99Us: p95Us * 2 }
}

/** A report of an hour with these services. */
export function madeFigures(
  services: readonly ServiceReport[],
  more: Partial<Omit<FiguresReport, 'services'>> = {},
): FiguresReport {
  const spans = services.reduce((sum, { requests }) => sum + requests * 4, 0)
  const within = { sinceMs: UNTIL_MS - STEPS * STEP_MS, untilMs: UNTIL_MS }
  return { ...within, traces: spans / 8, spans, services, controlPlane: [], notes: [], ...more }
}
