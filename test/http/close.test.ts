import { expect, test } from 'vitest'
import { rawConnection, reviewText, serverWith } from './tls-client.ts'

const HEAD = 'POST /mutate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n'

test('closing waits for what is in flight, but not for ever', async () => {
  const server = await serverWith({ limits: { closeMs: 300, requestMs: 60_000, headersMs: 60_000 } })
  const connection = await rawConnection(server.port)
  connection.send(`${HEAD}Content-Length: 100\r\n\r\n{`)
  const start = performance.now()
  await server.close()
  expect(performance.now() - start).toBeGreaterThan(250)
  expect(performance.now() - start).toBeLessThan(3000)
  expect(await connection.closed).toBe('')
})

test('closing does not wait for idle connections', async () => {
  const server = await serverWith()
  const connection = await rawConnection(server.port)
  const body = reviewText()
  connection.send(`${HEAD}Content-Length: ${body.length}\r\n\r\n${body}`)
  await connection.until('"uid"')
  const start = performance.now()
  await server.close()
  expect(performance.now() - start).toBeLessThan(1000)
  await connection.closed
})

test('errors too close their connection while draining', async () => {
  const server = await serverWith()
  server.startDraining()
  const connection = await rawConnection(server.port)
  connection.send(`${HEAD}Content-Length: 1\r\n\r\n{`)
  expect(await connection.closed).toMatch(/^HTTP\/1\.1 400[\s\S]*connection: close/i)
})
