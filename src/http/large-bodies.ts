import type { IncomingHttpHeaders } from 'node:http'
import { RequestError } from './error-answers.ts'
import type { ServerLimits } from './limits.ts'

export type BodyLimits = Pick<ServerLimits, 'bodyBytes' | 'largeBodyBytes' | 'largeBodiesBytes'>

/** Room for large bodies, as many as fit at once. */
export interface LargeBodies {
  /**
   * Takes the headers of a request before its body is read, gives what has to be called when it is over. Throws
   * RequestError 429 when there is no room; small bodies need none.
   */
  readonly admit: (headers: IncomingHttpHeaders) => () => void
}

/** Takes limits, gives the room: without it every connection could hold one whole body, and a few dozen all of the memory. */
export function createLargeBodies({ bodyBytes, largeBodyBytes, largeBodiesBytes }: BodyLimits): LargeBodies {
  let taken = 0
  return {
    admit: (headers) => {
      // Who does not say how much is coming may send the most.
      const announced = Number(headers['content-length'] ?? (headers['transfer-encoding'] ? bodyBytes : 0))
      // What is larger is refused at once.
      if (announced <= largeBodyBytes || announced > bodyBytes) return () => {}
      if (taken + announced > largeBodiesBytes) throw new RequestError(429, 'too many large bodies come at once')
      taken += announced
      return () => {
        taken -= announced
      }
    },
  }
}

/**
 * Takes a body, throws RequestError 413 when it has more than `limit` lists and objects (those in texts count too): parsed, an
 * empty list is forty times what it is as text. Bodies of few bytes are not even looked at.
 */
export function demandFewValues(body: Buffer, limit: number): void {
  if (body.length <= limit) return
  let count = 0
  for (let index = 0; index < body.length; index += 1) {
    if (body[index] === LIST || body[index] === OBJECT) count += 1
  }
  if (count > limit) throw new RequestError(413, 'the body has more lists and objects than a Pod review can have')
}

const LIST = '['.charCodeAt(0)
const OBJECT = '{'.charCodeAt(0)
