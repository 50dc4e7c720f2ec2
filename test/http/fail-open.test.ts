import { expect, test } from 'vitest'
import { parseJsonBody } from '../../src/http/json-body.ts'
import { buildWebhookServer } from '../../src/http/webhook-server.ts'
import type { Log } from '../../src/runtime/logger.ts'
import { CERTIFICATE, exchange, reviewText, serverWith } from './tls-client.ts'

const broken = () => {
  throw new Error('broken on purpose')
}

function expectAllowed(answer: { status: number; body: string }) {
  expect(answer.status).toBe(200)
  expect(JSON.parse(answer.body)).toMatchObject({ response: { uid: 'u-1', allowed: true } })
}

test('Namespaces that cannot be read: the Pod is admitted, with warning, metric and log line', async () => {
  const server = await serverWith({ readNamespace: () => Promise.reject(new Error('broken on purpose')) })
  const answer = await exchange(server.port, { body: reviewText() })
  expectAllowed(answer)
  const { response } = JSON.parse(answer.body) as { response: { warnings: string[]; patch?: string } }
  expect(response.warnings.join()).toContain('internal-error')
  expect(response.patch).toBeUndefined()
  expect((await server.admin('/metrics')).body).toContain(
    '{outcome="skipped",reason="internal-error",dry_run="false"} 1',
  )
  expect(server.logged).toContainEqual(
    expect.objectContaining({
      level: 'error',
      reason: 'internal-error',
      err: expect.objectContaining({ message: 'broken on purpose' }),
    }),
  )
})

test('settings that cannot be had: the Pod is admitted', async () => {
  const server = await serverWith({ settings: broken })
  expectAllowed(await exchange(server.port, { body: reviewText() }))
})

test('a log that cannot be written: the Pod is admitted, and errors are still answered', async () => {
  const log = { info: broken, warn: broken, error: broken, debug: broken } as unknown as Log
  const server = await serverWith({ log })
  expectAllowed(await exchange(server.port, { body: reviewText() }))
  expect((await exchange(server.port, { body: '{' })).status).toBe(400)
})

test('the answer of one request is the same whatever came before', async () => {
  const server = await serverWith()
  const before = await exchange(server.port, { body: reviewText() })
  for (const body of ['{', reviewText('other', { namespace: 'x', dryRun: true }), 'null', ''])
    await exchange(server.port, { body })
  const after = await exchange(server.port, { body: reviewText() })
  expect(after.body).toBe(before.body)
})

test('a Pod that is nested without end, where we would copy it, is answered', async () => {
  const depth = 200_000
  const env = `${'['.repeat(depth)}${']'.repeat(depth)}`
  const object = {
    metadata: {},
    spec: { containers: [{ name: 'linkerd-proxy', env: 'ENV', volumeMounts: [{ name: 'ENV' }] }] },
  }
  const server = await serverWith()
  expectAllowed(await exchange(server.port, { body: reviewText('u-1', { object }).replaceAll('"ENV"', env) }))
})

test('metrics that fail cost no answer', async () => {
  const { app } = buildWebhookServer({
    certificate: CERTIFICATE,
    review: (body) => JSON.stringify({ answered: parseJsonBody(body) !== undefined }),
    countBadRequest: broken,
    startRequest: broken,
    onFault: broken,
  })
  const post = (payload: string) =>
    app.inject({ method: 'POST', url: '/mutate', headers: { 'content-type': 'application/json' }, payload })
  expect((await post('{}')).json()).toEqual({ answered: true })
  expect((await post('{')).statusCode).toBe(400)
  await app.close()
})

test.each([
  ['at once', broken],
  ['later', () => Promise.reject(new Error('broken on purpose'))],
])('a fault %s that nothing caught is a 500 in one sentence, and is told', async (_when, review) => {
  const faults: unknown[] = []
  const { app } = buildWebhookServer({
    certificate: CERTIFICATE,
    review,
    countBadRequest: () => {},
    startRequest: () => () => {},
    onFault: (error) => faults.push(error),
  })
  const answer = await app.inject({
    method: 'POST',
    url: '/mutate',
    headers: { 'content-type': 'application/json' },
    payload: '{}',
  })
  expect(answer.statusCode).toBe(500)
  expect(answer.json()).toEqual({ error: 'linkerd-tracing failed' })
  expect(faults).toEqual([new Error('broken on purpose')])
  await app.close()
})
