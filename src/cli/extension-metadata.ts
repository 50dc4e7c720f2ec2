import type { Command } from 'commander'
import type { CliContext } from './context.ts'

const NAME = '_extension-metadata'
const METADATA = `${JSON.stringify({ name: 'linkerd-tracing', checks: 'always' })}\n`

/**
 * Takes the words after the program's name, gives what to print when `linkerd check` asks, as it does on each of its calls,
 * whether it is to run our checks. Nothing has to be loaded for that. Pure.
 */
export function metadataAsked(words: readonly string[]): string | undefined {
  return words.length === 1 && words[0] === NAME ? METADATA : undefined
}

/** Adds the same as a hidden command to the program: with the flags that every command has, it is asked for here. */
export function register(program: Command, context: CliContext): void {
  const command = program.command(NAME, { hidden: true }).action(() => {
    context.stdout.write(METADATA)
  })
  command.allowUnknownOption().allowExcessArguments()
}
