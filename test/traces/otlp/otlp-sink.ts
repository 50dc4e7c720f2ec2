import { type Metadata, Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js'
import { EXPORT_PATH } from './otlp-client.ts'
import { decodeRequest, type OtlpSpan, type ResourceSpans, spanIdsOf } from './otlp-messages.ts'

export interface OtlpSink {
  /** `127.0.0.1:PORT`. */
  readonly address: string
  /** All requests so far, decoded. */
  readonly requests: () => ResourceSpans[]
  /** All spans so far, whatever their resource. */
  readonly spans: () => OtlpSpan[]
  /** How often each span id has come. */
  readonly counts: () => ReadonlyMap<string, number>
  /** Metadata of all requests so far. */
  readonly metadata: () => readonly Metadata[]
  readonly stop: () => Promise<void>
}

export interface SinkOptions {
  /** A port that is free; any when absent. */
  readonly port?: number
  readonly tls?: { readonly cert: string; readonly key: string }
  /** Waited for before each answer. */
  readonly beforeAnswer?: () => Promise<void>
}

/** Starts a backend that takes OTLP over gRPC and keeps all that comes. */
export async function startOtlpSink({ port = 0, tls, beforeAnswer }: SinkOptions = {}): Promise<OtlpSink> {
  const server = new Server({ 'grpc.max_receive_message_length': 64 * 1024 * 1024 })
  const bodies: Buffer[] = []
  // Polled among a hundred thousand: no request is counted twice over.
  const counts = new Map<string, number>()
  let counted = 0
  const metadata: Metadata[] = []
  const take = async (call: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>) => {
    bodies.push(call.request)
    metadata.push(call.metadata)
    await beforeAnswer?.()
    answer(null, Buffer.alloc(0))
  }
  const asIs = (bytes: Buffer) => bytes
  const codec = { requestSerialize: asIs, requestDeserialize: asIs, responseSerialize: asIs, responseDeserialize: asIs }
  const service = { export: { path: EXPORT_PATH, requestStream: false, responseStream: false, ...codec } }
  server.addService(service, { export: take })
  const pair = tls && { cert_chain: Buffer.from(tls.cert), private_key: Buffer.from(tls.key) }
  const security = pair ? ServerCredentials.createSsl(null, [pair]) : ServerCredentials.createInsecure()
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, security, (error, free) => (error === null ? resolve(free) : reject(error)))
  })
  const requests = () => bodies.flatMap((body) => decodeRequest(body))
  return {
    address: `127.0.0.1:${bound}`,
    requests,
    spans: () => requests().flatMap(({ spans }) => spans),
    counts: () => {
      for (const body of bodies.slice(counted))
        for (const id of spanIdsOf(body)) counts.set(id, (counts.get(id) ?? 0) + 1)
      counted = bodies.length
      return counts
    },
    metadata: () => metadata,
    stop: async () => server.forceShutdown(),
  }
}
