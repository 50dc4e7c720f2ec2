import { type Direction, spanOrigin } from './proxy-span.ts'
import type { Span, Trace } from './span.ts'
import { answerStatusOf } from './span-error.ts'

/** What one proxy added to one request, or why that cannot be said. */
export type RequestOverhead = {
  /** The proxy’s server span; one of its client spans where that is missing. */
  readonly span: Span
  readonly direction: Direction
} & ({ readonly addedUs: number } | { readonly withheld: WithheldReason })

/** Why a request has no figure, each with its sentence; in the order in which they are looked for. */
export const WITHHELD_REASONS = {
  'no-server-span': 'only the spans of what the proxy waited for have arrived, not the one of the whole request',
  'no-client-span': 'the proxy handed the request to nobody (refused, no endpoint), or that span has not arrived',
  'no-end': 'one of its spans says that it ended before it began',
  'missing-try': 'no try has the status that the caller got: the span of at least one has not arrived',
  'overlapping-tries': 'its tries overlap, but a proxy makes one after the other: their times were changed',
  'longer-tries': 'its tries took longer than the whole request: the clock was set meanwhile, or the caller gave up',
} as const
export type WithheldReason = keyof typeof WITHHELD_REASONS

/**
 * Takes a trace, gives for each request to a proxy what that proxy added: the time of its server span in which none of its
 * client spans ran. Only durations by one clock are compared, so clocks of other nodes do not matter. Pure.
 */
export function requestOverheads({ spans }: Trace): RequestOverhead[] {
  const servers = new Map<string, ProxySpan>()
  const clients = new Map<string, ProxySpan>()
  for (const span of spans) {
    const origin = spanOrigin(span)
    if (origin.from !== 'proxy') continue
    // By its id: an exporter that saw no answer sends a span again.
    const byId = origin.side === 'server' ? servers : clients
    byId.set(span.spanId, { span, direction: origin.direction })
  }
  const tries = Map.groupBy(clients.values(), ({ span }) => span.parentId)
  const measured = [...servers.values()].map(({ span, direction }) => {
    const own = (tries.get(span.spanId) ?? []).map((tried) => tried.span)
    tries.delete(span.spanId)
    return { span, direction, ...overheadOf(span, own) }
  })
  const lonely = [...tries.values()].map(([first]) => {
    const { span, direction } = first as ProxySpan
    return { span, direction, withheld: 'no-server-span' as const }
  })
  return [...measured, ...lonely]
}

interface ProxySpan {
  readonly span: Span
  readonly direction: Direction
}

function overheadOf(
  server: Span,
  tries: readonly Span[],
): { readonly addedUs: number } | { readonly withheld: WithheldReason } {
  if (tries.length === 0) return { withheld: 'no-client-span' }
  if ([server, ...tries].some((span) => span.isUnfinished)) return { withheld: 'no-end' }
  if (lacksLastTry(server, tries)) return { withheld: 'missing-try' }
  if (doOverlap(tries)) return { withheld: 'overlapping-tries' }
  // One after the other, so they may be summed up; that holds wherever Jaeger has moved them to.
  const addedUs = tries.reduce((rest, { durationUs }) => rest - durationUs, server.durationUs)
  return addedUs < 0 ? { withheld: 'longer-tries' } : { addedUs }
}

/** A try without status had no answer; then the caller's is the proxy's own. */
function lacksLastTry(server: Span, tries: readonly Span[]): boolean {
  const status = answerStatusOf(server.tags)
  const tried = tries.map(({ tags }) => answerStatusOf(tags))
  return status !== undefined && !tried.includes(undefined) && !tried.includes(status)
}

/** Start, duration, and how far Jaeger has moved it are each cut to a microsecond. */
const ROUNDED_US = 2

function doOverlap(tries: readonly Span[]): boolean {
  const inOrder = tries.toSorted((a, b) => a.startUs - b.startUs)
  return inOrder.some(({ startUs }, index) => {
    const before = inOrder[index - 1]
    return before !== undefined && before.startUs + before.durationUs > startUs + ROUNDED_US
  })
}
