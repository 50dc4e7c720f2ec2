import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SecureVersion } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { issueCertificate } from '../../src/tls/issue-certificate.ts'
import { parseServingCertificate } from '../../src/tls/serving-certificate.ts'
import { spawnServe } from '../cli/cli-run.ts'
import { CERTIFICATE, exchange, ISSUED, rawConnection, reviewText, serverWith } from './tls-client.ts'

const { port } = await serverWith()

test.each(['TLSv1', 'TLSv1.1'] as const)('%s is refused', async (maxVersion) => {
  // Security level 0 on both sides: else OpenSSL itself would refuse, and the test would show nothing of ours.
  const server = await spawnServe([], ['--tls-cipher-list=DEFAULT@SECLEVEL=0'])
  const ca = await readFile(join(server.certDir, 'ca.crt'))
  const of = (version: SecureVersion) =>
    rawConnection(server.port, { ca, minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' })
  await expect(of(maxVersion)).rejects.toThrowError(/alert protocol version/i)
  const { socket } = await of('TLSv1.2')
  socket.destroy()
  server.child.kill('SIGINT')
  expect(await server.exited).toBe(0)
})

test.each(['TLSv1.2', 'TLSv1.3'] as const)('%s is spoken, with ECDSA', async (version) => {
  const { socket } = await rawConnection(port, { minVersion: version, maxVersion: version })
  expect(socket.getProtocol()).toBe(version)
  expect(socket.getPeerCertificate().asn1Curve).toBe('prime256v1')
  socket.destroy()
})

test('of h2 and http/1.1 the latter is chosen', async () => {
  const { socket } = await rawConnection(port, { ALPNProtocols: ['h2', 'http/1.1'] })
  expect(socket.alpnProtocol).toBe('http/1.1')
  socket.destroy()
})

test('h2 alone is refused', async () => {
  await expect(rawConnection(port, { ALPNProtocols: ['h2'] })).rejects.toThrowError(/no application protocol/i)
})

test('plain HTTP on the TLS port gets no answer, and harms nobody', async () => {
  await expect(fetch(`http://127.0.0.1:${port}/mutate`)).rejects.toThrowError()
  expect((await exchange(port, { body: reviewText() })).status).toBe(200)
})

test('CONNECT of a client that is gone already harms nobody', async () => {
  const connection = await rawConnection(port)
  connection.send('CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n')
  connection.socket.destroy()
  expect((await exchange(port, { body: reviewText() })).status).toBe(200)
})

describe('another certificate', () => {
  const now = Date.now()
  const notAfter = new Date(now + 7_200_000)
  const dates = { notBefore: new Date(now - 60_000), notAfter }

  test('new handshakes get it at once, connections that are there go on, the metric tells its end', async () => {
    const server = await serverWith()
    const old = await rawConnection(server.port)
    const issued = await issueCertificate({ names: ['localhost'], ...dates })
    server.useCertificate(parseServingCertificate({ ...issued, now: new Date() }))
    const body = reviewText('old')
    old.send(
      `POST /mutate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`,
    )
    old.send(body)
    await old.until('"uid":"old"')
    await expect(rawConnection(server.port)).rejects.toThrowError(/certificate/)
    const fresh = await rawConnection(server.port, { ca: issued.caPem })
    expect(fresh.socket.authorized).toBe(true)
    fresh.socket.destroy()
    old.socket.destroy()
    const seconds = Math.floor(notAfter.getTime() / 1000)
    expect((await server.admin('/metrics')).body).toContain(`certificate_expiry_timestamp_seconds ${seconds}\n`)
  })

  test('one that is no pair is refused, and the last good one stays', async () => {
    const server = await serverWith()
    const issued = await issueCertificate({ names: ['localhost'], ...dates })
    expect(() => server.useCertificate({ ...CERTIFICATE, keyPem: issued.keyPem })).toThrowError(/mismatch/)
    const connection = await rawConnection(server.port, { ca: ISSUED.caPem })
    expect(connection.socket.authorized).toBe(true)
    connection.socket.destroy()
  })

  test('TLS 1.1 is refused after a swap too', async () => {
    const server = await serverWith()
    server.useCertificate(CERTIFICATE)
    const old = rawConnection(server.port, {
      maxVersion: 'TLSv1.1',
      minVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    })
    await expect(old).rejects.toThrowError(/alert protocol version|unsupported protocol/i)
  })
})
