// A Node of bytes that no library writes: what it says goes with each of the stream's spans, in requests that spans of other
// clients are in as well.
import { expect, test } from 'vitest'
import { newAgentStream } from '../../src/bridge/agent-stream.ts'
import { translateExport } from '../../src/bridge/translate-export.ts'
import { decodeOtlp, encodeCensus } from './schema/codec.ts'

const SPAN = {
  traceId: '0102030405060708090a0b0c0d0e0f10',
  spanId: 'a1a2a3a4a5a6a7a8',
  startTime: { seconds: 1700000000 },
}

/** Gives the attributes that a process has whose id is written as these bytes. */
function attributesOf(processId: readonly number[]): unknown {
  const identifier = [2 * 8, ...processId]
  const node = [1 * 8 + 2, identifier.length, ...identifier]
  const message = Buffer.concat([Buffer.from([1 * 8 + 2, node.length, ...node]), encodeCensus({ spans: [SPAN] })])
  const [batch] = translateExport(newAgentStream(), message).batches
  const { resourceSpans } = decodeOtlp(batch?.resourceSpans ?? Buffer.of()) as { resourceSpans: object[] }
  return resourceSpans[0]
}

test.each([
  ['negative', [...new Array(9).fill(0xff), 1], '4294967295'],
  ['of more than 32 bits', [0x85, 0x80, 0x80, 0x80, 0x80, 0x01], '5'],
])('a process id that is %s has 32 bits, as for every reader of the protocol', (_kind, bytes, intValue) => {
  expect(attributesOf(bytes)).toMatchObject({
    resource: { attributes: [{ key: 'process.pid', value: { intValue } }] },
    scopeSpans: [{ spans: [{ spanId: SPAN.spanId }] }],
  })
})
