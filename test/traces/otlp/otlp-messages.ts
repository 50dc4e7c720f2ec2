import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import protobuf from 'protobufjs'

/** Texts stay texts; whole numbers are bigint, so that a double of 1 and an integer 1 can be told apart. */
export type OtlpValue =
  | string
  | boolean
  | number
  | bigint
  | readonly OtlpValue[]
  | { readonly [key: string]: OtlpValue }
export type Attributes = Readonly<Record<string, OtlpValue>>

export interface OtlpSpan {
  /** Hexadecimal, as all ids. */
  readonly traceId: string
  readonly spanId: string
  /** Empty: none. */
  readonly parentSpanId: string
  readonly traceState?: string
  readonly name: string
  /** 1 internal, 2 server, 3 client. */
  readonly kind: number
  /** Unix time in nanoseconds. */
  readonly start: bigint
  readonly end: bigint
  readonly attributes: Attributes
  readonly events: ReadonlyArray<{ readonly nanos: bigint; readonly name: string; readonly attributes: Attributes }>
  readonly links: ReadonlyArray<{ readonly traceId: string; readonly spanId: string; readonly attributes: Attributes }>
  /** 0 unset, 1 OK, 2 error. */
  readonly status: { readonly code: number; readonly message: string }
}

/** Spans of one resource, as one exporter sends them. */
export interface ResourceSpans {
  readonly resource: Attributes
  /** Attributes of the library that made the spans; most have none. */
  readonly scope?: Attributes
  readonly spans: readonly OtlpSpan[]
}

const { root } = protobuf.parse(readFileSync(join(import.meta.dirname, 'otlp.proto'), 'utf8'))
const REQUEST = root.lookupType('ExportTraceServiceRequest')
const COUNTED = root.lookupType('CountedRequest')

/** Gives the bytes of an ExportTraceServiceRequest. */
export function encodeRequest(all: readonly ResourceSpans[]): Buffer {
  const resourceSpans = all.map(({ resource, scope = {}, spans }) => ({
    resource: { attributes: keyValues(resource) },
    scopeSpans: [{ scope: { attributes: keyValues(scope) }, spans: spans.map(encodable) }],
  }))
  return Buffer.from(REQUEST.encode(REQUEST.fromObject({ resourceSpans })).finish())
}

/** Takes the bytes of an ExportTraceServiceRequest, gives its spans by resource and scope. */
export function decodeRequest(bytes: Uint8Array): ResourceSpans[] {
  const { resourceSpans = [] } = REQUEST.toObject(REQUEST.decode(bytes), { longs: String }) as RawRequest
  return resourceSpans.flatMap(({ resource, scopeSpans = [] }) =>
    scopeSpans.map(({ scope, spans = [] }) => ({
      resource: attributesOf(resource?.attributes),
      ...(scope?.attributes?.length && { scope: attributesOf(scope.attributes) }),
      spans: spans.map(readable),
    })),
  )
}

/** Takes the bytes of an ExportTraceServiceRequest, gives the ids of its spans, quickly. */
export function spanIdsOf(bytes: Uint8Array): string[] {
  const { resourceSpans } = COUNTED.decode(bytes) as unknown as CountedRequest
  return resourceSpans.flatMap((one) => one.scopeSpans.flatMap(({ spans }) => spans.map(({ spanId }) => hex(spanId))))
}

function encodable(span: OtlpSpan): object {
  return {
    ...span,
    traceId: bytes(span.traceId),
    spanId: bytes(span.spanId),
    parentSpanId: bytes(span.parentSpanId),
    startTimeUnixNano: `${span.start}`,
    endTimeUnixNano: `${span.end}`,
    attributes: keyValues(span.attributes),
    events: span.events.map(({ nanos, name, attributes }) => ({
      timeUnixNano: `${nanos}`,
      name,
      attributes: keyValues(attributes),
    })),
    links: span.links.map(({ traceId, spanId, attributes }) => ({
      traceId: bytes(traceId),
      spanId: bytes(spanId),
      attributes: keyValues(attributes),
    })),
  }
}

