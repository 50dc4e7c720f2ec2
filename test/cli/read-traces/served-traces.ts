import type { Span, Trace } from '../../../src/spans/span.ts'
import { type ServedJaeger, sendJson, serve } from './served-jaeger.ts'

/** Serves these traces to whoever searches by time and service, as the newest Jaeger or one before does; what is asked of services says which there are. */
export function serveTraces(traces: readonly Trace[], { searchesAll = true } = {}): Promise<ServedJaeger> {
  return serve(({ pathname, searchParams }, response) => {
    const all = traces.flatMap(({ spans }) => spans.map(({ process: sender }) => sender.service))
    if (pathname.endsWith('/services')) return sendJson(response, 200, { data: [...new Set(all)] })
    const service = searchParams.get('service')
    if (service === null && !searchesAll) return sendJson(response, 400, { errors: [{ msg: 'service is required' }] })
    const [start, end] = ['start', 'end'].map((name) => Number(searchParams.get(name))) as [number, number]
    const fits = (span: Span) =>
      (service === null || span.process.service === service) && span.startUs >= start && span.startUs <= end
    sendJson(response, 200, { data: traces.filter(({ spans }) => spans.some(fits)).map(asJaeger), errors: null })
  })
}

/** Takes a trace, gives it as Jaeger’s API does. */
export function asJaeger({ traceId, spans }: Trace): object {
  const processes = [...new Set(spans.map(({ process: sender }) => sender))]
  return {
    traceID: traceId,
    spans: spans.map((span) => ({
      traceID: traceId,
      spanID: span.spanId,
      operationName: span.operation,
      references: span.parentId === undefined ? [] : [{ refType: 'CHILD_OF', traceID: traceId, spanID: span.parentId }],
      startTime: span.startUs,
      duration: span.durationUs,
      tags: listed({ ...span.tags, ...(span.kind !== undefined && { 'span.kind': span.kind }) }),
      logs: [],
      processID: `p${processes.indexOf(span.process) + 1}`,
      warnings: null,
    })),
    processes: Object.fromEntries(
      processes.map(({ service, tags }, index) => [`p${index + 1}`, { serviceName: service, tags: listed(tags) }]),
    ),
    warnings: null,
  }
}

function listed(tags: Readonly<Record<string, string>>): object[] {
  return Object.entries(tags).map(([key, value]) => ({ key, type: 'string', value }))
}
