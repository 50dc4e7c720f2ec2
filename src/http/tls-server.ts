import type { IncomingMessage, RequestListener } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { Duplex } from 'node:stream'
import type { SecureContextOptions } from 'node:tls'
import { type ClosedFor, limitConnections } from './connection-limit.ts'
import { errorBody, rawAnswer } from './error-answers.ts'
import type { ServerLimits } from './limits.ts'

export interface CertificatePair {
  readonly certPem: string
  readonly keyPem: string
}

/** What a handshake is made of. */
export interface TlsCredentials extends CertificatePair {
  /** CAs of callers, PEM; with them each caller is asked for a certificate, and goes on without one all the same. */
  readonly callerCaPem?: string | undefined
}

/** What a server is held to, and who is told of connections that were closed for it. */
export interface TlsServerLimits {
  readonly limits: ServerLimits
  readonly onClosedConnection: (reason: ClosedFor) => void
}

/**
 * Takes a request listener, credentials and limits, gives an HTTPS server that does not listen yet: TLS 1.2 or newer,
 * HTTP/1.1 and nothing else (API servers call Service webhooks over HTTP/1.1 only, k8s.io/apiserver pkg/util/webhook/client.go).
 */
export function createTlsServer(
  listener: RequestListener,
  credentials: TlsCredentials,
  { limits, onClosedConnection }: TlsServerLimits,
): Server {
  const server = createServer(
    {
      ...secureContextOf(credentials),
      requestCert: credentials.callerCaPem !== undefined,
      rejectUnauthorized: false,
      ALPNProtocols: ['http/1.1'],
      handshakeTimeout: limits.handshakeMs,
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      keepAliveTimeout: limits.keepAliveMs,
      connectionsCheckingInterval: limits.checkEveryMs,
      // Node would answer a missing Host with an empty body; the request hook answers in JSON.
      requireHostHeader: false,
    },
    listener,
  )
  // No socket timeout of its own: the timeouts above bound each phase, keepAliveTimeout the rest.
  server.setTimeout(0)
  limitConnections(server, { connections: limits.connections, onClosed: onClosedConnection })
  // Without these two Node answers with an empty body, or none.
  server.on('connect', (_request: IncomingMessage, socket: Duplex) => {
    socket.on('error', () => socket.destroy())
    socket.end(rawAnswer('405 Method Not Allowed', 'only POST is answered here', ['Allow: POST']))
  })
  server.on('checkExpectation', (_request, response) => {
    const body = errorBody('only Expect: 100-continue is understood')
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
    response.writeHead(417, { ...headers, connection: 'close' })
    response.end(body)
  })
  return server
}

/**
 * Takes a server and credentials, serves new handshakes with it from now on; connections that are there go on. Throws
 * when the two are no pair, and then the server keeps the one that it has.
 */
export function swapCredentials(server: Server, credentials: TlsCredentials): void {
  server.setSecureContext(secureContextOf(credentials))
}

// All of it each time: a swap forgets what it is not told again, the least version of TLS too.
function secureContextOf({ certPem, keyPem, callerCaPem }: TlsCredentials): SecureContextOptions {
  const ca = callerCaPem === undefined ? {} : { ca: callerCaPem }
  return { cert: certPem, key: keyPem, minVersion: 'TLSv1.2', ...ca }
}
