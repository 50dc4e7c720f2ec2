import type { IncomingHttpHeaders } from 'node:http'

/** An answer that is no data: Jaeger refuses, or somebody else answers in its place. */
export class JaegerAnswerError extends Error {
  override readonly name = 'JaegerAnswerError'
  readonly status: number

  constructor(message: string, status: number) {
    super(message)
    this.status = status
  }
}

const LOGIN = 'it wants a login, which cannot be given here. Without --jaeger-url a port is forwarded, past it'

/** Takes status and headers of an answer, gives what is wrong with it, to stand behind its URL; undefined: it is JSON. Pure. */
export function answerMistake(status: number, headers: IncomingHttpHeaders): string | undefined {
  if (status === 401 || status === 403) return `answered HTTP ${status}: ${LOGIN}`
  if (status >= 300 && status < 400) {
    return `leads to ${whereTo(headers.location)} (HTTP ${status}): ${LOGIN}`
  }
  const isJson = /\bjson\b/.test(headers['content-type'] ?? '')
  if (status === 200 && isJson) return undefined
  // Jaeger’s page is an answer to every path that it does not know.
  if (status === 200 || status === 404) return 'is not Jaeger’s API: does the base path belong to the URL?'
  return `answered HTTP ${status}`
}

/** Without its query: there a login keeps what it goes on with. */
function whereTo(location: string | undefined): string {
  return location === undefined ? 'nowhere' : (location.split(/[?#]/)[0] ?? '')
}
