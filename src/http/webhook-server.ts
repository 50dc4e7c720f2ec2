import type { Server } from 'node:https'
import type { Socket } from 'node:net'
import { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify'
import type { ReviewAnswerer } from './answer-review.ts'
import type { CallerRule } from './caller-authentication.ts'
import { watchCallers } from './caller-connections.ts'
import type { ClosedFor } from './connection-limit.ts'
import { connectionErrorAnswer, errorBody, RequestError, requestErrorOf } from './error-answers.ts'
import { demandJson } from './json-body.ts'
import { createLargeBodies, demandFewValues } from './large-bodies.ts'
import { SERVER_LIMITS, type ServerLimits } from './limits.ts'
import { NO_SCHEMAS } from './no-schemas.ts'
import { readBody, releaseMemory } from './read-body.ts'
import { type CertificatePair, createTlsServer, swapCredentials, type TlsCredentials } from './tls-server.ts'

const PATH = '/mutate'

export interface WebhookServerOptions {
  readonly certificate: CertificatePair
  /** Who may call; absent: anybody. */
  readonly callers?: CallerRule | undefined
  /** Takes a body, gives what is answered; may throw RequestError. The body's memory is used again afterwards. */
  readonly review: ReviewAnswerer
  readonly countBadRequest: (status: number) => void
  /** Told of each connection that was closed for the limit of them. */
  readonly countClosedConnection?: (reason: ClosedFor) => void
  /** Told why a caller was refused. */
  readonly onRefusedCaller?: (reason: string) => void
  /** Called when a request to the webhook begins; what it gives is called once when the request has ended. */
  readonly startRequest: () => () => void
  /** Told of faults of ours that have no other place to be told. */
  readonly onFault: (error: unknown) => void
  /** Overrides, for tests. */
  readonly limits?: Partial<ServerLimits>
}

export interface WebhookServer {
  /** The Fastify application; it does not listen yet. */
  readonly app: FastifyInstance<Server>
  /** Serves new handshakes with another certificate; throws, and keeps the one it has, when that is no pair. */
  readonly useCertificate: (certificate: CertificatePair) => void
  /** Checks the callers of new handshakes by other CAs; connections that are there get one more answer each. */
  readonly useCallerCa: (caPem: string) => void
  /** From now on each answer closes its connection, so that clients make a new one, elsewhere. */
  readonly drain: () => void
  /** Takes no new connection; resolves when what is in flight has been answered, at most `limits.closeMs` later. */
  readonly close: () => Promise<void>
}

/** Takes certificate and ports, gives the webhook's server: `POST /mutate` and nothing else. Every error is JSON. */
export function buildWebhookServer(options: WebhookServerOptions): WebhookServer {
  const limits = { ...SERVER_LIMITS, ...options.limits }
  let isDraining = false
  let credentials: TlsCredentials = { ...options.certificate, callerCaPem: options.callers?.caPem }
  const swap = (changed: Partial<TlsCredentials>): void => {
    const wanted = { ...credentials, ...changed }
    swapCredentials(app.server, wanted)
    credentials = wanted
  }
  const app = fastify<Server>({
    serverFactory: (listener) => {
      const onClosedConnection = (reason: ClosedFor) => guarded(() => options.countClosedConnection?.(reason))
      return createTlsServer(listener, credentials, { limits, onClosedConnection })
    },
    schemaController: NO_SCHEMAS,
    // Fastify would answer 503 to requests that arrive while it closes; those are Pods, and we can still answer.
    return503OnClosing: false,
    exposeHeadRoutes: false,
    frameworkErrors: (error, request, reply) => sendError(error, request, reply),
    clientErrorHandler: (error, socket) => {
      if (isUnused(error, socket)) socket.setTimeout(limits.keepAliveMs)
      else answerConnectionError(error, socket, options.countBadRequest)
    },
  })

  function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const answer = requestErrorOf(error)
    if (answer.status >= 500) guarded(() => options.onFault(error))
    // A request that went away was counted when its connection failed.
    if (!request.raw.destroyed || request.raw.complete) guarded(() => options.countBadRequest(answer.status))
    if (answer.status === 401) guarded(() => options.onRefusedCaller?.(answer.message))
    if (answer.status === 405) void reply.header('allow', 'POST')
    // API servers come again then, within their time.
    if (answer.status === 429) void reply.header('retry-after', '1')
    // Fastify closes connections after a body that it gave up on. Node reads on to the end of it (within requestMs), so
    // that the client gets to read the answer: a connection closed in the middle of its upload would be reset instead.
    void reply.removeHeader('connection')
    closeUnlessItMayStay(request, reply)
    void reply.code(answer.status).type('application/json').send(errorBody(answer.message))
  }

  // Just before each answer, not when its request came: one that was in flight when draining began shall not keep its connection.
  function closeUnlessItMayStay(request: FastifyRequest, reply: FastifyReply): void {
    const mayStay = callers?.mayStay(request.raw.socket) ?? true
    if (isDraining || !mayStay) void reply.header('connection', 'close')
  }

  const callers = options.callers && watchCallers(app.server, options.callers.allowedNames)
  const largeBodies = createLargeBodies(limits)
  // Hook and parser take callbacks: with promises each would cost every request some microseconds more.
  app.addHook('onRequest', (request, reply, done) => {
    // Before all else: who may not call learns nothing, and nothing of the body is read.
    callers?.demand(request.raw.socket)
    demandRequestLine(request)
    guarded(() => {
      const end = options.startRequest()
      // 'close' comes after an answer and after a connection that broke alike; 'finish' would miss the latter.
      reply.raw.once('close', () => guarded(end))
    })
    demandJson(request.headers)
    reply.raw.once('close', largeBodies.admit(request.headers))
    done()
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', ({ headers }: FastifyRequest, stream, done) => {
    readBody({ headers, stream, limit: limits.bodyBytes }, done)
  })
  app.setErrorHandler((error: FastifyError, request, reply) => sendError(error, request, reply))
  // No async function: what is known at once is answered at once.
  app.post<{ Body: Buffer | undefined }>(PATH, (request, reply) => {
    const { body } = request
    // A POST without any body reaches the handler without having been read.
    if (body === undefined) throw new RequestError(400, 'the body is empty')
    demandFewValues(body, limits.values)
    const send = (text: string): void => {
      releaseMemory(body)
      closeUnlessItMayStay(request, reply)
      void reply.type('application/json').send(text)
    }
    const answer = options.review(body)
    if (typeof answer === 'string') send(answer)
    else answer.then(send).catch((error) => sendError(error, request, reply))
  })

  return {
    app,
    useCertificate: ({ certPem, keyPem }) => swap({ certPem, keyPem }),
    useCallerCa: (callerCaPem) => {
      swap({ callerCaPem })
      // A caller that is no longer trusted could go on for ever on the connection that it has.
      callers?.onCasChanged()
    },
    drain: () => {
      isDraining = true
    },
    close: () => closeWithin(app, limits.closeMs),
  }
}

