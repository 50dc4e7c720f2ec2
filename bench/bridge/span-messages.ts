import { newAgentStream } from '../../src/bridge/agent-stream.ts'
import { translateExport } from '../../src/bridge/translate-export.ts'
import { encodeCensus } from '../../test/bridge/schema/codec.ts'

/** As many as OpenCensus's exporter sends at once; a proxy sends up to 1000. */
export const SPANS_A_MESSAGE = 300

/** The same spans for both protocols. */
export interface SpanMessages {
  readonly opencensus: Buffer
  readonly otlp: Buffer
}

/** Gives a message of spans as those of the control plane's destination are, and what the bridge makes of it. */
export function spanMessages(): SpanMessages {
  const opencensus = Buffer.from(encodeCensus({ node: NODE, spans: Array.from({ length: SPANS_A_MESSAGE }, span) }))
  const { batches } = translateExport(newAgentStream(), opencensus)
  return { opencensus, otlp: Buffer.concat(batches.map(({ resourceSpans }) => resourceSpans)) }
}

const NODE = {
  identifier: { hostName: 'linkerd-destination-7c9f6d5b8-abcde', pid: 1, startTimestamp: { seconds: 1700000000 } },
  libraryInfo: { language: 'GO_LANG', exporterVersion: '0.0.1', coreLibraryVersion: '0.24.0' },
  serviceInfo: { name: 'linkerd-destination' },
}

function span(_: unknown, index: number): object {
  const time = { seconds: 1700000000, nanos: index }
  const messageEvent = (type: string, size: number) => ({
    time,
    messageEvent: { type, id: index, uncompressedSize: size, compressedSize: size },
  })
  return {
    traceId: hex(16, index + 1),
    spanId: hex(8, index + 1),
    parentSpanId: hex(8, 0),
    name: { value: 'io.linkerd.proxy.destination.Destination.GetProfile' },
    kind: 'SERVER',
    startTime: time,
    endTime: { seconds: 1700000001, nanos: index },
    attributes: { attributeMap: { Client: { boolValue: false }, FailFast: { boolValue: false } } },
    timeEvents: { timeEvent: [messageEvent('RECEIVED', 30), messageEvent('SENT', 120)] },
    status: {},
    sameProcessAsParentSpan: { value: false },
  }
}

function hex(bytes: number, value: number): string {
  return value.toString(16).padStart(bytes * 2, '0')
}
