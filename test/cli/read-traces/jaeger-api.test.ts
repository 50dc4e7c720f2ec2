import type { ServerResponse } from 'node:http'
import { createServer } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import { openJaegerApi } from '../../../src/cli/read-traces/jaeger-api.ts'
import { findServices } from '../../../src/cli/read-traces/search-traces.ts'
import { type ServedJaeger, sendJson, serve } from './served-jaeger.ts'

let served: ServedJaeger | undefined
afterEach(() => served?.close())

async function services(handle: (url: URL, response: ServerResponse) => void, { isCompressed = false } = {}) {
  served?.close()
  served = await serve(handle)
  return ask(served.url, isCompressed)
}

async function ask(url: string, isCompressed = false): Promise<string[]> {
  const api = openJaegerApi({ url, isCompressed })
  try {
    return await findServices(api)
  } finally {
    api.close()
  }
}

const html = (_: URL, response: ServerResponse) =>
  void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>')
const withHead =
  (status: number, headers: Record<string, string> = {}) =>
  (_: URL, response: ServerResponse) =>
    void response.writeHead(status, headers).end('who are you?')

describe('Jaeger’s API', () => {
  test('is below the base path, with a slash at its end or without', async () => {
    const names = (_: URL, response: ServerResponse) => sendJson(response, 200, { data: ['web', 'naïve', 'cart'] })
    expect(await services(names)).toEqual(['cart', 'naïve', 'web'])
    expect(await ask(`${served?.url}/`)).toEqual(['cart', 'naïve', 'web'])
    expect(served?.asked.map(({ pathname }) => pathname)).toEqual(['/jaeger/api/services', '/jaeger/api/services'])
  })

  test('may answer compressed, where it is asked for that', async () => {
    const packed = gzipSync(JSON.stringify({ data: ['web'] }))
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' }
    const handle = (_: URL, response: ServerResponse) => void response.writeHead(200, headers).end(packed)
    expect(await services(handle, { isCompressed: true })).toEqual(['web'])
  })

  test('behind a login is told from one that is away', async () => {
    const login = /it wants a login, which cannot be given here. Without --jaeger-url a port is forwarded, past it$/
    await expect(services(withHead(401))).rejects.toThrow(/\/jaeger\/api\/services answered HTTP 401: it wants a login/)
    await expect(services(withHead(403))).rejects.toThrow(login)
    const location = 'https://sso.example/login?state=secret'
    await expect(services(withHead(302, { location }))).rejects.toThrow(
      /leads to https:\/\/sso.example\/login \(HTTP 302\)/,
    )
  })

  test('is not where a page or nothing is: the base path', async () => {
    const message = 'is not Jaeger’s API: does the base path belong to the URL?'
    await expect(services(html)).rejects.toThrow(message)
    await expect(services(withHead(404))).rejects.toThrow(message)
  })

  test('says itself what it refuses, others do not', async () => {
    const refuse = (_: URL, response: ServerResponse) => sendJson(response, 500, { errors: [{ msg: 'out of "disk"' }] })
    await expect(services(refuse)).rejects.toThrow(/services answered HTTP 500: out of "disk"$/)
    const steer = (_: URL, response: ServerResponse) => sendJson(response, 500, { errors: [{ msg: 'no\u001b[2J\nx' }] })
    await expect(services(steer)).rejects.toThrow(/: no\\u001b\[2J\\nx$/)
    await expect(services(withHead(502))).rejects.toThrow(/services answered HTTP 502$/)
  })

  test('that breaks off in the middle has not answered', async () => {
    const breaksOff = (_: URL, response: ServerResponse) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"data":["web"')
      setImmediate(() => response.destroy())
    }
    await expect(services(breaksOff)).rejects.toThrow(/^Jaeger’s answer broke off: /)
    const short = (_: URL, response: ServerResponse) =>
      void response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":["web"')
    await expect(services(short)).rejects.toThrow('Jaeger’s answer is no JSON of traces, or broke off')
  })

  test('that is away is named, without what is secret in its URL', async () => {
    const closed = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => closed.once('listening', resolve))
    const { port } = closed.address() as { port: number }
    await new Promise((resolve) => closed.close(resolve))
    await expect(ask(`http://user:secret@127.0.0.1:${port}/jaeger`)).rejects.toThrow(
      `http://127.0.0.1:${port}/jaeger/api/services gives no answer: connect ECONNREFUSED 127.0.0.1:${port}`,
    )
  })

  test.each(['ftp://x', 'localhost:16686', '', 'http://'])('is not at %j', async (url) => {
    await expect(ask(url)).rejects.toThrow(`--jaeger-url ${url} is no URL such as http://127.0.0.1:16686/jaeger`)
  })
})
