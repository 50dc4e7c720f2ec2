// The page's server over real HTTP: who may ask it, and what every answer says to the browser.
import { once } from 'node:events'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import type { FastifyInstance } from 'fastify'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { PAGE_HEADERS } from '../../../src/cli/dashboard/page-headers.ts'
import { PAGE_LIMITS, type PageLimits } from '../../../src/cli/dashboard/page-limits.ts'
import { buildPageServer } from '../../../src/cli/dashboard/page-server.ts'
import { createPageToken } from '../../../src/cli/dashboard/page-token.ts'

const token = createPageToken()
const faults: unknown[] = []
let app: FastifyInstance
let port = 0
beforeAll(async () => {
  app = buildPageServer({
    token,
    files: new Map([
      ['index.html', { contentType: 'text/html; charset=utf-8', text: '<!doctype html>' }],
      ['main.js', { contentType: 'text/javascript; charset=utf-8', text: 'page()' }],
    ]),
    questions: {
      coverage: async (query) => ({ report: query.get('of') }),
      broken: async () => {
        throw new TypeError('a secret of the program')
      },
    },
    onFault: (error) => faults.push(error),
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  port = (app.server.address() as AddressInfo).port
})
afterAll(() => app.close())

interface Asked {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
}

interface Answered {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** With node:http, since fetch sends a Host of its own. */
function ask(path: string, { method = 'GET', headers = {} }: Asked = {}): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      void text(response).then((body) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
    })
    request.once('error', reject).end()
  })
}

const home = `/${token.text}/`

test('the page, its files and its answers are below the token', async () => {
  expect(await ask(home)).toMatchObject({ status: 200, body: '<!doctype html>' })
  expect(await ask(`${home}main.js`)).toMatchObject({ status: 200, body: 'page()' })
  expect(await ask(`${home}api/coverage?of=shop`)).toMatchObject({ status: 200, body: '{"report":"shop"}' })
  expect((await ask(`${home}main.js`)).headers['content-type']).toBe('text/javascript; charset=utf-8')
})

test('without its last slash the address leads to the one with it, or files would be looked for elsewhere', async () => {
  const { status, headers } = await ask(`/${token.text}`)
  expect({ status, location: headers.location }).toEqual({ status: 302, location: home })
})

test('marks in foreign text that a browser would obey, or not show, are made visible', async () => {
  const { body } = await ask(`${home}api/coverage?of=${encodeURIComponent('shop\u202e\u200b\u0007\n日本')}`)
  expect(JSON.parse(body)).toEqual({ report: 'shop\\u202e\\u200b\\u0007\n日本' })
})

describe('without the token nothing is told, not even what there is', () => {
  const wrong = `${token.text.slice(0, -1)}${token.text.endsWith('A') ? 'B' : 'A'}`
  test.each([
    ['no path', '/'],
    ['another token', `/${wrong}/`],
    ['a part of it', `/${token.text.slice(0, 20)}/`],
    ['more than it', `/${token.text}x/`],
    ['it in another place', `/api/${token.text}/`],
    ['it as a query', `/?${token.text}`],
    ['an answer', '/x/api/coverage'],
    ['a file', '/main.js'],
    ['what is not there', '/x/nothing'],
  ])('%s', async (_what, path) => {
    const { status, body } = await ask(path)
    expect(status).toBe(403)
    expect(JSON.parse(body)).toEqual({ error: 'the address that dashboard printed has a token, which is missing' })
  })
})

test('every start has another token, of 256 bits', () => {
  const texts = new Set(Array.from({ length: 100 }, () => createPageToken().text))
  expect(texts.size).toBe(100)
  for (const one of texts) expect(Buffer.from(one, 'base64url')).toHaveLength(32)
})

describe('by another name than this machine’s own nothing is told, though it leads here (DNS rebinding)', () => {
  test.each([
    ['a stranger’s', () => `evil.example:${port}`],
    ['one that begins with ours', () => `127.0.0.1.evil.example:${port}`],
    ['another port', () => '127.0.0.1:1'],
    ['no port', () => '127.0.0.1'],
    ['every address of this machine', () => `0.0.0.0:${port}`],
  ])('%s', async (_what, host) => {
    expect((await ask(home, { headers: { host: host() } })).status).toBe(403)
    expect((await ask(`${home}api/coverage`, { headers: { host: host() } })).status).toBe(403)
  })

  test('localhost is its own name', async () => {
    expect((await ask(home, { headers: { host: `localhost:${port}` } })).status).toBe(200)
  })
})

