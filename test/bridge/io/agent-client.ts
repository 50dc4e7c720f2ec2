import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { Client, type ClientDuplexStream, credentials, type StatusObject } from '@grpc/grpc-js'
import { AGENT_STREAMS } from '../../../src/bridge/agent-services.ts'
import type { AgentRpc } from '../../../src/bridge/bridge-reports.ts'

export interface AgentClientStream {
  /** Resolves when the message is handed to the transport. */
  readonly send: (message: Uint8Array) => Promise<void>
  /** Resolves with the response headers. */
  readonly headers: Promise<unknown>
  /** Resolves with the status that the stream ended with. */
  readonly ended: Promise<StatusObject>
  readonly isOpen: () => boolean
  readonly received: Buffer[]
  readonly cancel: () => void
  readonly half: () => void
}

export interface AgentClient {
  readonly open: (rpc?: AgentRpc) => AgentClientStream
  readonly close: () => void
}

/** Connects as an OpenCensus client does; each client has a connection of its own. */
export function connectAgent(port: number, options: Readonly<Record<string, number>> = {}): AgentClient {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), {
    'grpc.use_local_subchannel_pool': 1,
    ...options,
  })
  return {
    open: (rpc = 'trace-export') => {
      const { path, requestSerialize, responseDeserialize } = AGENT_STREAMS[rpc]
      return watch(client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize))
    },
    close: () => client.close(),
  }
}

function watch(call: ClientDuplexStream<Buffer, Buffer>): AgentClientStream {
  const received: Buffer[] = []
  let isOpen = true
  call.on('data', (message: Buffer) => received.push(message))
  // The status tells the same.
  call.on('error', () => {})
  const headers = new Promise((resolve) => call.once('metadata', resolve))
  const ended = new Promise<StatusObject>((resolve) => {
    call.once('status', (status: StatusObject) => {
      isOpen = false
      resolve(status)
    })
  })
  return {
    send: (message) => new Promise((resolve) => call.write(Buffer.from(message), () => resolve())),
    headers,
    ended,
    isOpen: () => isOpen,
    received,
    cancel: () => call.cancel(),
    half: () => call.end(),
  }
}

let lastId = 0

/** A span id that no other span of this process has. */
export function newSpanId(): string {
  lastId += 1
  return lastId.toString(16).padStart(16, '0')
}

/** An OpenCensus export message with one span for each id; a name of some length makes spans of some size. */
export function exportMessage(
  spanIds: readonly string[],
  { name = 'io.linkerd.test', invalid = 0, ownStream = 0 } = {},
) {
  const writer = new BinaryWriter()
  const spans = [
    ...spanIds.map((id) => ({ id, name, traceId: TRACE_ID })),
    ...Array.from({ length: invalid }, () => ({ id: newSpanId(), name, traceId: TRACE_ID.subarray(1) })),
    ...Array.from({ length: ownStream }, () => ({ id: newSpanId(), name: OWN_STREAM, traceId: TRACE_ID })),
  ]
  for (const span of spans) writer.tag(2, WireType.LengthDelimited).bytes(encodeSpan(span))
  return writer.finish()
}

/** So many new span ids. */
export function newSpanIds(count: number): string[] {
  return Array.from({ length: count }, newSpanId)
}

const TRACE_ID = Buffer.alloc(16, 7)
const OWN_STREAM = 'opencensus.proto.agent.trace.v1.TraceService.Export'
const CLIENT = 2

function encodeSpan({ id, name, traceId }: { id: string; name: string; traceId: Uint8Array }): Uint8Array {
  const time = (seconds: number) => new BinaryWriter().tag(1, WireType.Varint).int64(seconds).finish()
  const text = new BinaryWriter().tag(1, WireType.LengthDelimited).string(name).finish()
  return new BinaryWriter()
    .tag(1, WireType.LengthDelimited)
    .bytes(traceId)
    .tag(2, WireType.LengthDelimited)
    .bytes(Buffer.from(id, 'hex'))
    .tag(4, WireType.LengthDelimited)
    .bytes(text)
    .tag(5, WireType.LengthDelimited)
    .bytes(time(1_700_000_000))
    .tag(6, WireType.LengthDelimited)
    .bytes(time(1_700_000_001))
    .tag(14, WireType.Varint)
    .int32(CLIENT)
    .finish()
}
