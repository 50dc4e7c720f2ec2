import type { Command } from 'commander'
import type { CliContext } from './context.ts'

/** By the contract of Linkerd's extensions. */
export const NAME = '_extension-metadata'

/**
 * Adds the hidden command by which `linkerd check` learns, on each of its calls, whether it is to run our checks. It loads
 * nothing.
 */
export function register(program: Command, context: CliContext): void {
  program.command(NAME, { hidden: true }).action(() => {
    context.stdout.write(`${JSON.stringify({ name: 'linkerd-tracing', checks: 'always' })}\n`)
  })
}
