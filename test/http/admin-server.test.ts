import { describe, expect, test } from 'vitest'
import { buildAdminServer } from '../../src/http/admin-server.ts'
import { exchange, reviewText, serverWith } from './tls-client.ts'

const READY = { tls: true, caches: true, shuttingDown: false }

test('/live says so', async () => {
  const server = await serverWith()
  expect(await server.admin('/live')).toEqual({ status: 200, body: '{"live":true}' })
})

describe('/ready', () => {
  test.each([
    [READY, 200],
    [{ ...READY, tls: false }, 503],
    [{ ...READY, caches: false }, 503],
    [{ ...READY, shuttingDown: true }, 503],
  ])('with %j: %i, naming each condition', async (conditions, status) => {
    const app = buildAdminServer({ conditions: () => conditions, renderMetrics: () => Promise.reject(new Error('x')) })
    const answer = await app.inject('/ready')
    expect(answer.statusCode).toBe(status)
    expect(answer.json()).toEqual({ ready: status === 200, conditions })
  })

  test('a server is ready once it serves, and not any more when it ends', async () => {
    const server = await serverWith()
    expect((await server.admin('/ready')).status).toBe(200)
    server.startDraining()
    const { status, body } = await server.admin('/ready')
    expect(status).toBe(503)
    expect(JSON.parse(body)).toEqual({ ready: false, conditions: { ...READY, shuttingDown: true } })
  })
})

describe('/metrics', () => {
  test('decisions, requests and the certificate', async () => {
    const server = await serverWith()
    await exchange(server.port, { body: reviewText('u', { dryRun: true }) })
    const { status, body } = await server.admin('/metrics')
    expect(status).toBe(200)
    expect(body).toContain('linkerd_tracing_decisions_total{outcome="skipped",reason="not-meshed",dry_run="true"} 1')
    expect(body).toContain('linkerd_tracing_request_duration_seconds_count 1')
    expect(body).toContain('linkerd_tracing_requests_in_flight 0')
    expect(body).toMatch(/linkerd_tracing_certificate_expiry_timestamp_seconds 1\d{9}/)
  })

  test('what cannot be rendered is a 500 in JSON, without a stack', async () => {
    const app = buildAdminServer({ conditions: () => READY, renderMetrics: () => Promise.reject(new Error('secret')) })
    const answer = await app.inject('/metrics')
    expect(answer.statusCode).toBe(500)
    expect(answer.json()).toEqual({ error: 'linkerd-tracing failed' })
  })
})

test.each(['/', '/mutate', '/metrics/x'])('404 in JSON for %s', async (path) => {
  const server = await serverWith()
  const { status, body } = await server.admin(path)
  expect(status).toBe(404)
  expect(JSON.parse(body)).toEqual({ error: 'there is nothing here but /live, /ready and /metrics' })
})

test('a URL that cannot be decoded: 400 in JSON', async () => {
  const server = await serverWith()
  const { status, body } = await server.admin('/%zz')
  expect(status).toBe(400)
  expect(JSON.parse(body)).toEqual({ error: 'the URL cannot be decoded' })
})
