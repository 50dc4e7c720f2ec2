/** What the webhook server bears from a client. Times are in milliseconds. */
export interface ServerLimits {
  readonly bodyBytes: number
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
