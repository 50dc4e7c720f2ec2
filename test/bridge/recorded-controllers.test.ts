/**
 * What Linkerd's real controllers sent to an OpenCensus listener, message by message. The recordings came out of
 * Linkerd: they are read from a folder beside the checkout (or LINKERD_TRACING_SHARED), never copied. The expectation is
 * worked out here from the raw bytes by another protobuf library.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { newAgentStream } from '../../src/bridge/agent-stream.ts'
import { translateExport } from '../../src/bridge/translate-export.ts'
import { decodeCensus, decodeOtlp, type Json } from './schema/codec.ts'

const RECORDINGS = join(
  process.env['LINKERD_TRACING_SHARED'] ?? join(import.meta.dirname, '..', '..', '..', 'shared'),
  'opencensus',
)
const isThere = existsSync(RECORDINGS)

/** Spans that each recording has, and how many of them the exporter made of its own streams. */
const SITUATIONS = [
  { name: 'normal', spans: 6, own: 0, services: ['linkerd-destination', 'linkerd-identity'] },
  { name: 'absent', spans: 10, own: 0, services: ['linkerd-identity'] },
  { name: 'restart', spans: 12, own: 0, services: ['linkerd-identity'] },
  { name: 'close1', spans: 6, own: 3, services: ['linkerd-identity'] },
  { name: 'meshed', spans: 4, own: 0, services: ['linkerd-identity'] },
  { name: 'meshed-again', spans: 8, own: 2, services: ['linkerd-identity'] },
  { name: 'neither', spans: 12, own: 0, services: ['linkerd-identity'] },
  { name: 'noconfig', spans: 12, own: 0, services: ['linkerd-identity'] },
  { name: 'nometrics', spans: 12, own: 0, services: ['linkerd-identity'] },
  { name: 'notraces', spans: 0, own: 0, services: [] },
  { name: 'sampler', spans: 0, own: 0, services: [] },
]

type Span = {
  name: { value: string }
  parentSpanId: string
  kind: string
  startTime: Time
  endTime: Time
  attributes: { attributeMap: Json }
  timeEvents?: { timeEvent: { time: Time; messageEvent: Json }[] }
  status?: { code: number; message: string }
} & Json
type Time = { seconds: string; nanos: number }

test.runIf(process.env['CI'])('the recordings are there', () => expect(isThere).toBe(true))

describe.skipIf(!isThere)('each recording', () => {
  test.each(SITUATIONS)('$name comes out as OTLP, span by span', ({ name, spans, own, services }) => {
    const replayed = replay(name)
    expect(replayed.sent).toEqual(replayed.expected)
    expect(replayed.received).toBe(spans)
    expect(replayed.ownStreamSpans).toBe(own)
    expect(replayed.invalidSpans).toBe(0)
    expect(replayed.sent).toHaveLength(spans - own)
    const named = replayed.sent.map(({ resource }) => (resource['service.name'] as Json)['stringValue'])
    expect([...new Set(named)].sort()).toEqual(services)
  })

  test('there is no other', () => {
    const folders = readdirSync(RECORDINGS, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    expect(folders.map(({ name }) => name).sort()).toEqual(SITUATIONS.map(({ name }) => name).sort())
  })
})

type Sent = { resource: Json; span: Json }

/** Sends each connection's messages through a stream of its own. */
function replay(situation: string) {
  const streams = new Map<string, { memory: ReturnType<typeof newAgentStream>; node: Json }>()
  const total = { sent: [] as Sent[], expected: [] as Sent[], received: 0, ownStreamSpans: 0, invalidSpans: 0 }
  for (const file of readdirSync(join(RECORDINGS, situation)).sort()) {
    const key = /-(c\d+-s\d+)-TraceExport-/.exec(file)?.[1]
    if (key === undefined) continue
    const bytes = readFileSync(join(RECORDINGS, situation, file))
    const message = decodeCensus(bytes) as { node?: Json; spans?: Span[] }
    const stream = streams.get(key) ?? { memory: newAgentStream(), node: {} }
    stream.node = message.node ?? stream.node
    streams.set(key, stream)
    const { batches, ...counts } = translateExport(stream.memory, bytes)
    total.sent.push(...batches.flatMap(({ resourceSpans }) => sentIn(decodeOtlp(resourceSpans))))
    total.expected.push(...expectedOf(stream.node, message.spans ?? []))
    total.received += counts.received
    total.ownStreamSpans += counts.ownStreamSpans
    total.invalidSpans += counts.invalidSpans
  }
  return total
}

type KeyValues = { key: string; value: Json }[]
type Request = { resourceSpans: { resource: { attributes: KeyValues }; scopeSpans: { spans: Json[] }[] }[] }

function sentIn(request: Json): Sent[] {
  return (request as Request).resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({ resource: byName(resource.attributes), span: withNamedAttributes(span) })),
    ),
  )
}

