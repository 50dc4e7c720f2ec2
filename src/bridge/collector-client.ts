import {
  Client,
  type ClientUnaryCall,
  connectivityState,
  credentials,
  Metadata,
  type ServiceError,
  status,
} from '@grpc/grpc-js'
import { readPartialSuccess, readRetryDelayMs } from './answer-messages.ts'
import { answerOfFailure, type ExportAnswer } from './export-answer.ts'

export interface CollectorClient {
  /** Resolves with true once there is a connection, and with false when the signal comes first. */
  readonly whenConnected: (signal: AbortSignal) => Promise<boolean>
  /** Sends one encoded ExportTraceServiceRequest; never rejects. The signal gives up waiting for the answer. */
  readonly send: (body: Buffer, signal: AbortSignal) => Promise<ExportAnswer>
  readonly close: () => void
}

export interface CollectorOptions {
  /** `host:port`. */
  readonly address: string
  readonly answerMs: number
  readonly exportEnded: (status: string, seconds: number) => void
  readonly collectorConnected: (isConnected: boolean) => void
}

const EXPORT = '/opentelemetry.proto.collector.trace.v1.TraceService/Export'

const CHANNEL = {
  // A collector that comes back is noticed within this; gRPC's own two minutes are for servers far away.
  'grpc.initial_reconnect_backoff_ms': 500,
  'grpc.max_reconnect_backoff_ms': 5000,
  // Nothing is ever sent a second time but by our own rules (export-answer.ts).
  'grpc.enable_retries': 0,
  // The collector is beside us; a proxy of the environment would carry the spans elsewhere.
  'grpc.enable_http_proxy': 0,
  'grpc.service_config_disable_resolution': 1,
  // A connection that died without a word; Go's servers close connections that ping more often than every 5 minutes.
  'grpc.keepalive_time_ms': 300_000,
}

/** Takes an address, gives a client of the OTLP receiver there (gRPC without TLS), which connects by itself, again and again. */
export function connectCollector({
  address,
  answerMs,
  exportEnded,
  collectorConnected,
}: CollectorOptions): CollectorClient {
  const client = new Client(address, credentials.createInsecure(), CHANNEL)
  watchConnection(client, collectorConnected)
  return {
    whenConnected: (signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve(false)
        const onAbort = (): void => resolve(false)
        signal.addEventListener('abort', onAbort, { once: true })
        client.waitForReady(Number.POSITIVE_INFINITY, (error) => {
          signal.removeEventListener('abort', onAbort)
          resolve(error === undefined)
        })
      }),
    send: (body, signal) =>
      new Promise((resolve) => {
        const startedMs = performance.now()
        const onAbort = (): void => call.cancel()
        const onAnswer = (error: ServiceError | null, response?: Buffer): void => {
          signal.removeEventListener('abort', onAbort)
          exportEnded(status[error?.code ?? status.OK] ?? 'UNKNOWN', (performance.now() - startedMs) / 1000)
          resolve(error === null ? takenAnswer(response) : answerOfFailure(error, retryDelayOf(error)))
        }
        const call: ClientUnaryCall = client.makeUnaryRequest(
          EXPORT,
          asIs,
          asIs,
          body,
          new Metadata(),
          { deadline: Date.now() + answerMs },
          onAnswer,
        )
        signal.addEventListener('abort', onAbort, { once: true })
      }),
    close: () => client.close(),
  }
}

function asIs(bytes: Buffer): Buffer {
  return bytes
}

function takenAnswer(response: Buffer | undefined): ExportAnswer {
  return { kind: 'taken', ...readPartialSuccess(response ?? Buffer.alloc(0)) }
}

function retryDelayOf({ metadata }: ServiceError): number | undefined {
  const [details] = metadata.get('grpc-status-details-bin')
  return Buffer.isBuffer(details) ? readRetryDelayMs(details) : undefined
}

/** Tells of each change of the connection, until the client is closed. */
function watchConnection(client: Client, collectorConnected: (isConnected: boolean) => void): void {
  const channel = client.getChannel()
  const watch = (): void => {
    const state = channel.getConnectivityState(true)
    collectorConnected(state === connectivityState.READY)
    if (state === connectivityState.SHUTDOWN) return
    channel.watchConnectivityState(state, Number.POSITIVE_INFINITY, watch)
  }
  watch()
}
