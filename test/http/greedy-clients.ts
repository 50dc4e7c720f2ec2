/** Clients that take what they can get from a server: connections, memory, time. Each keeps on until it is stopped. */
import { readFileSync } from 'node:fs'
import { connect as connectTcp, type Socket } from 'node:net'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { type PostOptions, postOnce } from './post-once.ts'

export interface Target {
  readonly port: number
  readonly ca: string
}

export interface GreedyClients {
  readonly name: string
  /** Begins, resolves when all of them are at it, gives what ends them. */
  readonly start: (target: Target, count: number) => Promise<() => void>
}

export const SMALL = readFileSync(join(import.meta.dirname, '../fixtures/payloads/small.json'), 'utf8')
const HEAD = 'POST /mutate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n'
const BODY_LIMIT = 7 * 1024 * 1024

/** In the place of the Pod's spec: what is parsed, and needed by nobody. */
const withMember = (text: string) => SMALL.replace('"spec":{', `"spec":{${text},`)

const HOSTILE_BODIES: readonly PostOptions[] = [
  { body: withMember(`"deep":${'['.repeat(200_000)}${']'.repeat(200_000)}`) },
  { body: withMember(`"deep":${'{"a":'.repeat(200_000)}0${'}'.repeat(200_000)}`) },
  { body: withMember(`"deep":${'['.repeat(3_000_000)}${']'.repeat(3_000_000)}`) },
  { body: withMember(`"wide":[${'[],'.repeat(2_000_000)}0]`) },
  { body: withMember(`"${'k'.repeat(6_000_000)}":0`) },
  { body: withMember('"__proto__":{"containers":[]},"constructor":{"prototype":{"allowed":false}}') },
  { body: withMember(Array(200_000).fill('"twice":1').join()) },
  { body: Buffer.concat([Buffer.from(SMALL), Buffer.from([0xc0, 0xaf])]) },
  { body: SMALL, headers: { 'content-encoding': 'gzip' } },
  { body: SMALL, headers: { 'content-type': 'application/json; charset=utf-16' } },
]

const ENDLESS = `400\r\n${'x'.repeat(1024)}\r\n`.repeat(64)
/** Each of them may take the largest body, and sends a quarter of a megabyte at a time. */
const LARGE = `${HEAD}Content-Length: ${BODY_LIMIT}\r\n\r\n`

export const GREEDY: readonly GreedyClients[] = [
  { name: 'slow headers', start: dripping({ first: HEAD, drop: 'X: y\r\n' }) },
  { name: 'slow bodies', start: dripping({ first: `${HEAD}Content-Length: 8000\r\n\r\n`, drop: ' ' }) },
  { name: 'large bodies that never end', start: dripping({ first: LARGE, drop: ' '.repeat(256 * 1024) }) },
  {
    name: 'bodies over the limit',
    start: dripping({ first: `${HEAD}Transfer-Encoding: chunked\r\n\r\n`, drop: ENDLESS }),
  },
  { name: 'half-open connections', start: halfOpen },
  { name: 'idle connections', start: idle },
  { name: 'hostile bodies', start: posting(HOSTILE_BODIES) },
]

/** Connections that send something at once and a little more now and then; each is made anew when it was closed. */
function dripping({ first, drop }: { readonly first: string; readonly drop: string }): GreedyClients['start'] {
  return async (target, count) => {
    const sockets = keepOpen(count, () => open(target, (socket) => socket.write(first)))
    const timer = setInterval(() => {
      for (const socket of sockets.all()) if (socket.writableLength === 0) socket.write(drop)
    }, 100)
    return () => {
      clearInterval(timer)
      sockets.stop()
    }
  }
}

/** Without a handshake, and without a word after one; the last ones end their own direction at once. */
async function halfOpen({ port, ca }: Target, count: number): Promise<() => void> {
  const third = Math.ceil(count / 3)
  const all = [
    keepOpen(third, () => connectTcp(port, '127.0.0.1')),
    keepOpen(third, () => open({ port, ca }, () => {})),
    keepOpen(third, () => open({ port, ca }, (socket) => socket.end(`${HEAD}Content-Length: 10\r\n\r\n{`))),
  ]
  return () => {
    for (const sockets of all) sockets.stop()
  }
}

/** Connections that were answered once, and then wait: the server keeps such ones for two minutes. */
async function idle(target: Target, count: number): Promise<() => void> {
  const sockets: Socket[] = []
  for (let made = 0; made < count; made += 50) {
    const some = Array.from({ length: Math.min(50, count - made) }, () => answeredOnce(target))
    sockets.push(...(await Promise.all(some)))
  }
  return () => {
    for (const socket of sockets) socket.destroy()
  }
}

function answeredOnce(target: Target): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = open(target, () => socket.write(`${HEAD}Content-Length: 2\r\n\r\n{}`))
    // Also when the server has closed it: then it is one that it did not have to bear.
    const settle = () => resolve(socket)
    socket.once('data', settle).once('close', settle).on('error', settle)
  })
}

function posting(posts: readonly PostOptions[]): GreedyClients['start'] {
  return async (target, count) => {
    let isOver = false
    const post = async (index: number) => {
      for (let turn = index; !isOver; turn += 1) {
        await postOnce(target, posts[turn % posts.length] as PostOptions).catch(() => {})
      }
    }
    const all = Array.from({ length: Math.min(count, posts.length) }, (_, index) => post(index))
    return () => {
      isOver = true
      void Promise.all(all)
    }
  }
}

function open({ port, ca }: Target, onOpen: (socket: Socket) => void): Socket {
  const options = { host: '127.0.0.1', port, ca, servername: 'localhost' }
  const socket: Socket = connect(options, () => onOpen(socket))
  return socket
}

function keepOpen(count: number, make: () => Socket) {
  const sockets = new Set<Socket>()
  let isOver = false
  const add = () => {
    if (isOver) return
    const socket = make()
    sockets.add(socket)
    socket.on('error', () => {}).on('data', () => {})
    // A pause, as a client has that is on another machine.
    socket.once('close', () => {
      sockets.delete(socket)
      setTimeout(add, 200)
    })
  }
  for (let made = 0; made < count; made += 1) add()
  const stop = () => {
    isOver = true
    for (const socket of sockets) socket.destroy()
  }
  return { all: () => sockets, stop }
}