test.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'])(
  '%s is refused: the page is only read',
  async (method) => {
    const { status, headers } = await ask(`${home}api/coverage`, { method })
    expect({ status, allow: headers.allow }).toEqual({ status: 405, allow: 'GET' })
  },
)

test('another origin is told by no header that it may read', async () => {
  const { status, headers } = await ask(`${home}api/coverage`, { headers: { origin: 'https://evil.example' } })
  expect(status).toBe(200)
  expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([])
})

describe('headers', () => {
  test.each([
    ['the page', 200, () => ask(home)],
    ['a file', 200, () => ask(`${home}main.js`)],
    ['an answer', 200, () => ask(`${home}api/coverage`)],
    ['a missing token', 403, () => ask('/')],
    ['a wrong method', 405, () => ask(home, { method: 'POST' })],
    ['nothing there', 404, () => ask(`${home}nothing`)],
    ['a path that cannot be decoded', 400, () => ask(`${home}%`)],
    ['a fault', 500, () => ask(`${home}api/broken`)],
  ])('%s (%i) has all of them', async (_what, status, answer) => {
    const { headers, ...got } = await answer()
    expect(got.status).toBe(status)
    expect(headers).toMatchObject(PAGE_HEADERS)
  })

  test('the policy lets scripts and styles come from this server only, and nobody frame the page', () => {
    const policy = PAGE_HEADERS['content-security-policy'] ?? ''
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; /)
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toMatch(/unsafe|\*|https?:/)
  })

  test('nothing is kept, guessed or told to who is linked to', () => {
    expect(PAGE_HEADERS).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    })
  })
})

describe('clients that take more than their part', () => {
  const opened: Socket[] = []
  let limited: FastifyInstance
  const start = async (limits: Partial<PageLimits>) => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>()
    const questions = { slow: () => released.then(() => ({ report: 'late' })) }
    const all = { ...PAGE_LIMITS, ...limits }
    limited = buildPageServer({
      token,
      files: new Map(),
      questions,
      onFault: (error) => faults.push(error),
      limits: all,
    })
    await limited.listen({ host: '127.0.0.1', port: 0 })
    return release
  }
  afterEach(async () => {
    for (const socket of opened.splice(0)) socket.destroy()
    await limited.close()
  })

  /** Sends this, and nothing else; `got` resolves when the server has closed the connection, with what it sent. */
  async function open(sent: string): Promise<{ readonly got: Promise<string> }> {
    const socket = connect((limited.server.address() as AddressInfo).port, '127.0.0.1')
    opened.push(socket)
    const got = text(socket).catch(String)
    await once(socket, 'connect')
    socket.write(sent)
    return { got }
  }

  function openAsking(...headers: string[]): ReturnType<typeof open> {
    const { port: own } = limited.server.address() as AddressInfo
    return open([`GET ${home}api/slow HTTP/1.1`, `host: localhost:${own}`, ...headers, '', ''].join('\r\n'))
  }

  test('who asks nothing keeps nobody out: the connection that has waited longest is closed', async () => {
    const release = await start({ connections: 8 })
    const first = await open('')
    for (let more = 1; more < 16; more++) await open('')
    expect(await first.got).toBe('')
    const asked = await openAsking('connection: close')
    release()
    expect(await asked.got).toMatch(/^HTTP\/1\.1 200 .*\{"report":"late"\}$/s)
  })

  test('there are no more connections than there may be', async () => {
    const release = await start({ connections: 2 })
    const asked = await openAsking('connection: close')
    await once(limited.server, 'request')
    const waiting = await open('')
    expect(await (await open('')).got).toBe('')
    expect(await Promise.race([waiting.got, 'still there'])).toBe('still there')
    release()
    expect(await asked.got).toContain('{"report":"late"}')
  })

  test.each(['', 'GET / HTTP/1.1\r\n'])('headers that do not come are not waited for: %j', async (sent) => {
    await start({ headersMs: 200, checkEveryMs: 50 })
    expect(await (await open(sent)).got).toMatch(/^HTTP\/1\.1 408 /)
  })

  test('a body that does not come is not waited for', async () => {
    // The answer comes within that on a busy machine too.
    const release = await start({ requestMs: 2_000, checkEveryMs: 50 })
    release()
    expect(await (await openAsking('content-length: 9')).got).toContain('{"report":"late"}')
  })
})

test('a fault is told to the terminal, and nothing of it to the page', async () => {
  faults.splice(0)
  const { status, body } = await ask(`${home}api/broken`)
  expect({ status, body }).toEqual({ status: 500, body: '{"error":"linkerd-tracing failed"}\n' })
  expect(faults).toEqual([expect.objectContaining({ message: 'a secret of the program' })])
})
