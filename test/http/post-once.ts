import { request } from 'node:https'
import { text } from 'node:stream/consumers'

export interface PostOptions {
  readonly body: string | Buffer
  readonly headers?: Readonly<Record<string, string>>
}

export interface Posted {
  readonly status: number
  readonly body: string
  /** From the first byte of the handshake to the last one of the answer. */
  readonly ms: number
}

/** Posts a body over a connection of its own; rejects when there is no whole answer within 30 s. */
export function postOnce(
  { port, ca }: { readonly port: number; readonly ca: string },
  { body, headers = {} }: PostOptions,
): Promise<Posted> {
  const startedAt = performance.now()
  return new Promise((resolve, reject) => {
    const all = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers }
    const sent = request(
      {
        ...{ host: '127.0.0.1', port, path: '/mutate?timeout=3s', method: 'POST', ca, servername: 'localhost' },
        ...{ agent: false, headers: all, signal: AbortSignal.timeout(30_000) },
      },
      (response) => {
        const done = (read: string) =>
          resolve({ status: response.statusCode ?? 0, body: read, ms: performance.now() - startedAt })
        text(response).then(done, reject)
      },
    )
    sent.once('error', reject).end(body)
  })
}
