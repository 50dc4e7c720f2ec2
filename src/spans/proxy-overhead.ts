import { type Percentiles, percentilesOf } from './percentile.ts'
import { byPlace } from './place-order.ts'
import { type Direction, namespaceOf } from './proxy-span.ts'
import { type RequestOverhead, requestOverheads, WITHHELD_REASONS, type WithheldReason } from './request-overhead.ts'
import type { Span, SpanProcess, Trace } from './span.ts'

/** What the proxies of a service add to its requests: to those that it gets, and to those that it makes. */
export interface ProxyOverhead {
  readonly service: string
  readonly namespace: string | undefined
  readonly inbound?: OverheadFigures
  readonly outbound?: OverheadFigures
}

/** Of the requests that could be measured; NaN where there are none. */
export interface OverheadFigures extends Percentiles {
  readonly requests: number
  readonly withheld: readonly Withheld[]
}

export interface Withheld {
  readonly reason: WithheldReason
  readonly requests: number
}

/** Sums traces up one by one, so that none has to be kept. */
export interface OverheadTally {
  /** Takes the next trace. Each may be given once. */
  readonly add: (trace: Trace) => void
  /** Gives the services so far, by Namespace and name. */
  readonly overheads: () => ProxyOverhead[]
}

/** Takes which requests count, by a span of the proxy’s, gives a tally that is empty yet. */
export function createOverheadTally(isWanted: (span: Span) => boolean = () => true): OverheadTally {
  const services = new Map<string, ServiceTally>()
  return {
    add: (trace) => {
      for (const request of requestOverheads(trace)) {
        if (isWanted(request.span)) tallyOf(services, request.span.process)[request.direction].push(measureOf(request))
      }
    },
    overheads: () => [...services.values()].toSorted(byPlace).map(overheadOfService),
  }
}

interface ServiceTally extends Readonly<Record<Direction, (number | WithheldReason)[]>> {
  readonly service: string
  readonly namespace: string | undefined
}

function tallyOf(services: Map<string, ServiceTally>, process: SpanProcess): ServiceTally {
  const { service } = process
  const namespace = namespaceOf(process)
  const key = JSON.stringify([namespace, service])
  const tally = services.get(key) ?? { service, namespace, inbound: [], outbound: [] }
  services.set(key, tally)
  return tally
}

function measureOf(request: RequestOverhead): number | WithheldReason {
  return 'addedUs' in request ? request.addedUs : request.withheld
}

function overheadOfService({ service, namespace, inbound, outbound }: ServiceTally): ProxyOverhead {
  return {
    service,
    namespace,
    ...(inbound.length > 0 && { inbound: figuresOf(inbound) }),
    ...(outbound.length > 0 && { outbound: figuresOf(outbound) }),
  }
}

function figuresOf(measures: readonly (number | WithheldReason)[]): OverheadFigures {
  const addedUs = measures.filter((measure) => typeof measure === 'number')
  const reasons = Object.keys(WITHHELD_REASONS) as WithheldReason[]
  const withheld = reasons.map((reason) => ({
    reason,
    requests: measures.filter((measure) => measure === reason).length,
  }))
  return {
    requests: addedUs.length,
    withheld: withheld.filter(({ requests }) => requests > 0),
    ...percentilesOf(addedUs),
  }
}
