import { type FastifyInstance, type FastifyReply, fastify } from 'fastify'
import { errorBody, requestErrorOf } from './error-answers.ts'
import { NO_SCHEMAS } from './no-schemas.ts'

export interface AdminServerOptions {
  /** What has to be true for the server to be ready, and `shuttingDown`, which must not. */
  readonly conditions: () => { readonly shuttingDown: boolean; readonly [needed: string]: boolean }
  readonly renderMetrics: () => Promise<{ readonly contentType: string; readonly text: string }>
}

/** Takes the readiness conditions and the metrics' text, gives the server of `/live`, `/ready`, `/metrics` (plain HTTP). */
export function buildAdminServer({ conditions, renderMetrics }: AdminServerOptions): FastifyInstance {
  const app = fastify({
    schemaController: NO_SCHEMAS,
    // Probes and scrapes are small GETs; a client that takes longer than this is none.
    requestTimeout: 10_000,
    // The kubelet and Prometheus come again within a minute or two.
    keepAliveTimeout: 120_000,
    frameworkErrors: (error, _request, reply) => sendError(error, reply),
  })
  app.get('/live', async () => ({ live: true }))
  app.get('/ready', async (_request, reply) => {
    const { shuttingDown, ...needed } = conditions()
    const ready = Object.values(needed).every(Boolean) && !shuttingDown
    return reply.code(ready ? 200 : 503).send({ ready, conditions: { ...needed, shuttingDown } })
  })
  app.get('/metrics', async (_request, reply) => {
    const { contentType, text } = await renderMetrics()
    return reply.header('content-type', contentType).send(text)
  })
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).type('application/json').send(errorBody('there is nothing here but /live, /ready and /metrics')),
  )
  app.setErrorHandler((error, _request, reply) => sendError(error, reply))
  return app
}

function sendError(error: unknown, reply: FastifyReply): void {
  const answer = requestErrorOf(error)
  void reply.code(answer.status).type('application/json').send(errorBody(answer.message))
}
