import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest, type RequestOptions } from 'node:https'
import { SilentConnectionError } from './api-error.ts'

export interface Exchange {
  readonly url: URL
  readonly options: RequestOptions
  readonly body?: string | undefined
  /** Gives up when the connection stays silent for so long before the answer begins. */
  readonly idleMs: number
  /** The same within the answer; a watch may be quiet for longer. */
  readonly silenceMs: number
  readonly signal: AbortSignal
}

/**
 * Sends a request and gives the answer as soon as its headers are there. Rejects with SilentConnectionError, with the
 * signal's reason, or with what the connection died of; reading the answer then does the same.
 */
export function exchange(sent: Exchange): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { signal } = sent
    if (signal.aborted) {
      reject(signal.reason)
      return
    }
    const request = start(sent)
    // Node says neither length nor chunks of a DELETE's body by itself: the server would take it for the next request.
    if (sent.body !== undefined) request.setHeader('content-length', Buffer.byteLength(sent.body))
    let response: IncomingMessage | undefined
    // Destroying the answer, where there is one, has its reader see this error instead of a bare "aborted".
    const giveUp = (error: Error): void => void (response ?? request).destroy(error)
    const giveUpSilent = (): void => giveUp(new SilentConnectionError('the connection to the API server went silent'))
    const abort = (): void => giveUp(signal.reason as Error)
    signal.addEventListener('abort', abort, { once: true })
    // A timer and not the socket's timeout: it also bounds the wait for a free connection, connecting, and TLS.
    const untilAnswer = setTimeout(giveUpSilent, sent.idleMs)
    request.once('response', (answer) => {
      clearTimeout(untilAnswer)
      response = answer
      // Its reader sees the error too; but one that has not begun to read must not bring the process down.
      answer.on('error', () => {})
      request.setTimeout(sent.silenceMs, giveUpSilent)
      resolve(answer)
    })
    request.once('close', () => {
      clearTimeout(untilAnswer)
      signal.removeEventListener('abort', abort)
    })
    request.on('error', (error: Error) => {
      if (isRaceWithKeepAlive(request, error) && sent.options.method === 'GET') resolve(exchange(sent))
      else reject(error)
    })
    request.end(sent.body)
  })
}

function start({ url, options }: Exchange): ClientRequest {
  return url.protocol === 'http:' ? httpRequest(url, options) : httpsRequest(url, options)
}

/** The server closed a kept connection just as the request went out: nothing was asked yet. Node's own advice: again. */
function isRaceWithKeepAlive(request: ClientRequest, error: Error): boolean {
  return request.reusedSocket && (error as NodeJS.ErrnoException).code === 'ECONNRESET'
}
