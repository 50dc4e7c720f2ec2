import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A span, as far as Jaeger's search looks at it. Its store keeps nanoseconds. */
export interface StoredSpan {
  readonly service: string
  readonly startNs: bigint
  readonly tags?: Readonly<Record<string, string>>
}

/** All spans of a trace by its ID. */
export type StoredTraces = Readonly<Record<string, readonly StoredSpan[]>>

export interface ServedJaeger {
  readonly url: string
  /** What was asked, path and query. */
  readonly asked: URL[]
  readonly close: () => void
}

export interface ServeOptions {
  /** As the newest Jaegers do; those before refuse a search without service. */
  readonly searchesAll?: boolean
  /** It refuses to look for more traces than that. */
  readonly maxDepth?: number
  /** A trace does not begin with its ID, as Jaeger’s do. */
  readonly idComesLast?: boolean
}

/**
 * Serves a search as Jaeger's store in memory does it: a trace is found by any span of the service that began within both
 * ends; of more than `limit` traces those are given whose first stored span is the newest; the order is any.
 */
export function serveJaeger(traces: StoredTraces, options: ServeOptions = {}): Promise<ServedJaeger> {
  return serve((url, response) => {
    if (url.pathname === '/jaeger/api/services') {
      const names = new Set(
        Object.values(traces)
          .flat()
          .map(({ service }) => service),
      )
      return sendJson(response, 200, { data: names.size === 0 ? null : [...names], errors: null })
    }
    const query = Object.fromEntries(url.searchParams)
    const refusal = refusalOf(query, options)
    if (refusal !== undefined) return sendJson(response, refusal.status, { data: null, errors: [{ msg: refusal.msg }] })
    const data = search(traces, query).map(asJson)
    sendJson(response, 200, { data: options.idComesLast === true ? data.map(reversed) : data, total: 0, errors: null })
  })
}

/** Serves whatever the handler answers. */
export async function serve(handle: (url: URL, response: ServerResponse) => void): Promise<ServedJaeger> {
  const asked: URL[] = []
  const server = createServer((request: IncomingMessage, response) => {
    const url = new URL(request.url ?? '', 'http://jaeger')
    asked.push(url)
    handle(url, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = () => {
    server.close()
    server.closeAllConnections()
  }
  return { url: `http://127.0.0.1:${port}/jaeger`, asked, close }
}

/** Answers with JSON. */
export function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

type Query = Readonly<Record<string, string>>

function refusalOf({ service, limit }: Query, { searchesAll, maxDepth = 1e9 }: ServeOptions) {
  if (!service && searchesAll !== true) return { status: 400, msg: "parameter 'service' is required" }
  if (Number(limit) <= maxDepth) return undefined
  return { status: 500, msg: 'search depth must be greater than 0 and less than max traces' }
}

function search(traces: StoredTraces, { service, start, end, limit, tags = '{}' }: Query) {
  const [from, until] = [BigInt(start ?? 0) * 1000n, BigInt(end ?? 0) * 1000n]
  const wanted = Object.entries(JSON.parse(tags) as Record<string, string>)
  const fits = (span: StoredSpan) =>
    (service === undefined || span.service === service) &&
    span.startNs >= from &&
    span.startNs <= until &&
    wanted.every(([key, value]) => span.tags?.[key] === value)
  const firstOf = ([, [first]]: [string, readonly StoredSpan[]]) => first?.startNs ?? 0n
  const found = Object.entries(traces).filter(([, spans]) => spans.some(fits))
  if (found.length <= Number(limit)) return found
  return found.toSorted((a, b) => Number(firstOf(a) - firstOf(b))).slice(-Number(limit))
}

function asJson([traceID, spans]: [string, readonly StoredSpan[]]) {
  const processes = [...new Set(spans.map(({ service }) => service))]
  return {
    traceID,
    spans: spans.map(({ service, startNs, tags = {} }, index) => ({
      traceID,
      spanID: `${index + 1}`,
      operationName: '/',
      references: [],
      startTime: Number(startNs / 1000n),
      duration: 1,
      tags: Object.entries(tags).map(([key, value]) => ({ key, type: 'string', value })),
      logs: [],
      processID: `p${processes.indexOf(service)}`,
      warnings: null,
    })),
    processes: Object.fromEntries(processes.map((serviceName, index) => [`p${index}`, { serviceName, tags: [] }])),
    warnings: null,
  }
}

function reversed(object: object): object {
  return Object.fromEntries(Object.entries(object).reverse())
}
