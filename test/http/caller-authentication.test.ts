import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { ConnectionOptions } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { callerNames, refusalOf } from '../../src/http/caller-authentication.ts'
import { type LeafOptions, testCa, testLeaf } from '../tls/test-certificates.ts'
import { CERTIFICATE, type RawConnection, rawConnection, reviewText, serverWith } from './tls-client.ts'

const ca = await testCa('callers')
const strangersCa = await testCa('strangers')
const client = (options: LeafOptions = {}) =>
  testLeaf(ca, { commonName: 'kube-apiserver', names: [], usage: 'client', ...options })
const shown = ({ certPem, keyPem }: { certPem: string; keyPem: string }): ConnectionOptions => ({
  cert: certPem,
  key: keyPem,
})
const apiServer = shown(await client())
const callers = { caPem: ca.certPem, allowedNames: ['kube-apiserver'] }
const server = await serverWith({ callers })

function ask(connection: RawConnection, { path = '/mutate', method = 'POST', body = reviewText() } = {}): void {
  const head = ['Host: localhost', 'Content-Type: application/json', `Content-Length: ${body.length}`]
  connection.send(`${[`${method} ${path} HTTP/1.1`, ...head, '', ''].join('\r\n')}${body}`)
}

/** A way to the server that calls back at the server's first word, and holds that back until it has returned. */
async function gateTo(port: number, onAnswer: () => void): Promise<{ port: number; close: () => void }> {
  const gate = createServer((near: Socket) => {
    const far = connect(port, '127.0.0.1')
    far.once('data', onAnswer)
    near.pipe(far).pipe(near)
    for (const end of [near, far]) end.on('error', () => {})
  }).listen(0, '127.0.0.1')
  await once(gate, 'listening')
  return { port: (gate.address() as AddressInfo).port, close: () => gate.close() }
}

/** The status line and what follows of one answer. */
async function answerTo(options: ConnectionOptions, request = {}, port = server.port): Promise<string> {
  const connection = await rawConnection(port, options)
  ask(connection, request)
  const answer = await connection.until('\n')
  const rest = await connection.until('}')
  connection.socket.destroy()
  return answer.length > rest.length ? answer : rest
}

