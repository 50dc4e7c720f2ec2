import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify'
import { limitConnections } from '../../http/connection-limit.ts'
import { errorBody, RequestError, requestErrorOf } from '../../http/error-answers.ts'
import { NO_SCHEMAS } from '../../http/no-schemas.ts'
import { isOwnHost } from './own-host.ts'
import type { PageFile, PageFileName } from './page-files.ts'
import { PAGE_HEADERS } from './page-headers.ts'
import { pageJson } from './page-json.ts'
import { PAGE_LIMITS, type PageLimits } from './page-limits.ts'
import type { PageToken } from './page-token.ts'

export interface PageServerOptions {
  readonly token: PageToken
  readonly files: ReadonlyMap<PageFileName, PageFile>
  /** What answers each question of the page, by its name: `api/NAME`. */
  readonly questions: Readonly<Record<string, (query: URLSearchParams) => Promise<object>>>
  /** Told of faults of ours. */
  readonly onFault: (error: unknown) => void
  readonly limits?: PageLimits
}

/**
 * Takes what is served, gives the page's server (plain HTTP, for a loopback address): everything is below `/TOKEN/`, and is
 * only read.
 */
export function buildPageServer(options: PageServerOptions): FastifyInstance {
  const { token, files, questions, onFault, limits = PAGE_LIMITS } = options
  const sendError = (error: unknown, reply: FastifyReply): void => {
    const answer = requestErrorOf(error)
    if (answer.status >= 500) onFault(error)
    if (answer.status === 405) void reply.header('allow', 'GET')
    void reply.headers(PAGE_HEADERS).code(answer.status).type('application/json').send(errorBody(answer.message))
  }
  const app = fastify({
    schemaController: NO_SCHEMAS,
    // A browser keeps connections open that it does not use.
    forceCloseConnections: true,
    http: { headersTimeout: limits.headersMs, connectionsCheckingInterval: limits.checkEveryMs },
    requestTimeout: limits.requestMs,
    exposeHeadRoutes: false,
    frameworkErrors: (error, _request, reply) => sendError(error, reply),
  })
  limitConnections(app.server, { connections: limits.connections, onClosed: () => {} })
  app.addHook('onRequest', async (request, reply) => {
    void reply.headers(PAGE_HEADERS)
    demandOwnHost(request)
    demandToken(request, token)
    if (request.method !== 'GET') throw new RequestError(405, 'the page is only read')
    if (request.is404) throw new RequestError(404, 'there is no such part of the page')
  })
  app.setErrorHandler((error, _request, reply) => sendError(error, reply))
  // The token is no part of a route: to look a route up takes longer the more of it is right.
  app.get('/:token', async (_request, reply) => reply.redirect(`/${token.text}/`))
  for (const [name, { contentType, text }] of files) {
    const path = name === 'index.html' ? '' : name
    app.get(`/:token/${path}`, async (_request, reply) => reply.type(contentType).send(text))
  }
  for (const [name, answer] of Object.entries(questions)) {
    app.get(`/:token/api/${name}`, async (request, reply) =>
      reply.type('application/json').send(pageJson(await answer(queryOf(request)))),
    )
  }
  return app
}

/** A name that a stranger's DNS leads to 127.0.0.1 has the stranger's page ask in it (DNS rebinding). */
function demandOwnHost(request: FastifyRequest): void {
  if (isOwnHost(request.headers.host, request.socket.localPort)) return
  throw new RequestError(403, 'this server is asked by the address that dashboard printed, and by no other name')
}

function demandToken(request: FastifyRequest, token: PageToken): void {
  const [, said = ''] = request.url.split(/[/?#]/, 2)
  if (!token.isSaid(said))
    throw new RequestError(403, 'the address that dashboard printed has a token, which is missing')
}

function queryOf({ url }: FastifyRequest): URLSearchParams {
  return new URLSearchParams(url.split('?')[1] ?? '')
}
