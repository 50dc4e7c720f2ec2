import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createPortForwards, type PortForward } from '../../src/kubernetes/port-forward.ts'
import { type PodServer, servePods } from './pod-server.ts'

const TARGET = { namespace: 'tracing', pod: 'collector-1', port: 4318 }
const LARGE = 'x'.repeat(3_000_000)

let pods: PodServer
let web: Server
const opened: PortForward[] = []
beforeEach(async () => {
  pods = await servePods()
  web = createServer((request, response) => {
    let length = 0
    request.on('data', (chunk: Buffer) => {
      length += chunk.length
    })
    request.on('end', () => response.end(request.url === '/large' ? LARGE : `${request.method} ${length}`))
  })
  pods.pods.set('tracing/collector-1:4318', await portOf(web))
})
afterEach(async () => {
  await Promise.all(opened.splice(0).map(({ close }) => close()))
  await pods.close()
  web.closeAllConnections()
  web.close()
})

async function portOf(server: Server | ReturnType<typeof createTcpServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

async function open(target = TARGET, localPort?: number): Promise<PortForward> {
  const forward = await createPortForwards(pods.config)(target, localPort)
  opened.push(forward)
  return forward
}

const ask = async ({ address }: PortForward, path = '/', init: RequestInit = {}) =>
  (await fetch(`http://${address}${path}`, { ...init, headers: { connection: 'close' } })).text()

describe('a port that leads to a Pod', () => {
  test('carries requests and answers whole, one connection after the other and at once', async () => {
    const forward = await open()
    expect(forward.address).toMatch(/^127\.0\.0\.1:\d+$/)
    expect(await ask(forward)).toBe('GET 0')
    expect(await ask(forward, '/', { method: 'POST', body: LARGE })).toBe(`POST ${LARGE.length}`)
    const answers = await Promise.all([ask(forward, '/large'), ask(forward, '/large'), ask(forward)])
    expect(answers.map(({ length }) => length)).toEqual([LARGE.length, LARGE.length, 5])
    expect(forward.refusal()).toBeUndefined()
  })

  test('what the Pod says before it is asked is not lost', async () => {
    const greeter = createTcpServer((socket) => socket.end('hello'))
    pods.pods.set('tracing/collector-1:4318', await portOf(greeter))
    const { address } = await open()
    const socket = connect(Number(address.split(':')[1]), '127.0.0.1')
    let said = ''
    for await (const chunk of socket) said += String(chunk)
    expect(said).toBe('hello')
    greeter.close()
  })

  test('is the one that was asked for; a taken one is an error, and leaves no connection', async () => {
    const { address } = await open()
    const port = Number(address.split(':')[1])
    await expect(open(TARGET, port)).rejects.toThrow(/EADDRINUSE/)
    await expect.poll(pods.open).toBe(1)
  })

  test('is gone when it is closed, connections included', async () => {
    const forward = await open()
    const socket = connect(Number(forward.address.split(':')[1]), '127.0.0.1')
    await new Promise((resolve) => socket.on('connect', resolve))
    const ended = new Promise((resolve) => socket.on('close', resolve))
    await forward.close()
    await ended
    await expect.poll(pods.open).toBe(0)
    await expect(ask(forward)).rejects.toThrow()
  })

  test('a connection that has ended before it was used is replaced', async () => {
    const forward = await open()
    pods.closeAll()
    // Its other end is in this process, too, and hears of it within a few turns.
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
    expect(await ask(forward)).toBe('GET 0')
    expect(pods.requests).toHaveLength(2)
  })

  test('a client that goes away frees its connection to the Pod', async () => {
    const forward = await open()
    const socket = connect(Number(forward.address.split(':')[1]), '127.0.0.1')
    socket.on('connect', () => socket.resetAndDestroy())
    await expect.poll(pods.open).toBe(0)
    expect(await ask(forward)).toBe('GET 0')
  })
})

describe('a way that leads nowhere', () => {
  test.each([
    [
      403,
      /^cannot forward a port to tracing\/collector-1:4318: HTTP 403: the right to .* pods\/portforward is missing$/,
    ],
    [404, /: HTTP 404 \(there is no such Pod\)$/],
    [502, /: HTTP 502$/],
  ])('is told at once: HTTP %s', async (status, message) => {
    pods.refuseWith = status
    await expect(open()).rejects.toThrow(message)
  })

  test('no API server', async () => {
    await pods.close()
    await expect(open()).rejects.toThrow(/ECONNREFUSED/)
  })

  test('nothing listens on the Pod’s port: what its node says is kept', async () => {
    const unused = createTcpServer()
    const port = await portOf(unused)
    await new Promise((resolve) => unused.close(resolve))
    pods.pods.set('tracing/collector-1:4318', port)
    const forward = await open()
    await expect(ask(forward)).rejects.toThrow()
    await expect.poll(forward.refusal).toMatch(/failed to connect: .*ECONNREFUSED/)
  })

  test('the Pod goes while it is forwarded to: the next connection is refused, and why is told', async () => {
    const forward = await open()
    await ask(forward)
    pods.refuseWith = 404
    await expect(ask(forward)).rejects.toThrow()
    expect(forward.refusal()).toMatch(/HTTP 404/)
  })
})

test('asks in the name of another where told to', async () => {
  const forward = await createPortForwards(pods.config, { user: 'jane', groups: ['dev'] })(TARGET)
  opened.push(forward)
  expect(pods.requests[0]?.headers).toMatchObject({ 'impersonate-user': 'jane', 'impersonate-group': 'dev' })
})
