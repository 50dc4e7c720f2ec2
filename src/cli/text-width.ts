/** As wide as two letters: the scripts of East Asia, and pictures. */
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60]/u
/** Written over the letter before. */
const MARK = /\p{Mark}|\p{Join_Control}/u

/** Takes text without control characters, gives how many columns of a terminal it takes. Pure. */
export function textWidth(text: string): number {
  let width = 0
  for (const character of text) width += characterWidth(character)
  return width
}

/** Takes text and a number of columns, gives as much of it as they hold, with an ellipsis where some is lacking. Pure. */
export function cutText(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text
  let [cut, width] = ['', 0]
  for (const character of text) {
    width += characterWidth(character)
    if (width > columns - 1) break
    cut += character
  }
  return columns > 0 ? `${cut}…` : ''
}

/** Takes text and a number of columns, gives it cut or filled with spaces to just as many. Pure. */
export function fitText(text: string, columns: number): string {
  const cut = cutText(text, columns)
  return cut + ' '.repeat(columns - textWidth(cut))
}

function characterWidth(character: string): number {
  // Nearly all of them, and quicker than any pattern.
  if (character >= ' ' && character <= '~') return 1
  if (MARK.test(character)) return 0
  return WIDE.test(character) ? 2 : 1
}
