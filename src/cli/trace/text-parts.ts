/** A piece of a line, and the ANSI colour that it has on a terminal. */
export interface TextPart {
  readonly text: string
  readonly colour?: number
}

/** Takes the pieces of a line, gives it without spaces at its end. Pure. */
export function paintText(parts: readonly TextPart[], hasColour: boolean): string {
  const last = parts.findLastIndex(({ text }) => text.trimEnd() !== '')
  return parts
    .slice(0, last + 1)
    .map(({ text, ...look }, index) => ({ ...look, text: index === last ? text.trimEnd() : text }))
    .map(({ text, colour }) =>
      hasColour && colour !== undefined && text.trim() !== '' ? `\u001b[${colour}m${text}\u001b[0m` : text,
    )
    .join('')
}
