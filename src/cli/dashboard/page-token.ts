import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** What an address of the page has to begin with. */
export interface PageToken {
  /** Of characters that need no escape in a URL. */
  readonly text: string
  /** Takes what somebody said, gives whether it is the token, in a time that does not tell how much of it was right. */
  readonly isSaid: (said: string) => boolean
}

/** Nobody guesses 256 bits. */
const BYTES = 32

/** Gives a new token, which nobody knows yet. */
export function createPageToken(): PageToken {
  const text = randomBytes(BYTES).toString('base64url')
  const digest = digestOf(text)
  return { text, isSaid: (said) => timingSafeEqual(digestOf(said), digest) }
}

/** Of the same length whatever is said, which the comparison needs. */
function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
