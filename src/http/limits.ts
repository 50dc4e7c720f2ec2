/** What the webhook server bears from a client. Times are in milliseconds. */
export interface ServerLimits {
  readonly bodyBytes: number
  /** Bodies above it share `largeBodiesBytes`. */
  readonly largeBodyBytes: number
  readonly largeBodiesBytes: number
  /** Lists and objects in one body. */
  readonly values: number
  /** Connections at once; at most half of them without a request. */
  readonly connections: number
  readonly headersMs: number
  readonly requestMs: number
  readonly handshakeMs: number
  readonly checkEveryMs: number
  readonly keepAliveMs: number
  readonly closeMs: number
}

export const SERVER_LIMITS: ServerLimits = {
  // etcd takes objects of up to 1.5 MiB; a review holds the object up to twice (object, oldObject), and JSON can be
  // longer than what is stored: (2 × 1.5 MiB) × 2 = 6 MiB, and one more for the request's own fields. About what other
  // webhooks accept; Fastify's 1 MiB would skip large Pods.
  bodyBytes: 7 * 1024 * 1024,
  // An ordinary Pod's review has 10 to 30 KiB. Those above share what nine of the largest take; with 64 KiB for each of 1,000
  // connections, and what these themselves take (72 KiB measured), all stays below the shipped limit of 384 MiB.
  largeBodyBytes: 64 * 1024,
  largeBodiesBytes: 64 * 1024 * 1024,
  // The densest that is real are managedFields, one in 14 bytes: 7 MiB of nothing else have 524,000. Empty lists have 3.6
  // million, which take 300 MB once they are parsed.
  values: 600_000,
  // Three API servers with all of their 200 changing requests in flight (--max-mutating-requests-inflight), and more again.
  connections: 1000,
  // The API server gives up after 3 s (timeoutSeconds) and its headers fit one packet: who needs 5 s is not the API
  // server, and shall not hold a connection.
  headersMs: 5000,
  // The longest timeoutSeconds that is useful at all; 7 MiB in 10 s is a line of 6 Mbit/s.
  requestMs: 10_000,
  // A handshake is two round trips; 5 s as for the headers.
  handshakeMs: 5000,
  // How often Node looks for connections past their time: the limits above hold to the second.
  checkEveryMs: 1000,
  // Above the 90 s that the API server keeps an idle connection: it, not we, closes first. A server that closes just as
  // the client reuses the connection loses that POST.
  keepAliveMs: 120_000,
  // What is in flight at the end has started within requestMs: drain 20 s + 10 s stay below the grace period of 40 s.
  closeMs: 10_000,
}
