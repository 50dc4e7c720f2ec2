const [QUOTE, BACKSLASH] = [0x22, 0x5c]
/** The brackets of JSON: `[`, `]`, `{`, `}`. */
export const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d] as const

/** Takes the next piece of a JSON text and a place in it, gives the place of the next bracket that is in no string; its end: there is none. */
export type FindBracket = (piece: Uint8Array, from: number) => number

/** Gives what finds the brackets of one JSON text, whose pieces it is given in order. */
export function createBracketFinder(): FindBracket {
  let isInString = false
  let isEscaped = false
  const endOfString = (piece: Uint8Array, from: number): number => {
    for (let at = from; at < piece.length; at++) {
      if (isEscaped) isEscaped = false
      else if (piece[at] === BACKSLASH) isEscaped = true
      else if (piece[at] === QUOTE) {
        isInString = false
        return at + 1
      }
    }
    return piece.length
  }
  return (piece, from) => {
    let at = isInString ? endOfString(piece, from) : from
    while (at < piece.length) {
      const byte = piece[at]
      if (byte === OPEN_OBJECT || byte === CLOSE_OBJECT || byte === OPEN_LIST || byte === CLOSE_LIST) return at
      if (byte === QUOTE) {
        isInString = true
        at = endOfString(piece, at + 1)
      } else at++
    }
    return at
  }
}
