/** A warning has 256 characters at most; a value of 60 leaves room for the annotation's name and the rule. */
const MAX_QUOTED = 60
/** A warning is bounded in bytes as well: a value of wide characters must leave room too. */
const MAX_QUOTED_BYTES = 100

// Besides the control characters: line separators and the marks that turn the direction of writing, which make a
// terminal or a log show something else than what is there. (JSON escapes halves of surrogate pairs itself.)
const UNPRINTABLE = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/

/**
 * Makes foreign text safe to show in a warning or a log line.
 * @returns the text JSON-escaped, within quotes, cut at 60 characters
 */
export function quote(text: string): string {
  let quoted = ''
  for (const character of text) {
    const escaped = escapeCharacter(character)
    const longer = quoted + escaped
    if (longer.length > MAX_QUOTED || Buffer.byteLength(longer) > MAX_QUOTED_BYTES) return `"${quoted}…"`
    quoted = longer
  }
  return `"${quoted}"`
}

function escapeCharacter(character: string): string {
  if (!UNPRINTABLE.test(character)) return JSON.stringify(character).slice(1, -1)
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
