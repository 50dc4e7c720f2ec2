import { isJsonObject, type JsonObject, listOf, objectOf, textOf } from '../injection/json.ts'
import { jaegerTimes } from './jaeger-times.ts'
import { SPAN_KINDS, type Span, type SpanKind, type SpanProcess, type Trace } from './span.ts'
import { isErrorSpan } from './span-error.ts'

/** What was read is no trace of Jaeger: which field has which value, and the rule that it breaks. */
export class InvalidTraceError extends Error {
  override readonly name = 'InvalidTraceError'
}

/** Takes one trace of the list `data` that Jaeger's `/api/traces` answers with, gives it. Throws InvalidTraceError. Pure. */
export function parseJaegerTrace(json: unknown): Trace {
  if (!isJsonObject(json)) throw invalid('trace', json, 'must be an object')
  const traceId = idOf(json, 'traceID')
  const processes = processesOf(json)
  const spans = listOf(json, 'spans').map((span) => {
    if (!isJsonObject(span)) throw invalid('spans[]', span, 'must be an object')
    return spanOf(span, { traceId, process: processes.get(textOf(span, 'processID') ?? '') ?? NOBODY })
  })
  return { traceId, spans }
}

/** Of a span whose process Jaeger does not have. */
const NOBODY: SpanProcess = { service: '', tags: tagsOf([]) }

function processesOf(json: JsonObject): ReadonlyMap<string, SpanProcess> {
  const processes = Object.entries(objectOf(json, 'processes') ?? {})
  return new Map(
    processes.map(([id, process]) => {
      const known = isJsonObject(process) ? process : undefined
      return [id, { service: textOf(known, 'serviceName') ?? '', tags: tagsOf(listOf(known, 'tags')) }]
    }),
  )
}

function spanOf(json: JsonObject, { traceId, process }: Pick<Span, 'traceId' | 'process'>): Span {
  const tags = tagsOf(listOf(json, 'tags'))
  return {
    traceId,
    spanId: idOf(json, 'spanID'),
    parentId: parentOf(json, traceId),
    operation: textOf(json, 'operationName') ?? '',
    kind: kindOf(tags['span.kind']),
    ...jaegerTimes(json, invalid),
    isError: isErrorSpan(tags),
    tags,
    process,
  }
}

/** As Jaeger itself takes it: the first CHILD_OF within the trace, else the first FOLLOWS_FROM. */
function parentOf(json: JsonObject, traceId: string): string | undefined {
  const within = listOf(json, 'references')
    .filter(isJsonObject)
    .filter((reference) => textOf(reference, 'traceID') === traceId)
  const parent = within.find((reference) => textOf(reference, 'refType') === 'CHILD_OF') ?? within[0]
  const id = textOf(parent, 'spanID')
  // OpenCensus writes eight zero bytes where there is no parent.
  return id === undefined || /^0*$/.test(id) ? undefined : id
}

function kindOf(text: string | undefined): SpanKind | undefined {
  return SPAN_KINDS.find((kind) => kind === text)
}

function tagsOf(list: readonly unknown[]): Readonly<Record<string, string>> {
  const tags: Record<string, string> = Object.create(null)
  for (const tag of list) {
    const key = isJsonObject(tag) ? textOf(tag, 'key') : undefined
    if (key !== undefined) tags[key] = textOfValue((tag as JsonObject)['value'])
  }
  return tags
}

function textOfValue(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function idOf(json: JsonObject, field: string): string {
  const id = textOf(json, field)
  if (id === undefined || !/^[0-9a-f]{1,32}$/.test(id)) throw invalid(field, json[field], 'must be hexadecimal')
  return id
}

function invalid(field: string, value: unknown, rule: string): InvalidTraceError {
  return new InvalidTraceError(`${field} = ${JSON.stringify(value)?.slice(0, 60)}: ${rule}`)
}
