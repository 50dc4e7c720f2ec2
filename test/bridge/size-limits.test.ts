// What a stranger can make large: a Node, Resources of spans, one span, its stack trace. Each has a limit of its own,
// and costs no other span.
import { expect, test } from 'vitest'
import { newAgentStream } from '../../src/bridge/agent-stream.ts'
import { ResourceSpans } from '../../src/bridge/otlp/resource-spans.ts'
import { MAX_RESOURCE_BYTES } from '../../src/bridge/translate/resource.ts'
import { MAX_SPAN_RESOURCES } from '../../src/bridge/translate/resource-groups.ts'
import { type TranslatedExport, translateExport } from '../../src/bridge/translate-export.ts'
import { MessageWriter } from '../../src/bridge/wire/message-writer.ts'
import { decodeOtlp, encodeCensus, type Json } from './schema/codec.ts'

const SPAN = {
  traceId: '0102030405060708090a0b0c0d0e0f10',
  spanId: 'a1a2a3a4a5a6a7a8',
  startTime: { seconds: 1700000000 },
}

const sentBy = ({ batches }: TranslatedExport) => batches.reduce((sum, { spans }) => sum + spans, 0)

/** Gives a message with nothing but a Node of so many bytes, all of them fields that nobody knows. */
function unknownNode(bytes: number): Uint8Array {
  const writer = new MessageWriter(bytes + 8)
  writer.byte(1 * 8 + 2)
  writer.sized(Buffer.alloc(bytes, Buffer.of(15 * 8, 1)))
  return writer.written()
}

/** A span for each Resource. */
const spansOf = (resources: readonly Json[]) =>
  encodeCensus({ spans: resources.map((resource) => ({ ...SPAN, resource })) })

const differentResources = (count: number) => Array.from({ length: count }, (_, number) => ({ type: `of ${number}` }))

test('a Node of unknown fields is kept up to its limit, and refused above it', () => {
  const stream = newAgentStream()
  translateExport(stream, unknownNode(MAX_RESOURCE_BYTES))
  expect(stream.node).toHaveLength(MAX_RESOURCE_BYTES)
  expect(() => translateExport(stream, unknownNode(MAX_RESOURCE_BYTES + 2))).toThrow(
    'node and resource, of 65538 bytes, must have at most 65536, as OTLP too',
  )
  expect(stream.node).toHaveLength(MAX_RESOURCE_BYTES)
})

test('spans of one message have 256 Resources of their own; others are invalid', () => {
  const result = translateExport(newAgentStream(), spansOf(differentResources(MAX_SPAN_RESOURCES + 5)))
  expect({ sent: sentBy(result), invalid: result.invalidSpans }).toEqual({ sent: MAX_SPAN_RESOURCES, invalid: 5 })
})

test('beside a large Node they have fewer: to read it again for each takes time', () => {
  const stream = newAgentStream()
  translateExport(stream, unknownNode(63 * 1024))
  const result = translateExport(stream, spansOf(differentResources(100)))
  expect({ sent: sentBy(result), invalid: result.invalidSpans }).toEqual({ sent: 16, invalid: 84 })
})

test('Resources that are too large cost no other its room', () => {
  const large = differentResources(50).map((resource) => ({
    ...resource,
    labels: { x: 'y'.repeat(MAX_RESOURCE_BYTES) },
  }))
  const stream = newAgentStream()
  translateExport(stream, unknownNode(2048))
  const result = translateExport(stream, spansOf([...large, ...differentResources(100)]))
  expect({ sent: sentBy(result), invalid: result.invalidSpans }).toEqual({ sent: 100, invalid: 50 })
})

test('a span that grows beyond every batch is not written to its end, and costs no other', () => {
  const spans = new ResourceSpans(Buffer.of(), 64)
  const chunk = Buffer.alloc(256 * 1024)
  expect(spans.add(() => spans.writer.copy(chunk))).toBe(true)
  let written = 0
  const endless = () => {
    for (; written < 1000; written++) spans.writer.copy(chunk)
  }
  expect(spans.add(endless)).toBe(false)
  expect(written).toBeLessThanOrEqual(8)
  expect(spans.add(() => spans.writer.copy(chunk))).toBe(true)
  expect(spans.finish().map((batch) => batch.spans)).toEqual([2])
})

test('so is one whose events would take twenty times its bytes', () => {
  const timeEvent = Array.from({ length: 20_000 }, () => ({ messageEvent: { type: 'SENT' } }))
  const message = encodeCensus({ spans: [SPAN, { ...SPAN, timeEvents: { timeEvent } }, SPAN] })
  const result = translateExport(newAgentStream(), message)
  expect({ sent: sentBy(result), invalid: result.invalidSpans }).toEqual({ sent: 2, invalid: 1 })
})

test('of a stack trace the first 1000 frames are told, and how many there were more', () => {
  const frame = Array.from({ length: 5000 }, () => ({}))
  const stackTrace = { stackFrames: { frame, droppedFramesCount: 7 } }
  const [batch] = translateExport(newAgentStream(), encodeCensus({ spans: [{ ...SPAN, stackTrace }] })).batches
  const stringValue = `${'<unknown>\n'.repeat(1000)}... 4007 more`
  expect(decodeOtlp(batch?.resourceSpans ?? Buffer.of())).toMatchObject({
    resourceSpans: [
      { scopeSpans: [{ spans: [{ attributes: [{ key: 'code.stacktrace', value: { stringValue } }] }] }] },
    ],
  })
})
