import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { Socket } from 'node:net'
import type { KeyPair } from './control-plane/certificates.ts'

/** What came, already parsed, and how to answer it. */
export interface OddCall {
  // biome-ignore lint/suspicious/noExplicitAny: an AdmissionReview as the API server sends it
  readonly review: any
  readonly response: ServerResponse
  readonly socket: Socket
}

export interface OddWebhook {
  /** Requests so far. */
  readonly calls: () => number
  close(): Promise<void>
}

/** Serves on that very port, in the injector's place, answers as `answer` wants: anything that HTTP can carry or not. */
export async function startOddWebhook(
  place: { readonly port: number; readonly pair: KeyPair },
  answer: (call: OddCall) => void,
): Promise<OddWebhook> {
  let calls = 0
  const server = createServer(place.pair, async (request: IncomingMessage, response) => {
    calls += 1
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    answer({ review: JSON.parse(Buffer.concat(chunks).toString('utf8')), response, socket: request.socket })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(place.port, '127.0.0.1', resolve)
  })
  return {
    calls: () => calls,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** A review's answer as it should be, but for what is overridden. */
export function answerTo(review: OddCall['review'], response: object = {}): object {
  const { apiVersion, kind, request } = review
  return { apiVersion, kind, response: { uid: request.uid, allowed: true, ...response } }
}

/** A patch as the response carries it. */
export function patchOf(...operations: object[]): object {
  return { patchType: 'JSONPatch', patch: Buffer.from(JSON.stringify(operations)).toString('base64') }
}