function withNamedAttributes(span: Json): Json {
  const events = (span['events'] ?? []) as Json[]
  return {
    ...span,
    attributes: byName(span['attributes'] as KeyValues),
    events: events.map((event) => ({ ...event, attributes: byName(event['attributes'] as KeyValues) })),
  }
}

const byName = (attributes: KeyValues): Json => Object.fromEntries(attributes.map(({ key, value }) => [key, value]))
const nanosOf = ({ seconds, nanos }: Time): string => String(BigInt(seconds) * 1_000_000_000n + BigInt(nanos))

function expectedOf(node: Json, spans: Span[]): Sent[] {
  return spans
    .filter(({ name }) => !name.value.startsWith('opencensus.proto.agent'))
    .map((span) => ({ resource: expectedResource(node as never), span: expectedSpan(span) }))
}

function expectedResource({
  identifier,
  libraryInfo,
  serviceInfo,
}: {
  identifier: { hostName: string; pid: number; startTimestamp: Time }
  libraryInfo: { exporterVersion: string; coreLibraryVersion: string }
  serviceInfo: { name: string }
}): Json {
  const { seconds, nanos } = identifier.startTimestamp
  const decimals = String(nanos).padStart(9, '0').replace(/0+$/, '')
  const start = new Date(Number(seconds) * 1000).toISOString().replace('.000Z', `.${decimals}Z`)
  return {
    'service.name': { stringValue: serviceInfo.name },
    'host.name': { stringValue: identifier.hostName },
    'process.pid': { intValue: String(identifier.pid) },
    'opencensus.starttime': { stringValue: start },
    'opencensus.exporterversion': { stringValue: libraryInfo.exporterVersion },
    'telemetry.sdk.language': { stringValue: 'go' },
    'telemetry.sdk.version': { stringValue: libraryInfo.coreLibraryVersion },
  }
}

/** Only what the recordings have: were there more in a span, it would show as a difference. */
function expectedSpan(span: Span): Json {
  const { parentSpanId, startTime, endTime, status, attributes, timeEvents, sameProcessAsParentSpan, ...rest } = span
  const code = status ? { 'opencensus.status_code': { intValue: String(status.code) } } : {}
  const same = sameProcessAsParentSpan as { value?: boolean } | undefined
  const sameProcess = same && { 'opencensus.same_process_as_parent_span': { boolValue: same.value ?? false } }
  return {
    ...rest,
    ...(parentSpanId !== '0000000000000000' && { parentSpanId }),
    name: span.name.value,
    kind: `SPAN_KIND_${span.kind}`,
    startTimeUnixNano: nanosOf(startTime),
    endTimeUnixNano: nanosOf(endTime),
    ...(status && { status: { code: 'STATUS_CODE_ERROR', message: status.message } }),
    attributes: { ...attributes.attributeMap, ...code, ...sameProcess },
    events: (timeEvents?.timeEvent ?? []).map(({ time, messageEvent }) => ({
      timeUnixNano: nanosOf(time),
      name: 'message',
      attributes: {
        'message.type': { stringValue: messageEvent['type'] },
        'messaging.message_id': { intValue: messageEvent['id'] ?? '0' },
        'messaging.message_payload_size_bytes': { intValue: messageEvent['uncompressedSize'] ?? '0' },
        'messaging.message_payload_compressed_size_bytes': { intValue: messageEvent['compressedSize'] ?? '0' },
      },
    })),
  }
}
