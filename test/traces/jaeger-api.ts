/** A span as Jaeger's API gives it, with tags as an object and its process put in. Times are microseconds. */
export interface StoredSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string | undefined
  readonly service: string
  readonly name: string
  readonly start: number
  readonly duration: number
  readonly tags: Tags
  readonly processTags: Tags
  readonly logs: ReadonlyArray<{ readonly timestamp: number; readonly fields: Tags }>
  /** Spans of other traces that it refers to. */
  readonly followsFrom: readonly string[]
}

type Tags = Readonly<Record<string, string | number | boolean>>

/** Asks Jaeger for the traces of a service; `base` is the URL of its page. */
export async function tracesOf(base: string, service: string): Promise<StoredSpan[]> {
  return spansOf(await askForTraces(base, service))
}

/** Asks Jaeger for the names of all services. */
export async function servicesOf(base: string): Promise<string[]> {
  const { data } = (await ask(`${base}/api/services`)) as { data: string[] | null }
  return data ?? []
}

/** All that the API tells of a service, as the text that a browser would get. */
export async function textOfTraces(base: string, service: string): Promise<string> {
  return JSON.stringify(await askForTraces(base, service))
}

/** Takes an answer of `/api/traces`, gives all of its spans. */
export function spansOf(answer: unknown): StoredSpan[] {
  const { data } = answer as { data: RawTrace[] | null }
  return (data ?? []).flatMap(({ spans, processes }) => spans.map((span) => storedSpan(span, processes)))
}

/** Of any time: without one Jaeger looks back for two days only, and spans that were recorded once are older. */
function askForTraces(base: string, service: string): Promise<unknown> {
  const hourFromNow = (Date.now() + 3_600_000) * 1000
  const query = { service, limit: '1500', start: '1', end: `${hourFromNow}` }
  return ask(`${base}/api/traces?${new URLSearchParams(query)}`)
}

async function ask(url: string): Promise<unknown> {
  // A connection that is kept alive would keep Jaeger from ending for ten seconds.
  const answer = await fetch(url, { headers: { connection: 'close' } })
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`)
  return answer.json()
}

// What Jaeger itself adds to a span, in some of its versions.
const OWN_TAG = 'internal.span.format'

function storedSpan(span: RawSpan, processes: RawTrace['processes']): StoredSpan {
  const { serviceName = '', tags } = processes[span.processID] ?? {}
  return {
    traceId: span.traceID,
    spanId: span.spanID,
    parentSpanId: span.references.find(({ refType }) => refType === 'CHILD_OF')?.spanID,
    service: serviceName,
    name: span.operationName,
    start: span.startTime,
    duration: span.duration,
    tags: tagsOf(span.tags?.filter(({ key }) => key !== OWN_TAG)),
    processTags: tagsOf(tags),
    logs: span.logs.map(({ timestamp, fields }) => ({ timestamp, fields: tagsOf(fields) })),
    followsFrom: span.references.filter(({ refType }) => refType === 'FOLLOWS_FROM').map(({ spanID }) => spanID),
  }
}

function tagsOf(tags: readonly RawTag[] | null | undefined): Tags {
  return Object.fromEntries((tags ?? []).map(({ key, value }) => [key, value]))
}

interface RawTrace {
  readonly spans: readonly RawSpan[]
  readonly processes: Readonly<Record<string, { readonly serviceName?: string; readonly tags?: readonly RawTag[] }>>
}
interface RawSpan {
  readonly traceID: string
  readonly spanID: string
  readonly operationName: string
  readonly references: ReadonlyArray<{ readonly refType: string; readonly spanID: string }>
  readonly startTime: number
  readonly duration: number
  readonly tags: readonly RawTag[] | null
  readonly logs: ReadonlyArray<{ readonly timestamp: number; readonly fields: readonly RawTag[] }>
  readonly processID: string
}
interface RawTag {
  readonly key: string
  readonly value: string | number | boolean
}
