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
  /** The `service.name` of each span taken, by its id. */
  readonly services: ReadonlyMap<string, string>
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
  const services = new Map<string, string>()
  const requests: number[] = []
  const requestBytes: number[] = []
  let [open, most] = [0, 0]
  const exportSpans = async (call: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>): Promise<void> => {
    const ids = messagesAt(call.request, 1).flatMap(spanIdsOf)
    for (const [id, service] of servicesOf(call.request)) services.set(id, service)
    open += 1
    most = Math.max(most, open)
    requestBytes.push(call.request.length)
    const decided = reply(requests.push(ids.length) - 1)
    if ('take' in decided && decided.afterMs !== undefined) await wait(decided.afterMs)
    if (keepsSpans(decided)) spanIds.push(...ids)
    if ('never' in decided) return
    open -= 1
    if ('take' in decided) answer(null, Buffer.from(decided.take))
    else answer(errorOf(decided), null)
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
    services,
    requests,
    requestBytes,
    mostAtOnce: () => most,
    stop: () => server.forceShutdown(),
  }
}

function keepsSpans(reply: Reply): boolean {
  return 'take' in reply || ('never' in reply && reply.butKeep === true)
}

function errorOf({ code, details = '', trailers = {} }: Extract<Reply, { code: number }>): ServiceError {
  const metadata = new Metadata()
  for (const [name, value] of Object.entries(trailers)) metadata.set(name, value)
  return Object.assign(new Error(details), { code, details, metadata })
}

/** Walks ResourceSpans → ScopeSpans (2) → Span (2) → span_id (2), as OTLP numbers them. */
function spanIdsOf(resourceSpans: Uint8Array): string[] {
  return messagesAt(resourceSpans, 2)
    .flatMap((scopeSpans) => messagesAt(scopeSpans, 2))
    .flatMap((span) => messagesAt(span, 2))
    .map((id) => Buffer.from(id).toString('hex'))
}

function servicesOf(request: Uint8Array): Array<readonly [string, string]> {
  return messagesAt(request, 1).flatMap((resourceSpans) =>
    spanIdsOf(resourceSpans).map((id) => [id, serviceOf(resourceSpans)] as const),
  )
}

/** Walks ResourceSpans → Resource (1) → KeyValue (1) → AnyValue (2) → string_value (1). */
function serviceOf(resourceSpans: Uint8Array): string {
  const textAt = (message: Uint8Array, field: number) => Buffer.from(messagesAt(message, field)[0] ?? []).toString()
  const attribute = messagesAt(resourceSpans, 1)
    .flatMap((resource) => messagesAt(resource, 1))
    .find((keyValue) => textAt(keyValue, 1) === 'service.name')
  return attribute === undefined ? '' : textAt(messagesAt(attribute, 2)[0] ?? new Uint8Array(), 1)
}

/** The values of a length-delimited field of a message. */
export function messagesAt(message: Uint8Array, wanted: number): Uint8Array[] {
  const reader = new BinaryReader(message)
  const found: Uint8Array[] = []
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag()
    if (field === wanted && wireType === 2) found.push(reader.bytes())
    else reader.skip(wireType)
  }
  return found
}