describe('with --client-ca-file', () => {
  test('a caller with a certificate of the CA and an allowed name is answered', async () => {
    expect(await answerTo(apiServer)).toMatch(/^HTTP\/1\.1 200 /)
  })

  test.each(['TLSv1.2', 'TLSv1.3'] as const)('without a certificate: 401, over %s', async (maxVersion) => {
    const answer = await answerTo({ maxVersion })
    expect(answer).toMatch(/^HTTP\/1\.1 401 [\s\S]*{"error":"a client certificate is needed"}/)
    expect(answer).toContain('application/json')
  })

  test.each([
    ['of another CA', () => testLeaf(strangersCa, { commonName: 'kube-apiserver', usage: 'client' }), 'is not trusted'],
    ['that has expired', () => client({ notAfter: new Date(Date.now() - 1000) }), 'is not trusted: CERT_HAS_EXPIRED'],
    ['of a server', () => client({ usage: 'server' }), 'is not trusted: INVALID_PURPOSE'],
    ['with another name', () => client({ commonName: 'kubelet' }), 'allowed: [\\"kubelet\\"]'],
    ['with a name that only begins so', () => client({ commonName: 'kube-apiserver.evil' }), 'allowed'],
    ['with a wildcard', () => client({ commonName: 'x', names: ['*', '*.svc'] }), 'allowed'],
  ])('with one %s: 401', async (_what, make, reason) => {
    const answer = await answerTo(shown(await make()))
    expect(answer).toMatch(/^HTTP\/1\.1 401 /)
    expect(answer).toContain(reason)
  })

  test('a certificate that expires is refused from then on, on a connection that is there too, which ends', async () => {
    // Dates of certificates are whole seconds.
    const brief = shown(await client({ notAfter: new Date(Date.now() + 2000) }))
    const connection = await rawConnection(server.port, brief)
    let asked = 0
    const isClosed = () => {
      if (!connection.socket.closed && connection.socket.writable) ask(connection, { body: reviewText(`u-${asked++}`) })
      return connection.socket.closed
    }
    isClosed()
    expect(await connection.until('"uid":"u-0"')).toMatch(/^HTTP\/1\.1 200 /)
    await expect.poll(isClosed, { timeout: 5_000 }).toBe(true)
    const answers = await connection.closed
    expect(answers).toMatch(/connection: close[\s\S]*is not trusted: CERT_HAS_EXPIRED"}\n$/i)
    expect(answers.match(/ 401 /g)).toHaveLength(1)
  })

  test('a SAN counts as a name', async () => {
    expect(await answerTo(shown(await client({ commonName: 'x', names: ['kube-apiserver'] })))).toContain(' 200 ')
  })

  test('401 comes before the body, and before anything is said about the request', async () => {
    const connection = await rawConnection(server.port)
    connection.send('GET /secret HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n')
    expect(await connection.until('}')).toMatch(/^HTTP\/1\.1 401 /)
    connection.socket.destroy()
  })

  test('no allowed names: any name of the CA', async () => {
    const open = await serverWith({ callers: { ...callers, allowedNames: [] } })
    expect(await answerTo(shown(await client({ commonName: 'anybody' })), {}, open.port)).toContain(' 200 ')
    expect(await answerTo({}, {}, open.port)).toContain(' 401 ')
  })

  test('401 is counted, logged now and then, and the admin port asks for nothing', async () => {
    const strict = await serverWith({ callers })
    for (let count = 0; count < 3; count += 1) await answerTo({}, {}, strict.port)
    expect((await strict.admin('/metrics')).body).toContain('bad_requests_total{status="401"} 3\n')
    expect(strict.logged.filter(({ msg }) => msg === 'caller refused')).toHaveLength(1)
    expect((await strict.admin('/ready')).status).toBe(200)
  })
})

describe('another CA file', () => {
  test('counts for new handshakes; a connection that is there gets one more answer, and no request is lost', async () => {
    const strict = await serverWith({ callers })
    const old = await rawConnection(strict.port, apiServer)
    ask(old)
    expect(await old.until('"uid":"u-1"')).not.toMatch(/connection: close/i)
    strict.useCallerCa(strangersCa.certPem)
    ask(old, { body: reviewText('u-2') })
    const answers = await old.closed
    expect(answers).toMatch(/connection: close[\s\S]*"uid":"u-2"/i)
    expect(await answerTo(apiServer, {}, strict.port)).toContain(' 401 ')
    const stranger = shown(await testLeaf(strangersCa, { commonName: 'kube-apiserver', usage: 'client' }))
    expect(await answerTo(stranger, {}, strict.port)).toContain(' 200 ')
  })

  test('counts for a handshake that began before it: the old one vouches for one answer, and no request is lost', async () => {
    const strict = await serverWith({ callers })
    // The server has begun the handshake by the CA of that moment when it says its first word.
    const gate = await gateTo(strict.port, () => strict.useCallerCa(strangersCa.certPem))
    const connection = await rawConnection(gate.port, apiServer)
    for (const uid of ['u-1', 'u-2']) ask(connection, { body: reviewText(uid) })
    const answers = await connection.closed
    expect(answers).toMatch(/^HTTP\/1\.1 200 [\s\S]*connection: close[\s\S]*"uid":"u-1"/i)
    expect(answers).not.toContain('u-2')
    gate.close()
  })

  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'is not got round by resuming a session of before it, over %s',
    async (maxVersion) => {
      const strict = await serverWith({ callers })
      const first = await rawConnection(strict.port, { ...apiServer, maxVersion })
      ask(first)
      await first.until('"uid":"u-1"')
      const resumed = { ...apiServer, maxVersion, session: first.socket.getSession() }
      first.socket.destroy()
      const again = await rawConnection(strict.port, resumed)
      expect(again.socket.isSessionReused()).toBe(true)
      again.socket.destroy()
      strict.useCallerCa(strangersCa.certPem)
      expect(await answerTo(resumed, {}, strict.port)).toMatch(/^HTTP\/1\.1 401 /)
    },
  )

  test('stays when the serving certificate changes, and the other way round', async () => {
    const strict = await serverWith({ callers })
    strict.useCertificate(CERTIFICATE)
    expect(await answerTo(apiServer, {}, strict.port)).toContain(' 200 ')
    expect(await answerTo({}, {}, strict.port)).toContain(' 401 ')
  })
})

test('without it nobody is asked for a certificate', async () => {
  const open = await serverWith()
  expect(await answerTo({}, {}, open.port)).toContain(' 200 ')
})

test.each([
  [999, 'CERT_NOT_YET_VALID'],
  [1000, undefined],
  [1999, undefined],
  [2000, 'CERT_HAS_EXPIRED'],
])('of a certificate from 1000 to 2000 is said at %i: %s', (now, why) => {
  const said = refusalOf({ notBefore: 1000, notAfter: 2000 }, now)
  expect(said).toBe(why && `the client certificate is not trusted: ${why}`)
  expect(refusalOf({ refusal: 'no', notBefore: 1000, notAfter: 2000 }, now)).toBe('no')
})

describe('names of a certificate', () => {
  test('CN and SANs of every kind, as they are written', async () => {
    const { certPem } = await client({ commonName: 'a', names: ['b.svc', '*.c'], uris: ['spiffe://d/e'] })
    expect(callerNames(new X509Certificate(certPem))).toEqual(['a', 'b.svc', '*.c', 'spiffe://d/e'])
  })

  test('a comma or a quote in one does not make it two', async () => {
    const odd = ['x, URI:kube-apiserver', 'x", DNS:"kube-apiserver']
    const { certPem } = await client({ commonName: 'a', names: [], uris: odd })
    expect(callerNames(new X509Certificate(certPem))).toEqual(['a', ...odd])
  })
})
