/** An error that is the client's, with the status and the one sentence that it is answered with. */
export class RequestError extends Error {
  override readonly name = 'RequestError'
  readonly status: number

  constructor(status: number, sentence: string, options?: ErrorOptions) {
    super(sentence, options)
    this.status = status
  }
}

/** The text of every error's body: one sentence, no stack. */
export function errorBody(sentence: string): string {
  return `${JSON.stringify({ error: sentence })}\n`
}

const FRAMEWORK_ERRORS: Readonly<Record<string, [status: number, sentence: string]>> = {
  FST_ERR_BAD_URL: [400, 'the URL cannot be decoded'],
  ECONNRESET: [400, 'the connection ended before the body did'],
}

/** Takes whatever was thrown while a request was handled, gives its status and sentence; what is unknown is ours: 500. */
export function requestErrorOf(error: unknown): RequestError {
  if (error instanceof RequestError) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const [status, sentence] = FRAMEWORK_ERRORS[code] ?? [500, 'linkerd-tracing failed']
  return new RequestError(status, sentence, { cause: error })
}

/**
 * What Node's HTTP parser and timers say, before there is a request: by `error.code`. All else that is no HTTP: 400.
 */
const CONNECTION_ERRORS: Readonly<Record<string, [status: string, sentence: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'the request did not come in time'],
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'the headers are too large'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ['413 Payload Too Large', 'the chunk extensions are too large'],
}

/** Takes the code of a connection's error, gives the whole HTTP answer as text; the connection ends with it. */
export function connectionErrorAnswer(code: string | undefined): { readonly status: number; readonly text: string } {
  const [status, sentence] = CONNECTION_ERRORS[code ?? ''] ?? ['400 Bad Request', 'this is no HTTP/1.1 request']
  return { status: Number.parseInt(status, 10), text: rawAnswer(status, sentence) }
}

/** Takes a status line's end, a sentence and further headers, gives a whole HTTP answer that ends its connection. */
export function rawAnswer(status: string, sentence: string, headers: readonly string[] = []): string {
  const body = errorBody(sentence)
  return [
    `HTTP/1.1 ${status}`,
    'Connection: close',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...headers,
    '',
    body,
  ].join('\r\n')
}
