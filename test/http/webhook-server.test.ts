import { readFile } from 'node:fs/promises'
import { METHODS } from 'node:http'
import { describe, expect, test } from 'vitest'
import { exchange, parseAnswer, rawConnection, reviewText, serverWith } from './tls-client.ts'

const server = await serverWith()
const { port } = server

/** About 7 MiB is what others accept. */
const MAX_BODY_BYTES = 7 * 1024 * 1024

/** An error is always one JSON sentence under `error`, without a stack. */
function expectSentence(answer: { body: string; headers: Readonly<Record<string, string>> }, sentence?: string) {
  expect(answer.headers['content-type']).toMatch(/^application\/json/)
  const body = JSON.parse(answer.body) as { error: string }
  expect(Object.keys(body)).toEqual(['error'])
  expect(body.error).not.toMatch(/\n|node_modules|\.ts:|\.js:/)
  if (sentence !== undefined) expect(body.error).toBe(sentence)
}

const metric = async (name: string) => {
  const { body } = await server.admin('/metrics')
  return Number(
    body
      .split('\n')
      .find((line) => line.startsWith(`${name} `))
      ?.slice(name.length) ?? 0,
  )
}

describe('POST /mutate', () => {
  test('a review is answered with a review: uid echoed, allowed, request not echoed', async () => {
    const answer = await exchange(port, { body: reviewText('the-uid') })
    expect(answer.status).toBe(200)
    expect(answer.headers['content-type']).toMatch(/^application\/json/)
    expect(JSON.parse(answer.body)).toEqual({
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      response: expect.objectContaining({ uid: 'the-uid', allowed: true }),
    })
  })

  test('a traced Pod gets its patch', async () => {
    const body = await readFile(new URL('../../samples/review.json', import.meta.url))
    const { response } = JSON.parse((await exchange(port, { body })).body) as { response: Record<string, unknown> }
    expect(response).toMatchObject({ patchType: 'JSONPatch', auditAnnotations: { outcome: 'traced' } })
  })

  test.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON;charset=UTF-8'])(
    'Content-Type %s is taken',
    async (type) => {
      const answer = await exchange(port, { body: reviewText(), headers: { 'Content-Type': type } })
      expect(answer.status).toBe(200)
    },
  )

  test('Content-Encoding: identity is taken', async () => {
    const answer = await exchange(port, { body: reviewText(), headers: { 'Content-Encoding': 'identity' } })
    expect(answer.status).toBe(200)
  })

  test('keys like __proto__ are data: the Pod is answered, and nothing is poisoned', async () => {
    const body = reviewText().replace(
      '"metadata":{',
      '"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"metadata":{',
    )
    expect((await exchange(port, { body })).status).toBe(200)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  test('a body of the limit is read, in chunks too; Expect: 100-continue is heard', async () => {
    const padded = reviewText().padEnd(MAX_BODY_BYTES, ' ')
    expect((await exchange(port, { body: padded, headers: { Expect: '100-continue' } })).status).toBe(100)
    const chunked = Buffer.from(`${padded.length.toString(16)}\r\n${padded}\r\n0\r\n\r\n`)
    const headers = { 'Content-Length': '', 'Transfer-Encoding': 'chunked' }
    expect((await exchange(port, { body: chunked, headers })).status).toBe(200)
  })
})

describe('400 for what is no AdmissionReview', () => {
  test.each([
    ['no body', '', 'the body is empty'],
    ['no JSON', '{', 'the body is not JSON'],
    ['no UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'the body is not UTF-8'],
    ['half a character', Buffer.from([0x22, 0xe2, 0x82, 0x22]), 'the body is not UTF-8'],
    ['a mark of byte order', '\ufeff{}', 'the body is not JSON'],
    ['a list', '[]', undefined],
    ['null', 'null', undefined],
    ['a number', '7', undefined],
    ['another kind', reviewText().replace('"AdmissionReview"', '"Pod"'), undefined],
    ['another version', reviewText().replace('admission.k8s.io/v1', 'admission.k8s.io/v2'), undefined],
    ['no uid', reviewText(''), undefined],
    ['a uid of another type', reviewText(7 as unknown as string), undefined],
  ])('%s', async (_what, body, sentence) => {
    const answer = await exchange(port, { body })
    expect(answer.status).toBe(400)
    expectSentence(answer, sentence)
  })

  test('no body and no length', async () => {
    const answer = await exchange(port, { headers: { 'Content-Length': '' } })
    expect(answer.status).toBe(400)
    expectSentence(answer, 'the body is empty')
  })

  test('nesting of 100,000 levels', async () => {
    const answer = await exchange(port, { body: '['.repeat(1e5) + ']'.repeat(1e5) })
    expect(answer.status).toBe(400)
  })
})

describe('other answers', () => {
  test.each(['/', '/mutate/', '/Mutate', '//mutate', '/mutate/x', '*'])('404 for POST %s', async (path) => {
    const answer = await exchange(port, { path, body: reviewText() })
    expect(answer.status).toBe(404)
    expectSentence(answer)
  })

  test('404 before the body is looked at', async () => {
    const answer = await exchange(port, { path: '/x', body: '{', headers: { 'Content-Type': 'text/x' } })
    expect(answer.status).toBe(404)
  })

  test.each(METHODS.filter((method) => method !== 'POST'))('405 with Allow for %s /mutate', async (method) => {
    const answer = await exchange(port, { method, path: '/mutate' })
    expect(answer.status).toBe(405)
    expect(answer.headers['allow']).toBe('POST')
    // An answer to HEAD has no body.
    if (method !== 'HEAD') expectSentence(answer)
  })

  test('405 with a body and a query too', async () => {
    expect((await exchange(port, { method: 'PUT', body: reviewText() })).status).toBe(405)
  })

  test.each([
    '',
    'text/plain',
    'application/jsonx',
    'application/json; charset=latin1',
    'x',
    'application/json, text/x',
  ])('415 for Content-Type %j', async (type) => {
    const answer = await exchange(port, { body: reviewText(), headers: { 'Content-Type': type } })
    expect(answer.status).toBe(415)
    expectSentence(answer, 'the Content-Type must be application/json')
  })

  test.each(['gzip', 'br', 'x', 'identity, gzip'])('415 for Content-Encoding %s', async (encoding) => {
    const answer = await exchange(port, { body: reviewText(), headers: { 'Content-Encoding': encoding } })
    expect(answer.status).toBe(415)
    expectSentence(answer, 'the body must not be compressed (Content-Encoding: identity)')
  })

  test('413 for a body above the limit, announced or not; the client gets to read it', async () => {
    const body = Buffer.alloc(MAX_BODY_BYTES + 1, ' ')
    const announced = await exchange(port, { body })
    expect(announced.status).toBe(413)
    expectSentence(announced)
    const chunked = Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n0\r\n\r\n')])
    const headers = { 'Content-Length': '', 'Transfer-Encoding': 'chunked' }
    const unannounced = await exchange(port, { body: chunked, headers })
    expect(unannounced.status).toBe(413)
    expectSentence(unannounced, 'the body is larger than a Pod review can be')
  })

  test.each([
    ['a URL that cannot be decoded', { path: '/%zz' }, 400],
    ['no Host', { headers: { Host: '' } }, 400],
    ['an expectation that nobody knows', { headers: { Expect: 'wonders' } }, 417],
    ['headers of 20 KB', { headers: { X: 'x'.repeat(20_000) } }, 431],
    ['two lengths', { headers: { 'Content-Length': '1, 2' } }, 400],
    ['a method that is none', { method: 'NONSENSE' }, 400],
  ])('%s', async (_what, options, status) => {
    const answer = await exchange(port, { body: reviewText(), ...options })
    expect(answer.status).toBe(status)
    expectSentence(answer)
  })

  test('what is no HTTP at all', async () => {
    const connection = await rawConnection(port)
    connection.send('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
    const answer = parseAnswer(await connection.closed)
    expect(answer.status).toBe(400)
    expectSentence(answer, 'this is no HTTP/1.1 request')
  })
})

describe('connections', () => {
  test('one serves many requests, after errors too', async () => {
    const connection = await rawConnection(port)
    const post = (body: string) =>
      connection.send(
        `POST /mutate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      )
    post(reviewText('first'))
    await connection.until('"uid":"first"')
    post('{')
    await connection.until('the body is not JSON')
    post(reviewText('third'))
    const all = await connection.until('"uid":"third"')
    expect(all).toMatch(/Keep-Alive: timeout=120\r\n/i)
    expect(all).not.toMatch(/connection: close/i)
    connection.socket.destroy()
  })

  test('requests that come in one piece are answered each for itself, in their order', async () => {
    const connection = await rawConnection(port)
    const requests = [9000, 0, 70_000, 5000, 20].map((padding, index) => {
      const body = reviewText(`uid-${index}`) + ' '.repeat(padding)
      return `POST /mutate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`
    })
    connection.send(requests.join(''))
    const all = await connection.until('"uid":"uid-4"')
    expect([...all.matchAll(/HTTP\/1.1 (\d+)/g)].map(([, status]) => status)).toEqual(Array(5).fill('200'))
    expect([...all.matchAll(/"uid":"uid-(\d)"/g)].map(([, index]) => index)).toEqual([...'01234'])
    connection.socket.destroy()
  })

  test('a client that goes away in the middle of its body is not in flight any more, and counts once', async () => {
    const before = await metric('linkerd_tracing_bad_requests_total{status="400"}')
    const connection = await rawConnection(port)
    connection.send(
      'POST /mutate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
    )
    await expect.poll(() => metric('linkerd_tracing_requests_in_flight')).toBe(1)
    connection.socket.destroy()
    await expect.poll(() => metric('linkerd_tracing_requests_in_flight')).toBe(0)
    expect(await metric('linkerd_tracing_bad_requests_total{status="400"}')).toBe(before + 1)
  })

  test('bad requests are counted by status', async () => {
    const before = await metric('linkerd_tracing_bad_requests_total{status="415"}')
    await exchange(port, { body: 'x', headers: { 'Content-Type': 'text/plain' } })
    expect(await metric('linkerd_tracing_bad_requests_total{status="415"}')).toBe(before + 1)
  })
})
