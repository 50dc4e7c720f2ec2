import { createServer } from 'node:net'
import { afterAll, expect, test } from 'vitest'
import { buildAdminServer } from '../../src/http/admin-server.ts'
import { listen } from '../../src/http/listen.ts'
import { serverWith } from './tls-client.ts'

const taken = createServer()
await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
const takenPort = (taken.address() as { port: number }).port
afterAll(() => void taken.close())

const app = () =>
  buildAdminServer({
    conditions: () => ({ tls: true, caches: true, shuttingDown: false }),
    renderMetrics: async () => ({ contentType: 'text/plain', text: '' }),
  })
const failure = (code: string) => Object.assign(new Error(`said ${code}`), { code })

test('0 takes a free port and tells which', async () => {
  const server = app()
  const port = await listen(server, { host: '127.0.0.1', port: 0, flag: 'port' })
  expect((await fetch(`http://127.0.0.1:${port}/live`)).status).toBe(200)
  await server.close()
})

test(':: is all addresses, of IPv4 too', async () => {
  const server = app()
  const port = await listen(server, { host: '::', port: 0, flag: 'port' })
  expect((await fetch(`http://127.0.0.1:${port}/live`)).status).toBe(200)
  await server.close()
})

test('a port in use: one sentence with the port and the flag', async () => {
  await expect(listen(app(), { host: '127.0.0.1', port: takenPort, flag: 'admin-port' })).rejects.toThrowError(
    `port ${takenPort} of 127.0.0.1 is in use: choose another with --admin-port, or stop what uses it`,
  )
})

test('an address that is not of this machine: a sentence with the flags', async () => {
  await expect(listen(app(), { host: '192.0.2.1', port: 0, flag: 'port' })).rejects.toThrowError(
    /^port 0 of 192\.0\.2\.1 cannot be listened on \(--host, --port\): .*EADDRNOTAVAIL/,
  )
})

test('when the second port cannot be had, the first one is free again', async () => {
  const { port, close } = await serverWith()
  await close()
  await expect(serverWith({ port, adminPort: takenPort })).rejects.toThrowError(/--admin-port/)
  const again = await serverWith({ port })
  expect(again.port).toBe(port)
})

// What a machine without IPv6 says cannot be had on one with it: the port `Listenable` stands in for the kernel.
test.each(['EAFNOSUPPORT', 'EADDRNOTAVAIL'])('where IPv6 is off (%s), :: falls back to 0.0.0.0', async (code) => {
  const asked: string[] = []
  const port = await listen(
    {
      listen: async ({ host }) => {
        asked.push(host)
        if (host === '::') throw failure(code)
        return ''
      },
      server: { address: () => null },
    },
    { host: '::', port: 7, flag: 'port' },
  )
  expect(asked).toEqual(['::', '0.0.0.0'])
  expect(port).toBe(7)
})

test('a port that needs other rights: a sentence', async () => {
  const denied = { listen: () => Promise.reject(failure('EACCES')), server: { address: () => null } }
  await expect(listen(denied, { host: '::', port: 443, flag: 'port' })).rejects.toThrowError(
    'port 443 of :: may not be used by this user: choose one above 1023 with --port',
  )
})

test('Fastify itself can listen again after it could not', async () => {
  const server = app()
  await expect(server.listen({ host: '127.0.0.1', port: takenPort })).rejects.toThrowError(/EADDRINUSE/)
  await server.listen({ host: '127.0.0.1', port: 0 })
  await server.close()
})
