import { type Command, Option } from 'commander'
import type { CliContext } from './context.ts'
import { addJaegerOptions, TRACE_OUTPUTS } from './read-traces/trace-flags.ts'

const DETAILS = `
A line for each span below the one that called it: in its bar the time of proxies, applications
and the network look different, with colours and without. Clocks of nodes that cannot be right are
corrected, and that is said. The ID may be in capitals, without its leading zeros, or a whole
traceparent. docs/traces-at-work.md explains the picture, and what the JSON has.

Examples:
  linkerd-tracing trace 4bf92f3577b34da6a3ce929d0e0e4736
  linkerd-tracing trace 4bf92f3577b34da6a3ce929d0e0e4736 -o json | jq .totals

Exit codes: 0 it is printed; 1 it is no ID, Jaeger does not have it, or could not be asked.
`

/** Adds the command `trace` to the program. */
export function register(program: Command, context: CliContext): void {
  const command = program
    .command('trace')
    .description('Show one trace as a waterfall, and where its time went.')
    .argument('<id>', 'The trace’s ID, as linkerd-tracing traces and Jaeger’s page have it.')
    .option('--all', 'Every span of a trace of more than 200, one by one.')
    .addOption(new Option('-o, --output <format>', 'How to print it.').choices(TRACE_OUTPUTS).default('table'))
    .allowExcessArguments(false)
  addJaegerOptions(command)
  command.addHelpText('after', DETAILS).action(async (id, flags) => {
    const { runTrace } = await import('./trace/run-trace.ts')
    await runTrace(id, flags, context)
  })
}
