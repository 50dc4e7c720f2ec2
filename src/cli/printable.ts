import { quote } from '../injection/quote.ts'

/** Takes foreign text, gives it with everything escaped that could steer a terminal, or break a line. Pure. */
export function printable(text: string): string {
  return text.replace(/[\p{Control}\p{Format}\p{Line_Separator}\p{Paragraph_Separator}]/gu, escaped)
}

/** Takes text of several lines with foreign text in them, gives it so with its lines as they are. Pure. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n')
}

function escaped(character: string): string {
  const quoted = quote(character).slice(1, -1)
  // Marks that no eye sees are more than what is quoted in a log.
  return quoted === character ? `\\u{${character.codePointAt(0)?.toString(16)}}` : quoted
}
