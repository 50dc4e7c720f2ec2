import { isUtf8 } from 'node:buffer'
import { RequestError } from './error-answers.ts'

/**
 * Takes the headers of a POST, throws RequestError 415 unless they announce plain JSON in UTF-8, which is all that an
 * API server sends.
 */
export function demandJson(headers: Readonly<Record<string, string | string[] | undefined>>): void {
  const encoding = headers['content-encoding']
  if (encoding !== undefined && encoding !== 'identity') {
    throw new RequestError(415, 'the body must not be compressed (Content-Encoding: identity)')
  }
  if (!/^application\/json *(; *charset="?utf-8"? *)?$/i.test(String(headers['content-type'] ?? ''))) {
    throw new RequestError(415, 'the Content-Type must be application/json')
  }
}

/**
 * Takes a body, gives the JSON value in it. Throws RequestError 400 when it is empty, not UTF-8 or not JSON.
 * JSON.parse makes `__proto__` a plain own key, and nothing here merges objects, so such keys are data like any other:
 * Fastify's own parser would refuse (or drop) them, and a Pod may carry what it likes.
 */
export function parseJsonBody(body: Buffer): unknown {
  if (body.length === 0) throw new RequestError(400, 'the body is empty')
  if (!isUtf8(body)) throw new RequestError(400, 'the body is not UTF-8')
  try {
    return JSON.parse(body.toString('utf8'))
  } catch (cause) {
    // The parser's message quotes the body; the sentence does not.
    throw new RequestError(400, 'the body is not JSON', { cause })
  }
}
