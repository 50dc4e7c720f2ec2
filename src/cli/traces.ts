import { type Command, Option } from 'commander'
import type { CliContext } from './context.ts'
import { TRACE_ORDERS } from './list-traces/kept-traces.ts'
import { addTraceOptions } from './read-traces/trace-flags.ts'

const DETAILS = `
A trace fits when one of its spans has all that is asked for: the service, the Namespace, the
labels, and with --error that it failed. Durations are those of whole traces. What has an ID here
is shown in full by linkerd-tracing trace ID.

Examples:
  linkerd-tracing traces --service web --error
  linkerd-tracing traces -n emojivoto --min-duration 500ms --sort slowest
  linkerd-tracing traces -l app=web,version=v2 --since 15m -o json

Exit codes: 0 whatever was found; 1 Jaeger could not be asked, or an error.
`

/** Adds the command `traces` to the program. */
export function register(program: Command, context: CliContext): void {
  const command = program
    .command('traces')
    .description('List traces: the newest or the slowest ones, by service, duration, error or label.')
    .addOption(new Option('--sort <order>', 'Which come first.').choices(TRACE_ORDERS).default('newest'))
    .addOption(new Option('--limit <number>', 'How many at most.').default('20'))
    .addOption(new Option('--min-duration <duration>', 'Only traces that took so long at least.'))
    .addOption(new Option('--max-duration <duration>', 'Only traces that took so long at most.'))
    .option('--error', 'Only traces in which a span failed.')
    .allowExcessArguments(false)
  addTraceOptions(command)
  command.addHelpText('after', DETAILS).action(async (flags) => {
    const { runTraces } = await import('./list-traces/run-traces.ts')
    await runTraces(flags, context)
  })
}
