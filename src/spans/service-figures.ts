import { type Percentiles, percentilesOf } from './percentile.ts'
import { byPlace, compareTexts } from './place-order.ts'
import { type RequestSpan, requestSpans } from './request-spans.ts'
import { routeOf } from './route-of.ts'
import type { Trace } from './span.ts'

/** Figures of the requests that a service answered, or one route of it. */
export interface ServiceFigures extends Percentiles {
  readonly service: string
  /** Undefined: its spans name none. */
  readonly namespace: string | undefined
  /** Undefined: of all routes. */
  readonly route?: string
  readonly requests: number
  readonly errors: number
}

export interface FiguresOf {
  readonly by: 'service' | 'route'
  /** Which requests are counted. */
  readonly isWanted: (request: RequestSpan) => boolean
}

/** Sums traces up one by one, so that none has to be kept. */
export interface FiguresTally {
  /** Takes the next trace. Each may be given once. */
  readonly add: (trace: Trace) => void
  /** Gives the figures so far, by Namespace, service and route. */
  readonly figures: () => ServiceFigures[]
}

/** Takes which requests count and how they are grouped, gives a tally that is empty yet: of each request only its duration is kept. */
export function createFiguresTally({ by, isWanted }: FiguresOf): FiguresTally {
  const groups = new Map<string, Group>()
  return {
    add: (trace) => {
      for (const request of requestSpans(trace).filter(isWanted)) {
        const { span, service, namespace } = request
        const route = by === 'route' ? routeOf(span) : undefined
        const key = JSON.stringify([namespace, service, route])
        const group = groups.get(key) ?? { service, namespace, route, requests: 0, errors: 0, durationsUs: [] }
        groups.set(key, group)
        group.requests++
        if (span.isUnfinished !== true) group.durationsUs.push(span.durationUs)
        if (span.isError) group.errors++
      }
    },
    figures: () => [...groups.values()].toSorted(byName).map(figuresOf),
  }
}

interface Group {
  readonly service: string
  readonly namespace: string | undefined
  readonly route: string | undefined
  requests: number
  errors: number
  readonly durationsUs: number[]
}

function figuresOf({ service, namespace, route, requests, errors, durationsUs }: Group): ServiceFigures {
  return {
    service,
    namespace,
    ...(route !== undefined && { route }),
    requests,
    errors,
    ...percentilesOf(durationsUs),
  }
}

function byName(a: Group, b: Group): number {
  return byPlace(a, b) || compareTexts(a.route ?? '', b.route ?? '')
}