/** Throws for whatever is not `POST /mutate`, before its body is read. */
function demandRequestLine(request: FastifyRequest): void {
  if (request.raw.httpVersion === '1.1' && request.headers.host === undefined) {
    throw new RequestError(400, 'the Host header is missing')
  }
  if (request.is404 && request.url.split('?', 1)[0] === PATH) {
    throw new RequestError(405, `only POST is answered at ${PATH}`)
  }
  if (request.is404) throw new RequestError(404, `there is nothing here; the webhook is at ${PATH}`)
}

/**
 * Whether a connection ran out of the time for headers without having been sent a byte of any. API servers open more connections than
 * they need in the end (Go's net/http dials while it waits for one to be free), and use the others later: it may be just now, and
 * the 408 would be taken for the answer to a Pod. Such a connection waits like one after an answer.
 */
function isUnused(error: NodeJS.ErrnoException, socket: Socket): boolean {
  return error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && socket.bytesRead === 0
}

function answerConnectionError(
  error: NodeJS.ErrnoException,
  socket: Socket,
  countBadRequest: (status: number) => void,
): void {
  // Failed handshakes come here too (ERR_TLS_…, ERR_SSL_…), and connections that broke: there is nobody to answer, and
  // an answer would wait for ever on a handshake that never ends.
  if (!/^(HPE_|ERR_HTTP_)/.test(error.code ?? '') || !socket.writable) {
    socket.destroy()
    return
  }
  const answer = connectionErrorAnswer(error.code)
  guarded(() => countBadRequest(answer.status))
  // end, then destroy: a client that never reads or never closes cannot hold the connection.
  socket.end(answer.text, () => socket.destroy())
}

async function closeWithin(app: FastifyInstance<Server>, closeMs: number): Promise<void> {
  const timer = setTimeout(() => app.server.closeAllConnections(), closeMs)
  await app.close()
  clearTimeout(timer)
}

/** Logging and counting never cost an answer. */
function guarded(tell: () => void): void {
  try {
    tell()
  } catch {
    // Nowhere left to tell it.
  }
}
