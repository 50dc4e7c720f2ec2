import { Agent as HttpAgent, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, type RequestOptions } from 'node:https'
import type { KubeConfig } from '@kubernetes/client-node'
import { apiError, BrokenAnswerError } from './api-error.ts'
import { exchange } from './api-exchange.ts'
import { type ApiResource, describeResource, pathOf, selectorOf } from './api-resource.ts'
import { type Impersonation, impersonationHeaders } from './impersonation.ts'

export interface ApiRequest {
  readonly resource: ApiResource
  readonly query?: Readonly<Record<string, string>>
  /** Media types, best first; JSON when absent. */
  readonly accept?: string
  /**
   * What is sent: a JSON Patch; a merge patch, in which null removes; an object for server-side apply, which makes one that
   * is absent; an object to be made; how an object is to be deleted (DeleteOptions).
   */
  readonly patch?: readonly object[]
  readonly merge?: object
  readonly apply?: object
  readonly create?: object
  readonly remove?: object
  /** How long the connection may stay silent until the answer begins, and within it (as long when absent). */
  readonly idleMs: number
  readonly silenceMs?: number
  readonly signal: AbortSignal
  /** Told of each warning that the answer carries, as kubectl shows them. */
  readonly onWarning?: (text: string) => void
}

/** What we need of an API server. Everything rejects with ApiError for a refusal. */
export interface ApiClient {
  /** Gives the whole answer, parsed. */
  readonly fetchJson: (request: ApiRequest) => Promise<unknown>
  /** Gives the answer's text as it comes; leaving the iteration closes the connection. */
  readonly openStream: (request: ApiRequest) => Promise<AsyncIterable<string>>
  /** Closes the connections that are kept for later. */
  readonly close: () => void
}

/** Three watches, a list, and Pods that wait for a Namespace; a burst of unknown ones queues here, not at the API server. */
const MAX_CONNECTIONS = 16
/** A kept connection that went half-open would cost a Pod its 500 ms, so none is kept for long. */
const KEEP_CONNECTION_MS = 15_000
/**
 * Of a whole answer. A page has 1,000 Namespaces, each bounded by etcd at 1.5 MiB and in practice of some KiB; this is
 * a guard against an endless answer, not against a large one.
 */
const MAX_ANSWER_LENGTH = 256 * 1024 * 1024
const MAX_REFUSAL_LENGTH = 64 * 1024
/** 202: what is deleted goes once others let it go (finalizers). */
const DONE: readonly number[] = [200, 201, 202]

/**
 * Takes a loaded KubeConfig, gives a client for its current cluster. Credentials and CA are asked of the KubeConfig for
 * each request, so that a rotated token or CA counts from the next one on. Throws Error when there is no current cluster.
 */
export function createApiClient(config: KubeConfig, impersonation: Impersonation = {}): ApiClient {
  const cluster = config.getCurrentCluster()
  if (cluster === null) throw new Error('the kubeconfig names no current cluster')
  const keep = { keepAlive: true, timeout: KEEP_CONNECTION_MS, maxSockets: MAX_CONNECTIONS }
  const agent = cluster.server.startsWith('http:') ? new HttpAgent(keep) : new HttpsAgent(keep)
  const send = async (request: ApiRequest): Promise<IncomingMessage> => {
    const options: RequestOptions = {
      method: methodOf(request),
      headers: { ...headersOf(request), ...impersonationHeaders(impersonation) },
    }
    await untilAborted(config.applyToHTTPSOptions(options), request.signal)
    // The KubeConfig's own agent keeps no connection and its first CA for ever; only through a proxy it is needed.
    if (cluster.proxyUrl === undefined) options.agent = agent
    const { idleMs, silenceMs = idleMs, signal } = request
    const sent = request.patch ?? request.merge ?? request.apply ?? request.create ?? request.remove
    const body = sent === undefined ? undefined : JSON.stringify(sent)
    const url = urlOf(cluster.server, request)
    const response = await exchange({ url, options, body, idleMs, silenceMs, signal })
    response.setEncoding('utf8')
    for (const text of warningsOf(response)) request.onWarning?.(text)
    if (DONE.includes(response.statusCode ?? 0)) return response
    throw await refusal(request.resource, response)
  }
  return {
    fetchJson: async (request) => parseAnswer(request.resource, await readText(await send(request), MAX_ANSWER_LENGTH)),
    openStream: send,
    close: () => agent.destroy(),
  }
}

function methodOf({ patch, merge, apply, create, remove }: ApiRequest): string {
  if (create !== undefined) return 'POST'
  if (remove !== undefined) return 'DELETE'
  return (patch ?? merge ?? apply) === undefined ? 'GET' : 'PATCH'
}

function headersOf(request: ApiRequest): Record<string, string> {
  const contentType = contentTypeOf(request)
  return {
    accept: request.accept ?? 'application/json',
    'user-agent': 'linkerd-tracing',
    ...(contentType === undefined ? {} : { 'content-type': contentType }),
  }
}

/** The texts of `Warning: 299 - "text"` (RFC 7234, 5.5); a quote or backslash in it has a backslash before it. */
function warningsOf({ headersDistinct }: IncomingMessage): string[] {
  const values = headersDistinct['warning'] ?? []
  const texts = values.flatMap((value) =>
    [...value.matchAll(/\b299 \S+ "((?:[^"\\]|\\.)*)"/g)].map(([, text = '']) => text),
  )
  return texts.map((text) => text.replace(/\\(.)/g, '$1'))
}

function contentTypeOf({ patch, merge, apply, create, remove }: ApiRequest): string | undefined {
  if (patch !== undefined) return 'application/json-patch+json'
  if (merge !== undefined) return 'application/merge-patch+json'
  // JSON is YAML.
  if (apply !== undefined) return 'application/apply-patch+yaml'
  return (create ?? remove) === undefined ? undefined : 'application/json'
}

function urlOf(server: string, { resource, query }: ApiRequest): URL {
  // The server's address may have a path of its own (a proxy such as Rancher's).
  const url = new URL(server.replace(/\/$/, '') + pathOf(resource))
  for (const [name, value] of Object.entries({ ...selectorOf(resource), ...query })) url.searchParams.set(name, value)
  return url
}

/** Credentials may come from a program that hangs. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

async function refusal(resource: ApiResource, response: IncomingMessage): Promise<Error> {
  const body = await readText(response, MAX_REFUSAL_LENGTH).catch(() => '')
  return apiError(resource, { status: response.statusCode ?? 0, body, retryAfter: response.headers['retry-after'] })
}

async function readText(chunks: AsyncIterable<string>, maxLength: number): Promise<string> {
  const parts: string[] = []
  let length = 0
  for await (const chunk of chunks) {
    length += chunk.length
    if (length > maxLength) throw new BrokenAnswerError(`an answer of more than ${maxLength} characters`)
    parts.push(chunk)
  }
  return parts.join('')
}

function parseAnswer(resource: ApiResource, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new BrokenAnswerError(`cannot ${describeResource(resource)}: the answer is no JSON`, { cause })
  }
}
