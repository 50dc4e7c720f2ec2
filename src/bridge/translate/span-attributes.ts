import { ATTRIBUTE_VALUE, ATTRIBUTES, SPAN as CENSUS_SPAN, TRUNCATABLE_STRING } from '../opencensus/tags.ts'
import { KEY_VALUE, SPAN, SPAN_KIND } from '../otlp/tags.ts'
import type { MessageFields } from '../wire/message-fields.ts'
import { copyAttribute, copyValue, enterValue, type MapEntry, readCount, readMapEntry } from './attribute.ts'
import type { Transcription } from './transcription.ts'

/** What attributes say that is a field of its own in OTLP. */
export interface SpanHints {
  readonly droppedAttributes: number
  /** Of `span.kind`, for kinds that OpenCensus does not have. */
  readonly kind: number | undefined
  /** Of `otel.status_code`, by which the collector's own OpenCensus exporter kept an OTLP status. */
  readonly statusCode: number | undefined
}

/** OpenTelemetry's compatibility page for OpenCensus renames this one alone. */
const HTTP_PATH = 'http.path'
const HTTP_TARGET = 'http.target'
const HTTP_TARGET_BYTES = new TextEncoder().encode(HTTP_TARGET)

const KINDS = new Map([
  ['internal', SPAN_KIND.internal],
  ['producer', SPAN_KIND.producer],
  ['consumer', SPAN_KIND.consumer],
])

/** Attributes that are written for a field of the span: a client's own of that name would be there twice. */
const WRITTEN_FOR = new Map([
  ['opencensus.same_process_as_parent_span', CENSUS_SPAN.sameProcessAsParentSpan],
  ['opencensus.child_span_count', CENSUS_SPAN.childSpanCount],
  ['opencensus.status_code', CENSUS_SPAN.status],
  ['opencensus.stack_trace_hash_id', CENSUS_SPAN.stackTrace],
  ['code.stacktrace', CENSUS_SPAN.stackTrace],
])

const SPECIAL = [HTTP_PATH, HTTP_TARGET, 'span.kind', 'otel.status_code', ...WRITTEN_FOR.keys()].map((name) => ({
  name,
  bytes: new TextEncoder().encode(name),
}))

/** Copies the attributes of the span whose fields are given, and takes out those that mean a field of OTLP. */
export function copySpanAttributes(transcription: Transcription, fields: MessageFields): SpanHints {
  const { cursor } = transcription
  const hints = { droppedAttributes: 0, kind: undefined, statusCode: undefined }
  const copier = new SpanAttributeCopier(transcription, fields)
  fields.enter(CENSUS_SPAN.attributes)
  const limit = cursor.end
  for (let at = cursor.start; at < limit; ) {
    at = cursor.next(at, limit)
    if (cursor.tag === ATTRIBUTES.attributeMap) copier.copy(readMapEntry(cursor))
    else if (cursor.tag === ATTRIBUTES.droppedAttributesCount) hints.droppedAttributes = readCount(cursor)
  }
  copier.finish()
  return { ...hints, kind: copier.kind, statusCode: copier.statusCode }
}

class SpanAttributeCopier {
  kind: number | undefined
  statusCode: number | undefined
  #path: MapEntry | undefined
  #hasTarget = false
  readonly #transcription: Transcription
  readonly #fields: MessageFields

  constructor(transcription: Transcription, fields: MessageFields) {
    this.#transcription = transcription
    this.#fields = fields
  }

  copy(entry: MapEntry): void {
    if (!this.#take(entry)) copyAttribute(this.#transcription, SPAN.attributes, entry)
  }

  /** `http.path` waits for the end: beside a client's own `http.target` it keeps its name. */
  finish(): void {
    if (this.#path === undefined) return
    if (this.#hasTarget) copyAttribute(this.#transcription, SPAN.attributes, this.#path)
    else this.#copyAsTarget(this.#path)
  }

  #copyAsTarget(path: MapEntry): void {
    const { writer } = this.#transcription
    const pair = writer.open(SPAN.attributes)
    writer.byte(KEY_VALUE.key)
    writer.sized(HTTP_TARGET_BYTES)
    copyValue(this.#transcription, path)
    writer.close(pair)
  }

  /** Gives whether the attribute is no attribute of OTLP's span, or not yet. */
  #take(entry: MapEntry): boolean {
    const name = specialName(this.#transcription.cursor.bytes, entry)
    switch (name) {
      case undefined:
        return false
      case HTTP_PATH:
        this.#path = entry
        return true
      case HTTP_TARGET:
        this.#hasTarget = true
        return false
      case 'span.kind':
        this.kind = this.#fields.has(CENSUS_SPAN.kind) ? undefined : KINDS.get(this.#textOf(entry))
        return this.kind !== undefined
      case 'otel.status_code':
        this.statusCode = this.#fields.has(CENSUS_SPAN.status) ? this.#statusCodeOf(entry) : undefined
        return this.statusCode !== undefined
      default:
        return this.#fields.has(WRITTEN_FOR.get(name) ?? 0)
    }
  }

  #textOf({ valueStart, valueEnd }: MapEntry): string {
    const { cursor } = this.#transcription
    cursor.select(valueStart, valueEnd)
    if (enterValue(cursor) !== ATTRIBUTE_VALUE.stringValue) return ''
    cursor.enter(TRUNCATABLE_STRING.value)
    return new TextDecoder().decode(cursor.bytes.subarray(cursor.start, cursor.end))
  }

  #statusCodeOf({ valueStart, valueEnd }: MapEntry): number | undefined {
    const { cursor } = this.#transcription
    cursor.select(valueStart, valueEnd)
    const code = enterValue(cursor) === ATTRIBUTE_VALUE.intValue ? cursor.int64() : -1
    return code >= 0 && code <= 2 ? code : undefined
  }
}

function specialName(bytes: Uint8Array, { keyStart, keyEnd }: MapEntry): string | undefined {
  for (const special of SPECIAL) {
    if (special.bytes.length === keyEnd - keyStart && isThere(special.bytes, bytes, keyStart)) return special.name
  }
  return undefined
}

/** From the end: names of a family differ there. */
function isThere(name: Uint8Array, bytes: Uint8Array, start: number): boolean {
  for (let at = name.length - 1; at >= 0; at--) if (name[at] !== bytes[start + at]) return false
  return true
}
