import { setTimeout as wait } from 'node:timers/promises'
import { BinaryReader } from '@bufbuild/protobuf/wire'
import {
  Metadata,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServiceError,
  type sendUnaryData,
} from '@grpc/grpc-js'

/** What the receiver does with a request: take it (with these bytes as the answer), refuse it, or never answer. */
export type Reply =
  | { readonly take: Uint8Array; readonly afterMs?: number }
  | { readonly code: number; readonly details?: string; readonly trailers?: Readonly<Record<string, Buffer>> }
  | { readonly never: true; readonly butKeep?: boolean }

export interface OtlpReceiver {
  readonly address: string
  readonly port: number
  /** Span ids taken, in order; a span that came twice is in it twice. */
  readonly spanIds: string[]
  /** Spans of each request, taken or not. */
  readonly requests: number[]
  /** Bytes of each request. */
  readonly requestBytes: number[]
  /** Calls that were not answered yet, at most at one time. */
  readonly mostAtOnce: () => number
  /** Cuts all connections, and listens no more. */
  readonly stop: () => void
}

const EMPTY = new Uint8Array()
const asIs = (bytes: Buffer): Buffer => bytes
const METHOD = {
  path: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
  requestStream: false,
  responseStream: false,
  requestSerialize: asIs,
  requestDeserialize: asIs,
  responseSerialize: asIs,
  responseDeserialize: asIs,
} as const

/** Starts a real OTLP receiver over gRPC on loopback; without a reply function it takes everything. */
export async function startReceiver(
  reply: (request: number) => Reply = () => ({ take: EMPTY }),
  port = 0,
): Promise<OtlpReceiver> {
  const spanIds: string[] = []
  const requests: number[] = []
  const requestBytes: number[] = []
  let [open, most] = [0, 0]
  const exportSpans = async (call: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>): Promise<void> => {
    const ids = spanIdsOf(call.request)
    open += 1
    most = Math.max(most, open)
    requestBytes.push(call.request.length)
    const decided = reply(requests.push(ids.length) - 1)
    if ('never' in decided) {
      if (decided.butKeep) spanIds.push(...ids)
      return
    }
    if ('take' in decided) {
      if (decided.afterMs !== undefined) await wait(decided.afterMs)
      spanIds.push(...ids)
      answer(null, Buffer.from(decided.take))
    } else {
      answer(errorOf(decided), null)
    }
    open -= 1
  }
  const server = new Server({ 'grpc.max_receive_message_length': 4 * 1024 * 1024 })
  server.addService(
    { Export: METHOD },
    {
      Export: (call: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>) => void exportSpans(call, answer),
    },
  )
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, listening) =>
      error === null ? resolve(listening) : reject(error),
    )
  })
  return {
    address: `127.0.0.1:${bound}`,
    port: bound,
    spanIds,
    requests,
    requestBytes,
    mostAtOnce: () => most,
    stop: () => server.forceShutdown(),
  }
}

function errorOf({ code, details = '', trailers = {} }: Extract<Reply, { code: number }>): ServiceError {
  const metadata = new Metadata()
  for (const [name, value] of Object.entries(trailers)) metadata.set(name, value)
  return Object.assign(new Error(details), { code, details, metadata })
}

/** Walks ResourceSpans (1) → ScopeSpans (2) → Span (2) → span_id (2), as OTLP numbers them. */
function spanIdsOf(request: Uint8Array): string[] {
  return messagesAt(request, 1)
    .flatMap((resourceSpans) => messagesAt(resourceSpans, 2))
    .flatMap((scopeSpans) => messagesAt(scopeSpans, 2))
    .flatMap((span) => messagesAt(span, 2))
    .map((id) => Buffer.from(id).toString('hex'))
}

function messagesAt(message: Uint8Array, wanted: number): Uint8Array[] {
  const reader = new BinaryReader(message)
  const found: Uint8Array[] = []
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag()
    if (field === wanted && wireType === 2) found.push(reader.bytes())
    else reader.skip(wireType)
  }
  return found
}