function readable(span: RawSpan): OtlpSpan {
  return {
    traceId: hex(span.traceId),
    spanId: hex(span.spanId),
    parentSpanId: hex(span.parentSpanId),
    traceState: span.traceState ?? '',
    name: span.name ?? '',
    kind: span.kind ?? 0,
    start: BigInt(span.startTimeUnixNano ?? 0),
    end: BigInt(span.endTimeUnixNano ?? 0),
    attributes: attributesOf(span.attributes),
    events: (span.events ?? []).map(({ timeUnixNano = 0, name = '', attributes }) => ({
      nanos: BigInt(timeUnixNano),
      name,
      attributes: attributesOf(attributes),
    })),
    links: (span.links ?? []).map(({ traceId, spanId, attributes }) => ({
      traceId: hex(traceId),
      spanId: hex(spanId),
      attributes: attributesOf(attributes),
    })),
    status: { code: span.status?.code ?? 0, message: span.status?.message ?? '' },
  }
}

function keyValues(attributes: Attributes): object[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }))
}

function anyValue(value: OtlpValue): object {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'bigint') return { intValue: `${value}` }
  if (typeof value === 'number') return { doubleValue: value }
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } }
  return { kvlistValue: { values: keyValues(value as Attributes) } }
}

function attributesOf(keyValues: readonly RawKeyValue[] = []): Attributes {
  return Object.fromEntries(keyValues.map(({ key = '', value }) => [key, plainValue(value)]))
}

function plainValue(value: RawValue | undefined): OtlpValue {
  if (value?.intValue !== undefined) return BigInt(value.intValue)
  if (value?.arrayValue !== undefined) return (value.arrayValue.values ?? []).map(plainValue)
  if (value?.kvlistValue !== undefined) return attributesOf(value.kvlistValue.values)
  return value?.stringValue ?? value?.boolValue ?? value?.doubleValue ?? ''
}

function bytes(text: string): Buffer {
  return Buffer.from(text, 'hex')
}

function hex(id: Uint8Array = new Uint8Array()): string {
  return Buffer.from(id.buffer, id.byteOffset, id.byteLength).toString('hex')
}

interface RawRequest {
  readonly resourceSpans?: ReadonlyArray<{
    readonly resource?: { readonly attributes?: readonly RawKeyValue[] }
    readonly scopeSpans?: ReadonlyArray<{
      readonly scope?: { readonly attributes?: readonly RawKeyValue[] }
      readonly spans?: readonly RawSpan[]
    }>
  }>
}
interface RawSpan {
  readonly traceId?: Uint8Array
  readonly spanId?: Uint8Array
  readonly parentSpanId?: Uint8Array
  readonly traceState?: string
  readonly name?: string
  readonly kind?: number
  readonly startTimeUnixNano?: string
  readonly endTimeUnixNano?: string
  readonly attributes?: readonly RawKeyValue[]
  readonly events?: ReadonlyArray<{ timeUnixNano?: string; name?: string; attributes?: readonly RawKeyValue[] }>
  readonly links?: ReadonlyArray<{ traceId?: Uint8Array; spanId?: Uint8Array; attributes?: readonly RawKeyValue[] }>
  readonly status?: { readonly code?: number; readonly message?: string }
}
interface RawKeyValue {
  readonly key?: string
  readonly value?: RawValue
}
interface RawValue {
  readonly stringValue?: string
  readonly boolValue?: boolean
  readonly intValue?: string
  readonly doubleValue?: number
  readonly arrayValue?: { readonly values?: readonly RawValue[] }
  readonly kvlistValue?: { readonly values?: readonly RawKeyValue[] }
}
interface CountedRequest {
  readonly resourceSpans: ReadonlyArray<{
    readonly scopeSpans: ReadonlyArray<{ readonly spans: ReadonlyArray<{ readonly spanId: Uint8Array }> }>
  }>
}
