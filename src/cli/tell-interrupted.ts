import type { CliContext } from './context.ts'
import { printableLines } from './printable.ts'

/** What a shell makes of a signal: 128 and its number. */
const SIGNALS = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const

/**
 * Has a signal end the program with what `sentence` gives at that moment: a change that was begun goes on without the program,
 * and whoever has pressed Ctrl-C should not believe that it was stopped.
 */
export function tellInterrupted(
  { signals, stderr, exit }: Pick<CliContext, 'signals' | 'stderr' | 'exit'>,
  sentence: () => string,
): void {
  for (const [signal, code] of SIGNALS)
    signals.on(signal, () => {
      stderr.write(`\ninterrupted: ${printableLines(sentence())}\n`)
      exit(code)
    })
}
