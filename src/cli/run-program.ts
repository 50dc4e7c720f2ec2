import { CommanderError } from 'commander'
import type { CliContext } from './context.ts'
import { isFault } from './fault.ts'
import { printableLines } from './printable.ts'
import { buildProgram } from './program.ts'

/**
 * Takes the words after the program's name, runs the command that they name. Never rejects: what goes wrong is told on
 * stderr, in a sentence, and sets exit code 1.
 */
export async function runProgram(words: readonly string[], context: CliContext): Promise<void> {
  try {
    await buildProgram(context).parseAsync(words, { from: 'user' })
  } catch (error) {
    context.setExitCode(error instanceof CommanderError ? error.exitCode : 1)
    // Commander has written its message already, where it had one.
    if (!(error instanceof CommanderError)) context.stderr.write(`error: ${printableLines(describeError(error))}\n`)
  }
}

/** A fault of the program shows where it is; an error that was foreseen (a file, a port, a setting) is its sentence. */
function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return isFault(error) ? (error.stack ?? error.message) : error.message
}
