import type { IncomingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'
import { RequestError } from './error-answers.ts'

/**
 * Takes a request's headers and stream, gives its body to the callback, or a RequestError 413 when it is longer than the limit in
 * bytes, or what its connection broke by.
 *
 * Fastify's own reader leaves each body twice to the garbage collector, once in pieces: with 64 large bodies in flight that are 150 MiB
 * more in RAM (npm run bench:webhook). Here the pieces are given back as they come.
 */
export function readBody(
  { headers, stream, limit }: { headers: IncomingHttpHeaders; stream: Readable; limit: number },
  done: (error: Error | null, body?: Buffer) => void,
): void {
  // Who does not say how much is coming starts with nothing. Node's parser holds the others to what they say.
  const announced = Number(headers['content-length'] ?? 0)
  if (announced > limit) {
    done(tooLarge())
    return
  }
  let body: Buffer = Buffer.allocUnsafeSlow(announced)
  let length = 0
  const end = (error: Error | null): void => {
    stream.off('data', take).off('end', onEnd).off('error', end)
    if (error !== null) releaseMemory(body)
    done(error, error === null ? body.subarray(0, length) : undefined)
  }
  const onEnd = (): void => end(null)
  const take = (chunk: Buffer): void => {
    if (length + chunk.length > limit) {
      end(tooLarge())
      return
    }
    if (length + chunk.length > body.length) body = grown(body, { used: length, needed: length + chunk.length })
    length += chunk.copy(body, length)
    releaseMemory(chunk)
  }
  stream.on('data', take).on('end', onEnd).on('error', end)
}

function grown(body: Buffer, { used, needed }: { used: number; needed: number }): Buffer {
  // Twice as large each time, so that a long body is not copied for every piece.
  const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * body.length))
  body.copy(larger, 0, 0, used)
  releaseMemory(body)
  return larger
}

/**
 * Takes a buffer that nobody needs any more, gives its memory back at once: the garbage collector counts what lies outside of its
 * heap, but comes when the heap is full. Small ones are not worth it, and one that shares its memory is left alone.
 */
export function releaseMemory({ buffer, byteLength }: Buffer): void {
  if (byteLength < WORTH_BYTES || byteLength !== buffer.byteLength || !(buffer instanceof ArrayBuffer)) return
  buffer.transfer(0)
}

const WORTH_BYTES = 4 * 1024

function tooLarge(): RequestError {
  return new RequestError(413, 'the body is larger than a Pod review can be')
}
