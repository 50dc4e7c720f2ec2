import { printableLines } from './printable.ts'

/** Takes a sentence, which may hold texts of a cluster, gives the line that says it beside a command's output. Pure. */
export function noteLine(sentence: string): string {
  return `note: ${printableLines(sentence)}\n`
}
