const [QUOTE, BACKSLASH] = [0x22, 0x5c]
/** The brackets of JSON: `[`, `]`, `{`, `}`. */
export const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d] as const

/** Takes the next piece of a JSON text and a place in it, gives the place of the next bracket that is in no string; its end: there is none. */
export type FindBracket = (piece: Uint8Array, from: number) => number

/** Gives what finds the brackets of one JSON text, whose pieces it is given in order. Every byte goes through here. */
export function createBracketFinder(): FindBracket {
  let isInString = false
  /** The piece before ended with a backslash. */
  let isEscaped = false
  const endOfString = (piece: Uint8Array, from: number): number => {
    const { length } = piece
    let at = isEscaped ? from + 1 : from
    for (; at < length; at++) {
      const byte = piece[at]
      if (byte === QUOTE) {
        isInString = false
        isEscaped = false
        return at + 1
      }
      if (byte === BACKSLASH) at++
    }
    isEscaped = at > length
    return length
  }
  return (piece, from) => {
    const { length } = piece
    let at = isInString ? endOfString(piece, from) : from
    while (at < length) {
      const byte = piece[at] as number
      if (byte === QUOTE) {
        isInString = true
        at = endOfString(piece, at + 1)
      } else if (byte >= OPEN_LIST && isBracket(byte)) return at
      else at++
    }
    return at
  }
}

function isBracket(byte: number): boolean {
  return byte === OPEN_OBJECT || byte === CLOSE_OBJECT || byte === OPEN_LIST || byte === CLOSE_LIST
}
