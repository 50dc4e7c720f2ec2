import { Client, credentials, type ServiceError } from '@grpc/grpc-js'
import { encodeRequest, type ResourceSpans } from './otlp-messages.ts'

/** The trace service of OTLP over gRPC. */
export const EXPORT_PATH = '/opentelemetry.proto.collector.trace.v1.TraceService/Export'

export interface OtlpClient {
  /** Sends one request and resolves when it was taken; rejects with gRPC's error. */
  readonly send: (spans: readonly ResourceSpans[]) => Promise<void>
  /** The same with bytes that are a request already. */
  readonly sendBytes: (request: Buffer) => Promise<void>
  readonly close: () => void
}

/** Opens a client that sends as a proxy does: OTLP over gRPC, to `host:port`, without TLS of its own. */
export function openOtlpClient(address: string): OtlpClient {
  const client = new Client(address, credentials.createInsecure(), { 'grpc.enable_http_proxy': 0 })
  const asIs = (bytes: Buffer) => bytes
  const sendBytes = (request: Buffer) =>
    new Promise<void>((resolve, reject) => {
      const answered = (error: ServiceError | null) => (error === null ? resolve() : reject(error))
      client.makeUnaryRequest(EXPORT_PATH, asIs, asIs, request, { deadline: Date.now() + 30_000 }, answered)
    })
  return { send: (spans) => sendBytes(encodeRequest(spans)), sendBytes, close: () => client.close() }
}
