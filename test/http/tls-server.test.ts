import { expect, test } from 'vitest'
import { exchange, rawConnection, reviewText, serverWith } from './tls-client.ts'

const { port } = await serverWith()

test.each(['TLSv1', 'TLSv1.1'] as const)('%s is refused', async (maxVersion) => {
  // Security level 0: else the client itself would refuse to offer it, and the test would show nothing.
  const old = rawConnection(port, { minVersion: maxVersion, maxVersion, ciphers: 'DEFAULT@SECLEVEL=0' })
  await expect(old).rejects.toThrowError(/alert protocol version|unsupported protocol/i)
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
