/** Bounds that are no settings: they follow from the protocols, and from one another. */
export interface BridgeLimits {
  /** gRPC's own default, in Go as here, so no client can be used to more. A larger message ends its stream. */
  readonly messageBytes: number
  /** TCP connections. In a mesh there is one, from the Pod's own proxy. */
  readonly connections: number
  /** A request to the collector is due as soon as so many spans wait… */
  readonly requestSpans: number
  /** …or so many bytes, and is made no larger: a quarter of the 4 MiB that collectors take. A larger single batch goes alone. */
  readonly requestBytes: number
  /** …or the oldest of them has waited so long. Clients send every 2 s or 10 s, so this delays nobody; it is the collector's own. */
  readonly requestDelayMs: number
  /**
   * Requests without an answer. One would do on a loopback that answers in a millisecond; more of them is more that an
   * ending collector leaves unconfirmed.
   */
  readonly requestsInFlight: number
  /** Longer than any pause of a collector that lives; what is then without an answer is unconfirmed. */
  readonly answerMs: number
  /** The collector's own patience with its backends, of its exporters' `retry_on_failure`. */
  readonly retryForMs: number
  /** A peer that is gone without a word is seen after both of these. Go's clients take a ping this often. */
  readonly pingAfterMs: number
  readonly pingAnswerMs: number
}

export const BRIDGE_LIMITS: BridgeLimits = {
  messageBytes: 4 * 1024 * 1024,
  connections: 1000,
  requestSpans: 1024,
  requestBytes: 1024 * 1024,
  requestDelayMs: 200,
  requestsInFlight: 4,
  answerMs: 30_000,
  retryForMs: 300_000,
  pingAfterMs: 60_000,
  pingAnswerMs: 20_000,
}
