// What all connections share: how many there are, and how much of large bodies is held at once.
import { createServer } from 'node:https'
import { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { limitConnections } from '../../src/http/connection-limit.ts'
import { exchange, parseAnswer, type RawConnection, rawConnection, reviewText, serverWith } from './tls-client.ts'

const HEAD = 'POST /mutate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n'
const beginBody = async (port: number, header: string): Promise<RawConnection> => {
  const connection = await rawConnection(port)
  connection.send(`${HEAD}${header}\r\n\r\n`)
  return connection
}
const padded = (length: number) => reviewText('u-1', { padding: 'x'.repeat(length - reviewText().length) })

test('large bodies share their room: 429 when it is taken, answered when it is free again; small ones need none', async () => {
  const { port, admin } = await serverWith({ limits: { largeBodyBytes: 1000, largeBodiesBytes: 5000 } })
  const first = await beginBody(port, 'Content-Length: 4000')
  await expect.poll(async () => (await admin('/metrics')).body).toContain('linkerd_tracing_requests_in_flight 1')
  const refused = await exchange(port, { body: padded(2000) })
  expect(refused).toMatchObject({ status: 429, body: '{"error":"too many large bodies come at once"}\n' })
  expect(refused.headers).toMatchObject({ 'retry-after': '1' })
  expect((await exchange(port, { body: padded(900) })).status).toBe(200)
  first.socket.destroy()
  await expect.poll(async () => (await exchange(port, { body: padded(2000) })).status).toBe(200)
  // An answer gives the room back as well.
  for (let count = 0; count < 5; count += 1) expect((await exchange(port, { body: padded(4000) })).status).toBe(200)
})

test('a body that does not say how long it is takes the room of the largest', async () => {
  const { port, admin } = await serverWith({
    limits: { bodyBytes: 4000, largeBodyBytes: 1000, largeBodiesBytes: 5000 },
  })
  await beginBody(port, 'Transfer-Encoding: chunked')
  await expect.poll(async () => (await admin('/metrics')).body).toContain('linkerd_tracing_requests_in_flight 1')
  expect((await exchange(port, { body: padded(2000) })).status).toBe(429)
})

test('more lists and objects than a Pod review can have are a 413, before they are parsed', async () => {
  const { port } = await serverWith({ limits: { values: 100 } })
  const lists = (count: number) => reviewText('u-1', { lists: Array.from({ length: count }, () => []) })
  expect((await exchange(port, { body: lists(80) })).status).toBe(200)
  const refused = await exchange(port, { body: lists(101) })
  expect(refused).toMatchObject({
    status: 413,
    body: '{"error":"the body has more lists and objects than a Pod review can have"}\n',
  })
})

test('at most half of the connections may wait: the one that has waited longest is closed for a new one', async () => {
  const { port, admin } = await serverWith({ limits: { connections: 8 } })
  const body = reviewText()
  const ask = async (connection: RawConnection) => {
    connection.send(`${HEAD}Content-Length: ${body.length}\r\n\r\n${body}`)
    await connection.until('"uid"')
  }
  const [first, second] = [await rawConnection(port), await rawConnection(port)]
  await ask(second)
  // Now the second has waited longest, and then it is as if it had just come.
  await ask(first)
  await ask(second)
  const later = [await rawConnection(port), await rawConnection(port), await rawConnection(port)]
  expect(parseAnswer(await first.closed).status).toBe(200)
  expect((await admin('/metrics')).body).toContain('connections_closed_total{reason="waited-longest"} 1\n')
  expect([second, ...later].map(({ socket }) => socket.closed)).toEqual([false, false, false, false])
})

test('of many that come at once only the last half of the limit stays', () => {
  const server = createServer()
  const closed: string[] = []
  limitConnections(server, { connections: 8, onClosed: (reason) => closed.push(reason) })
  const sockets = Array.from({ length: 10 }, () => new Socket())
  // In one turn of the event loop: none of those that are closed is gone before the next one comes.
  for (const socket of sockets) server.emit('secureConnection', socket)
  expect(sockets.map(({ destroyed }) => destroyed)).toEqual([...Array(6).fill(true), ...Array(4).fill(false)])
  expect(closed).toEqual(Array(6).fill('waited-longest'))
  for (const socket of sockets) socket.destroy()
})

test('a connection with a request under way is not closed for a new one; above the limit new ones are', async () => {
  const { port, admin } = await serverWith({ limits: { connections: 4 } })
  const busy = await Promise.all(Array.from({ length: 4 }, () => beginBody(port, 'Content-Length: 100')))
  await expect.poll(async () => (await admin('/metrics')).body).toContain('linkerd_tracing_requests_in_flight 4')
  await expect(rawConnection(port)).rejects.toThrow()
  expect((await admin('/metrics')).body).toContain('connections_closed_total{reason="all-taken"} 1\n')
  expect(busy.map(({ socket }) => socket.closed)).toEqual([false, false, false, false])
  busy[0]?.socket.destroy()
  await expect
    .poll(() =>
      exchange(port, { body: reviewText() }).then(
        ({ status }) => status,
        () => 0,
      ),
    )
    .toBe(200)
})
