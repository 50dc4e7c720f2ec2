import { createOverheadTally, type ProxyOverhead } from '../../spans/proxy-overhead.ts'
import { createFiguresTally, type FiguresTally, type ServiceFigures } from '../../spans/service-figures.ts'
import type { Span, Trace } from '../../spans/span.ts'
import type { Slice } from '../read-traces/slice-plan.ts'

/** What some traces come to: of all of the time that is looked at, or of one step of it. */
export interface FiguresPart {
  readonly add: (trace: Trace) => void
  /** By the name that `keyOf` gives. */
  readonly services: () => Map<string, ServicePart>
  readonly controlPlane: () => Map<string, ServicePart>
}

/** A service that answered requests, or whose proxies are seen, or both. */
export interface ServicePart {
  readonly service: string
  readonly namespace: string | undefined
  readonly figures?: ServiceFigures
  readonly overhead?: ProxyOverhead
}

/** Takes a stretch of time, gives a part that no trace has been added to: of each trace the requests count that began within. */
export function createFiguresPart({ fromUs, untilUs }: Slice): FiguresPart {
  const isWithin = ({ startUs }: Span): boolean => startUs >= fromUs && startUs < untilUs
  const tallyOf = (wanted: 'services' | 'control plane'): FiguresTally =>
    createFiguresTally({
      by: 'service',
      isWanted: ({ span, isControlPlane }) => isWithin(span) && isControlPlane === (wanted === 'control plane'),
    })
  const [services, controlPlane] = [tallyOf('services'), tallyOf('control plane')]
  const overheads = createOverheadTally((span) => isWithin(span) && !isOfControlPlane(span))
  return {
    add: (trace) => {
      for (const tally of [services, controlPlane, overheads]) tally.add(trace)
    },
    services: () => joined(services.figures(), overheads.overheads()),
    controlPlane: () => joined(controlPlane.figures(), []),
  }
}

/** As the proxies of its Pods say. */
function isOfControlPlane({ process: { tags } }: Span): boolean {
  return tags['linkerd.io/control-plane-component'] !== undefined
}

function joined(figures: readonly ServiceFigures[], overheads: readonly ProxyOverhead[]): Map<string, ServicePart> {
  const parts = new Map<string, ServicePart>()
  for (const one of figures) parts.set(keyOf(one), { ...placeOf(one), figures: one })
  for (const overhead of overheads) {
    const key = keyOf(overhead)
    parts.set(key, { ...(parts.get(key) ?? placeOf(overhead)), overhead })
  }
  return parts
}

function placeOf({ service, namespace }: ServicePart): Pick<ServicePart, 'service' | 'namespace'> {
  return { service, namespace }
}

function keyOf({ service, namespace }: ServicePart): string {
  return JSON.stringify([namespace, service])
}
