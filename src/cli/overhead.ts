import type { Command } from 'commander'
import type { CliContext } from './context.ts'
import { addTraceOptions } from './read-traces/trace-flags.ts'

const DETAILS = `
What a proxy added to a request is the time of its server span in which none of its client spans
ran; with retries, none of all tries. Both are by one clock, so clocks of nodes that do not agree
change nothing. Requests of which a span is missing, or whose spans contradict each other, are
counted as withheld, with the reason. docs/traces-at-work.md tells more.

Examples:
  linkerd-tracing overhead
  linkerd-tracing overhead -n emojivoto --since 15m
  linkerd-tracing overhead --service web -o json | jq '.services[].inbound.p99Us'

Exit codes: 0 it is printed; 1 it could not be found out.
`

/** Adds the command `overhead` to the program. */
export function register(program: Command, context: CliContext): void {
  const command = program
    .command('overhead')
    .description('Show how much latency the proxies of each service add to a request.')
    .allowExcessArguments(false)
  addTraceOptions(command)
  command.addHelpText('after', DETAILS).action(async (flags) => {
    const { runOverhead } = await import('./overhead/run-overhead.ts')
    await runOverhead(flags, context)
  })
}
