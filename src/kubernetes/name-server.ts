import type { ApiClient } from './api-client.ts'
import { ApiError, BrokenAnswerError } from './api-error.ts'

/** An API server that gave no answer; the message names it, as a person may have meant another one. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError'
}

/** Takes a client and its server’s address, gives a client whose errors name that address where the server did not speak itself. */
export function nameServer(client: ApiClient, server: string): ApiClient {
  const named = (error: unknown): never => {
    if (error instanceof ApiError || error instanceof BrokenAnswerError) throw error
    throw new NoAnswerError(`no answer from the API server ${server}: ${(error as Error).message}`, { cause: error })
  }
  return {
    fetchJson: (request) => client.fetchJson(request).catch(named),
    openStream: (request) => client.openStream(request).catch(named),
    close: client.close,
  }
}
