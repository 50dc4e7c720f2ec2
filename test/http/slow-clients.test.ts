import { connect as connectTcp } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { exchange, parseAnswer, rawConnection, reviewText, serverWith } from './tls-client.ts'

// The real limits are 5 and 10 s; the same code with shorter ones.
const limits = { headersMs: 300, requestMs: 2000, handshakeMs: 300, checkEveryMs: 50 }
const server = await serverWith({ limits })
const { port } = server

const elapsed = async <T>(promise: Promise<T>): Promise<[T, number]> => {
  const start = performance.now()
  return [await promise, performance.now() - start]
}

/** Others are answered all the while. */
async function othersAreServed(until: Promise<unknown>): Promise<number> {
  let served = 0
  let isOver = false
  void until.then(() => {
    isOver = true
  })
  while (!isOver) {
    expect((await exchange(port, { body: reviewText() })).status).toBe(200)
    served += 1
  }
  return served
}

test('slow headers: 408 in JSON, then closed; others are served meanwhile', async () => {
  const connection = await rawConnection(port)
  connection.send('POST /mutate HTTP/1.1\r\nHost: x\r\n')
  const timer = setInterval(() => connection.send('X: y\r\n'), 50)
  const [[text, ms], served] = await Promise.all([elapsed(connection.closed), othersAreServed(connection.closed)])
  clearInterval(timer)
  expect(parseAnswer(text)).toMatchObject({ status: 408, body: '{"error":"the request did not come in time"}\n' })
  expect(ms).toBeGreaterThan(200)
  expect(ms).toBeLessThan(1500)
  expect(served).toBeGreaterThan(1)
})

test('a connection that was not used yet is kept as one between requests is, and is answered then', async () => {
  const unused = await serverWith({ limits: { ...limits, keepAliveMs: 2500 } })
  const connection = await rawConnection(unused.port)
  let isClosed = false
  void connection.closed.then(() => {
    isClosed = true
  })
  await sleep(1000)
  expect(isClosed).toBe(false)
  const body = reviewText()
  const head = 'POST /mutate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n'
  connection.send(`${head}Content-Length: ${body.length}\r\n\r\n${body}`)
  expect(parseAnswer(await connection.until('"uid"')).status).toBe(200)
  expect((await unused.admin('/metrics')).body).not.toContain('bad_requests_total{status="408"}')
})

test('a connection that is never used is closed in the end', async () => {
  const unused = await serverWith({ limits: { ...limits, keepAliveMs: 600 } })
  const [text, ms] = await elapsed((await rawConnection(unused.port)).closed)
  expect(text).toBe('')
  expect(ms).toBeGreaterThan(600)
  expect(ms).toBeLessThan(10_000)
})

test('slow body: 408 in JSON, then closed; others are served meanwhile, and it is in flight no longer', async () => {
  const connection = await rawConnection(port)
  connection.send('POST /mutate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n')
  const timer = setInterval(() => connection.send(' '), 50)
  const [[text, ms], served] = await Promise.all([elapsed(connection.closed), othersAreServed(connection.closed)])
  clearInterval(timer)
  expect(parseAnswer(text).status).toBe(408)
  expect(ms).toBeGreaterThan(1500)
  expect(ms).toBeLessThan(4500)
  expect(served).toBeGreaterThan(1)
  const { body } = await server.admin('/metrics')
  expect(body).toContain('linkerd_tracing_requests_in_flight 0')
  expect(body).toContain('linkerd_tracing_bad_requests_total{status="408"}')
})

test('a body without end is closed after its 413', async () => {
  const small = await serverWith({ limits: { ...limits, bodyBytes: 1000 } })
  const connection = await rawConnection(small.port)
  connection.send(
    'POST /mutate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n',
  )
  const timer = setInterval(() => connection.send(`400\r\n${'x'.repeat(0x400)}\r\n`), 20)
  const [text, ms] = await elapsed(connection.closed)
  clearInterval(timer)
  expect(parseAnswer(text).status).toBe(413)
  expect(ms).toBeLessThan(4500)
})

test('a connection that never says a word, not even of the handshake, is closed', async () => {
  const silent = connectTcp(port, '127.0.0.1')
  silent.on('error', () => {})
  const [, handshakeMs] = await elapsed(new Promise((resolve) => silent.on('close', resolve)))
  expect(handshakeMs).toBeLessThan(1500)
})

test('an idle connection is kept for its own time, not for that of a request', async () => {
  const idle = await serverWith({ limits: { ...limits, keepAliveMs: 3000 } })
  const connection = await rawConnection(idle.port)
  const body = reviewText()
  const text = `POST /mutate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  connection.send(text)
  await connection.until('"uid"')
  const [, ms] = await elapsed(connection.closed)
  expect(ms).toBeGreaterThan(2900)
})
