import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import protobuf from 'protobufjs'

// Another library than the bridge's reads and writes here, by the whole schemas: what both agree on is the protocol.

export type Json = { [name: string]: unknown }

const typeOf = (file: string) =>
  protobuf
    .parse(readFileSync(join(import.meta.dirname, file), 'utf8'), { keepCase: true })
    .root.lookupType('ExportTraceServiceRequest')

const census = typeOf('opencensus.proto')
const otlp = typeOf('otlp.proto')

/** Takes an ExportTraceServiceRequest of OpenCensus as JSON, with ids in hexadecimal; gives its bytes. */
export function encodeCensus(request: Json): Uint8Array {
  return census.encode(census.fromObject(withIds(request, (id) => Buffer.from(String(id), 'hex')) as Json)).finish()
}

/** The reverse. 64-bit integers are text, ids hexadecimal. */
export function decodeCensus(bytes: Uint8Array): Json {
  return toJson(census, bytes)
}

/** Takes the bytes of an ExportTraceServiceRequest of OTLP, gives it as JSON; throws when they are none. */
export function decodeOtlp(bytes: Uint8Array): Json {
  return toJson(otlp, bytes)
}

function toJson(type: protobuf.Type, bytes: Uint8Array): Json {
  const object = type.toObject(type.decode(bytes), { longs: String, enums: String })
  return withIds(object, (id) => Buffer.from(id as Uint8Array).toString('hex')) as Json
}

const IDS = ['traceId', 'spanId', 'parentSpanId']

function withIds(value: unknown, convert: (id: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => withIds(item, convert))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, IDS.includes(name) ? convert(inner) : withIds(inner, convert)]),
  )
}
