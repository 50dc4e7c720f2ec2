import { isJsonObject, textOf } from '../injection/json.ts'
import { type ApiResource, describeResource } from './api-resource.ts'

/** A refusal by the API server. The message names what was asked for and, for a 403, the right that is missing. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly retryAfterMs: number
  /** What the answer itself says; empty when it says nothing. */
  readonly said: string

  constructor(message: string, { status, retryAfterMs = 0, said = '' }: RefusalFacts) {
    super(message)
    this.status = status
    this.said = said
    this.retryAfterMs = retryAfterMs
  }
}

interface RefusalFacts {
  readonly status: number
  readonly retryAfterMs?: number
  readonly said?: string
}

/** A connection on which nothing came for too long. */
export class SilentConnectionError extends Error {
  override readonly name = 'SilentConnectionError'
}

/** An answer of 2xx that is not what the API speaks. */
export class BrokenAnswerError extends Error {
  override readonly name = 'BrokenAnswerError'
}

export interface Refusal {
  readonly status: number
  /** The body: mostly a `Status`, but a proxy in between may say anything. */
  readonly body: string
  /** The header `Retry-After`. */
  readonly retryAfter?: string | undefined
}

/** Takes what was asked for and the refusal, gives the error to throw. */
export function apiError(resource: ApiResource, { status, body, retryAfter }: Refusal): ApiError {
  const said = messageOf(body)
  const missing = status === 403 ? `: the right to ${describeResource(resource)} is missing` : ''
  const message = `cannot ${describeResource(resource)}: HTTP ${status}${missing}${said === '' ? '' : ` (${said})`}`
  // Only seconds, as the API server sends them; NaN for a date.
  const seconds = Number(retryAfter)
  return new ApiError(message, { status, said, retryAfterMs: seconds > 0 ? seconds * 1000 : 0 })
}

/** Long enough for the API server's own sentences, short enough for a log line. */
const MAX_SAID = 300

function messageOf(body: string): string {
  // A webhook of others may have written it: nothing in it steers a terminal.
  return statusMessage(body)
    .replace(/[\s\p{Control}\p{Format}]+/gu, ' ')
    .trim()
    .slice(0, MAX_SAID)
}

function statusMessage(body: string): string {
  try {
    const status: unknown = JSON.parse(body)
    return (isJsonObject(status) && textOf(status, 'message')) || body
  } catch {
    return body
  }
}
