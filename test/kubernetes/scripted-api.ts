// A server that speaks the API's list and watch protocol over HTTP, as k8s.io/apiserver does, and fails when told to.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { KubeConfig } from '@kubernetes/client-node'
import fastJsonPatch, { type Operation } from 'fast-json-patch'

export interface StoredObject {
  metadata: { name: string; resourceVersion?: string; [key: string]: unknown }
  [key: string]: unknown
}

export interface SeenRequest {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export type Intercept = (request: SeenRequest, response: ServerResponse) => boolean

interface Event {
  readonly version: number
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly object: StoredObject
}

interface OpenWatch {
  readonly response: ServerResponse
  readonly name: string | undefined
}

class Collection {
  readonly objects = new Map<string, StoredObject>()
  readonly events: Event[] = []
  readonly watches = new Set<OpenWatch>()
}

export class ScriptedApi {
  readonly requests: SeenRequest[] = []
  /** Looked at first, in order; one that answers true has dealt with the request. */
  readonly intercepts: Intercept[] = []
  port = 0
  #version = 100
  #oldest = 0
  #server: Server | undefined
  readonly #sockets = new Set<Socket>()
  readonly #collections = new Map<string, Collection>()

  async start(): Promise<void> {
    const server = createServer((request, response) => void this.#answer(request, response))
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
    })
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(this.port, '127.0.0.1', resolve)
    })
    this.port = (server.address() as AddressInfo).port
    this.#server = server
  }

  /** Ends it as a crash would; its data stays. */
  async stop(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    this.disconnectAll()
    for (const collection of this.#collections.values()) collection.watches.clear()
    await new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve())))
  }

  disconnectAll(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  get openConnections(): number {
    return this.#sockets.size
  }

  config(): KubeConfig {
    const config = new KubeConfig()
    config.loadFromClusterAndUser(
      { name: 'scripted', server: `http://127.0.0.1:${this.port}`, skipTLSVerify: true },
      { name: 'tester' },
    )
    return config
  }

  put(path: string, object: StoredObject): void {
    const collection = this.#collection(path)
    const type = collection.objects.has(object.metadata.name) ? 'MODIFIED' : 'ADDED'
    this.#version += 1
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(this.#version) } }
    collection.objects.set(object.metadata.name, stored)
    this.#emit(collection, { version: this.#version, type, object: stored })
  }

  remove(path: string, name: string): void {
    const collection = this.#collection(path)
    const object = collection.objects.get(name)
    if (object === undefined) throw new Error(`no ${name}`)
    collection.objects.delete(name)
    this.#version += 1
    const last = { ...object, metadata: { ...object.metadata, resourceVersion: String(this.#version) } }
    this.#emit(collection, { version: this.#version, type: 'DELETED', object: last })
  }

  /** Changes objects without an event: what a watch that was broken never hears of. */
  change(path: string, edit: (objects: Map<string, StoredObject>) => void): void {
    edit(this.#collection(path).objects)
  }

  get(path: string, name: string): StoredObject | undefined {
    return this.#collection(path).objects.get(name)
  }

  /** Time goes by: versions grow through other resources, and each watch is told. */
  bookmark(path: string): void {
    this.#version += 10
    const object = { kind: 'Namespace', metadata: { name: '', resourceVersion: String(this.#version) } }
    for (const { response } of this.#collection(path).watches) write(response, { type: 'BOOKMARK', object })
  }

  /** Sends a line to all watches, whatever it is. */
  sendLine(path: string, line: string): void {
    for (const { response } of this.#collection(path).watches) response.write(`${line}\n`)
  }

  endWatches(path: string): void {
    const { watches } = this.#collection(path)
    for (const { response } of watches) response.end()
    watches.clear()
  }

  /** Forgets all versions before this one. */
  compact(): void {
    this.#version += 1
    this.#oldest = this.#version
    for (const { events } of this.#collections.values()) events.length = 0
  }

  watchCount(path: string): number {
    return this.#collection(path).watches.size
  }

  #emit(collection: Collection, event: Event): void {
    collection.events.push(event)
    for (const { response, name } of collection.watches) {
      if (name === undefined || name === event.object.metadata.name) write(response, event)
    }
  }

  #collection(path: string): Collection {
    const found = this.#collections.get(path) ?? new Collection()
    this.#collections.set(path, found)
    return found
  }

  async #answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(message.url ?? '', 'http://scripted')
    let body = ''
    for await (const chunk of message) body += String(chunk)
    const { pathname: path, searchParams } = url
    const query = Object.fromEntries(searchParams)
    const request = { method: message.method ?? '', path, query, headers: message.headers, body }
    this.requests.push(request)
    if (this.intercepts.some((intercept) => intercept(request, response))) return
    const slash = path.lastIndexOf('/')
    const parent = path.slice(0, slash)
    const isObject = this.#collections.has(parent) && !this.#collections.has(path)
    if (isObject) this.#one(request, response, { parent, name: decodeURIComponent(path.slice(slash + 1)) })
    else if (query['watch'] === 'true') this.#watch(request, response)
    else this.#list(request, response)
  }

  #one(request: SeenRequest, response: ServerResponse, { parent, name }: { parent: string; name: string }): unknown {
    const object = this.get(parent, name)
    if (object === undefined) return refuse(response, 404, `"${name}" not found`)
    if (request.method !== 'PATCH') return answer(response, object)
    try {
      const patch = JSON.parse(request.body) as Operation[]
      this.put(parent, fastJsonPatch.applyPatch(structuredClone(object), patch, true).newDocument)
      return answer(response, this.get(parent, name))
    } catch (error) {
      return refuse(response, 422, (error as Error).message.split('\n', 1)[0] ?? '')
    }
  }

  #list({ path, query }: SeenRequest, response: ServerResponse): unknown {
    const name = nameOf(query)
    const all = [...this.#collection(path).objects.values()].filter(
      ({ metadata }) => name === undefined || metadata.name === name,
    )
    const [version = this.#version, start = 0] = (query['continue'] ?? '').split(',').filter(Boolean).map(Number)
    if (version < this.#oldest) return refuse(response, 410, 'The provided continue parameter is too old')
    const end = start + Number(query['limit'] ?? all.length)
    const next = end < all.length ? { continue: `${version},${end}` } : {}
    return answer(response, {
      kind: 'List',
      metadata: { resourceVersion: String(version), ...next },
      items: all.slice(start, end),
    })
  }

  #watch({ path, query }: SeenRequest, response: ServerResponse): unknown {
    const from = Number(query['resourceVersion'])
    const collection = this.#collection(path)
    if (from < this.#oldest) return refuse(response, 410, `too old resource version: ${from}`)
    response.writeHead(200, { 'content-type': 'application/json' })
    response.flushHeaders()
    const name = nameOf(query)
    for (const event of collection.events) {
      if (event.version > from && (name === undefined || event.object.metadata.name === name)) write(response, event)
    }
    const watch = { response, name }
    collection.watches.add(watch)
    return response.on('close', () => collection.watches.delete(watch))
  }
}

function nameOf(query: SeenRequest['query']): string | undefined {
  return query['fieldSelector']?.replace('metadata.name=', '')
}

function write(response: ServerResponse, { type, object }: { type: string; object: object }): void {
  response.write(`${JSON.stringify({ type, object })}\n`)
}

/** Gives true: dealt with, as an intercept says. */
export function answer(response: ServerResponse, object: unknown): true {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(object))
  return true
}

export function refuse(response: ServerResponse, code: number, message: string): true {
  const status = { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, code }
  response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(status))
  return true
}
