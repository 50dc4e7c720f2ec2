import type { CliContext } from './context.ts'
import { textWidth } from './text-width.ts'

/** One letter for one, so that columns stay columns. */
const LETTERS: Readonly<Record<string, string>> = {
  '…': '~',
  '’': "'",
  µ: 'u',
  '×': 'x',
  '→': '>',
  '±': '~',
  '≤': '<',
  '–': '-',
  '─': '-',
  '█': '#',
  '▓': '=',
  '░': ':',
  '▒': '%',
  '·': '.',
}

/**
 * Takes the environment, gives whether a terminal shows more than ASCII: as the locale says, by the first of its variables
 * that is set, as in POSIX; Windows has none of them, and shows all. Pure.
 */
export function showsUnicode({ env }: Pick<CliContext, 'env'>): boolean {
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find((value) => value !== undefined && value !== '')
  return locale === undefined ? env['OS'] === 'Windows_NT' : /utf-?8/i.test(locale)
}

/** Takes text, gives it in ASCII and as wide as it was; what has no likeness there becomes question marks. Pure. */
export function asAscii(text: string): string {
  return text.replace(/\P{ASCII}/gu, (letter) => LETTERS[letter] ?? '?'.repeat(textWidth(letter)))
}
