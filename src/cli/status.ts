import { type Command, Option } from 'commander'
import type { CliContext } from './context.ts'
import { linkerdOptions } from './linkerd-flags.ts'
import { STATUS_OUTPUTS } from './status/status-outputs.ts'

const DETAILS = `
Whether a Pod is traced is read off its proxy's variables. For those that are not it says why, and
how to have them traced. Pods that have ended are left out. docs/status.md explains each state.

Examples:
  linkerd-tracing status
  linkerd-tracing status emojivoto
  linkerd-tracing status -o json | jq .totals.coveragePercent
  linkerd tracing status

Exit codes: 0 every Pod that should be traced is; 1 it could not be found out; 2 some Pods are not.
`

/** Adds the command `status` to the program. */
export function register(program: Command, context: CliContext): void {
  const command = program
    .command('status')
    .description('Show which Pods are traced, which are not, and why.')
    .argument('[namespace...]', 'Namespaces to look at, in detail; all by default.')
    .addOption(new Option('-o, --output <format>', 'How to print it.').choices(STATUS_OUTPUTS).default('table'))
  for (const option of linkerdOptions()) command.addOption(option)
  command.addHelpText('after', DETAILS).action(async (namespaces, flags) => {
    const { runStatus } = await import('./status/run-status.ts')
    context.setExitCode(await runStatus(namespaces, flags, context))
  })
}
