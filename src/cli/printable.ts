import { quote } from '../injection/quote.ts'

/** Takes foreign text, gives it with everything escaped that could steer a terminal. Pure. */
export function printable(text: string): string {
  return text.replace(/[\p{Control}\p{Format}]/gu, (character) => quote(character).slice(1, -1))
}
