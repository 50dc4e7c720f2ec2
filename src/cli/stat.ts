import { type Command, Option } from 'commander'
import type { CliContext } from './context.ts'
import { addTraceOptions } from './read-traces/trace-flags.ts'
import { STAT_GROUPS, STAT_ORDERS } from './stat/stat-orders.ts'

const DETAILS = `
A request is one server span of a service’s inbound proxy; of a service without a proxy, one server
span of its own. Times of proxies end when the answer begins. Errors are answers of 5xx, and spans
that say so. In a route, numbers, UUIDs and other IDs are {id}. Traces that were not sampled are not
in Jaeger, and so not counted. docs/traces-at-work.md has the rules, and what the JSON has.

Examples:
  linkerd-tracing stat
  linkerd-tracing stat --by route -n emojivoto --sort p99
  linkerd-tracing stat --service web --since 2h --until 1h -o json
  linkerd-tracing stat --control-plane --watch

Exit codes: 0 whatever was found; 1 Jaeger could not be asked, or an error.
`

/** Adds the command `stat` to the program. */
export function register(program: Command, context: CliContext): void {
  const command = program
    .command('stat')
    .description('Sum up the requests of each service or route: how many, errors, latencies.')
    .addOption(
      new Option('--by <what>', 'A row for each service, or for each route.').choices(STAT_GROUPS).default('service'),
    )
    .addOption(new Option('--sort <column>', 'What the rows are sorted by.').choices(STAT_ORDERS).default('name'))
    .option('--control-plane', 'Linkerd’s own components instead of the services.')
    .option('--watch', 'Again every 5 s, until Ctrl-C.')
    .allowExcessArguments(false)
  addTraceOptions(command)
  command.addHelpText('after', DETAILS).action(async (flags) => {
    const { runStat } = await import('./stat/run-stat.ts')
    await runStat(flags, context)
  })
}
