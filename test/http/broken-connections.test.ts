// What is left of a connection that broke a rule: nothing, whatever its client does or leaves undone.
import { type AddressInfo, connect as connectTcp } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildWebhookServer } from '../../src/http/webhook-server.ts'
import { CERTIFICATE, tlsOptions } from './tls-client.ts'

const webhook = buildWebhookServer({
  certificate: CERTIFICATE,
  review: () => '{}',
  countBadRequest: () => {},
  startRequest: () => () => {},
  onFault: () => {},
  // The others are longer than the test: no limit of time may be what closes the connection.
  limits: { handshakeMs: 300, headersMs: 60_000, requestMs: 60_000 },
})
let port: number
beforeAll(async () => {
  await webhook.app.listen({ host: '127.0.0.1', port: 0 })
  port = (webhook.app.server.address() as AddressInfo).port
})
afterAll(() => webhook.close())

const open = () =>
  new Promise<number>((resolve) => webhook.app.server.getConnections((_error, count) => resolve(count)))

test('bytes that are no TLS: closed at once', async () => {
  const socket = connectTcp({ host: '127.0.0.1', port, allowHalfOpen: true })
  socket.on('error', () => {})
  socket.resume()
  await expect.poll(open).toBe(1)
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  await expect.poll(open).toBe(0)
  socket.destroy()
})

test('a handshake that never comes: closed, though the client keeps its side open', async () => {
  const socket = connectTcp({ host: '127.0.0.1', port, allowHalfOpen: true })
  socket.on('error', () => {})
  await expect.poll(open).toBe(1)
  await expect.poll(open, { timeout: 5000 }).toBe(0)
  socket.destroy()
})

test('bytes that are no HTTP: answered, and closed though the client keeps its side open', async () => {
  const socket = connectTls(Object.assign(tlsOptions(port), { allowHalfOpen: true }))
  let text = ''
  socket.on('error', () => {})
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  await new Promise<void>((resolve) => socket.once('secureConnect', resolve))
  expect(await open()).toBe(1)
  socket.write('no HTTP\r\n\r\n')
  await expect.poll(() => text).toMatch(/^HTTP\/1\.1 400 /)
  await expect.poll(open).toBe(0)
  socket.destroy()
})
