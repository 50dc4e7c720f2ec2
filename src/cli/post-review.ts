import { request } from 'node:https'
import { text } from 'node:stream/consumers'
import { parseAnswer, type ReviewAnswer } from './try-review.ts'

export interface ReviewPost {
  readonly url: string
  readonly ca: string
  /** Where the CA came from, for messages. */
  readonly caFile: string
  readonly review: object
}

/** As long as an API server could be told to wait at most (timeoutSeconds ≤ 30); a sample takes milliseconds. */
const TIMEOUT_MS = 30_000

/** Takes an AdmissionReview and where to send it, gives the answer. Throws errors whose message says what to do. */
export async function postReview(post: ReviewPost): Promise<ReviewAnswer> {
  const { status, body } = await send(post).catch((cause: unknown) => {
    throw new Error(connectionSentence(post, cause as NodeJS.ErrnoException), { cause })
  })
  if (status !== 200) throw new Error(`${post.url} answered with status ${status}: ${body.slice(0, 200).trim()}`)
  try {
    return parseAnswer(body)
  } catch (cause) {
    throw new Error(`${post.url} answered with what is no AdmissionReview: ${(cause as Error).message}`, { cause })
  }
}

async function send({ url, ca, review }: ReviewPost): Promise<{ status: number | undefined; body: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number | undefined; body: string }>()
  const options = {
    method: 'POST',
    ca,
    headers: { 'content-type': 'application/json' },
    // One request a connection: nothing stays open behind the last answer.
    agent: false as const,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }
  const outgoing = request(url, options, (response) => {
    text(response).then((body) => resolve({ status: response.statusCode, body }), reject)
  })
  outgoing.on('error', reject)
  outgoing.end(JSON.stringify(review))
  return promise
}

function connectionSentence({ url, caFile }: ReviewPost, error: NodeJS.ErrnoException): string {
  const code = error.code ?? ''
  if (code === 'ECONNREFUSED')
    return `no server listens at ${url}: start one with npm start (linkerd-tracing serve), or name another by --url`
  // OpenSSL's names for chains that do not end at the given CA, as Node passes them on.
  if (/^(SELF_SIGNED|UNABLE_TO|CERT_|ERR_TLS_CERT)/.test(code)) {
    return `the certificate of ${url} is not trusted by ${caFile} (--ca-file): ${error.message}`
  }
  return `${url} cannot be reached (--url): ${error.message || code}`
}
