/** What an OpenCensus client may open a stream of. */
export const AGENT_RPCS = ['trace-export', 'trace-config', 'metrics-export'] as const
export type AgentRpc = (typeof AGENT_RPCS)[number]

/** Why spans that were received did not reach the collector, or may not have; docs/opencensus-bridge.md explains each. */
export const DROP_REASONS = [
  'queue-full',
  'refused',
  'rejected',
  'retries-exhausted',
  'unconfirmed',
  'shutdown',
] as const
export type DropReason = (typeof DROP_REASONS)[number]

/**
 * What the bridge tells of itself, as it happens; the command line makes metrics of it. At any moment the spans received
 * are those sent, dropped, own-stream, invalid and queued together.
 */
export interface BridgeReports {
  readonly streamOpened: (rpc: AgentRpc) => void
  readonly streamClosed: (rpc: AgentRpc) => void
  /** Above the limit of streams. */
  readonly streamRefused: (rpc: AgentRpc) => void
  readonly messageTaken: (rpc: AgentRpc, result: 'ok' | 'invalid') => void
  readonly spansReceived: (spans: number) => void
  /** Spans of the exporter's own streams. */
  readonly ownStreamSpans: (spans: number) => void
  readonly invalidSpans: (spans: number) => void
  readonly spansSent: (spans: number) => void
  readonly spansDropped: (reason: DropReason, spans: number) => void
  /** Waiting, and on their way without an answer. */
  readonly queueChanged: (spans: number, bytes: number) => void
  /** One request to the collector, by the name of its gRPC status. */
  readonly exportEnded: (status: string, seconds: number) => void
  readonly collectorConnected: (isConnected: boolean) => void
}

/** What the bridge logs with; a pino logger fits. Whoever gives it bounds how often a line may come. */
export interface BridgeLog {
  readonly info: (fields: object, message: string) => void
  readonly warn: (fields: object, message: string) => void
  readonly error: (fields: object, message: string) => void
}
