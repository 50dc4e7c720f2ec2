import type { Command } from 'commander'
import { addSettingOptions } from '../config/commander-options.ts'
import type { CliContext } from './context.ts'

const EXAMPLES = `
Posts three Pods, as dry runs, to a running webhook and prints for each what was decided and what it
would change: the destination component of Linkerd's control plane, a meshed web server, and the
collector.

Examples:
  linkerd-tracing try
  linkerd-tracing try --url https://127.0.0.1:9443/mutate --ca-file /etc/linkerd-tracing/tls/ca.crt

Exit codes: 0 when all three were answered, 1 otherwise.
`

/** Adds the command `try` to the program. */
export function register(program: Command, context: CliContext): void {
  addSettingOptions(program.command('try').description('Show what a running webhook does to three sample Pods.'), 'try')
    .allowExcessArguments(false)
    .addHelpText('after', EXAMPLES)
    .action(async (flags: Record<string, unknown>) => {
      const { runTry } = await import('./run-try.ts')
      await runTry(flags, context)
    })
}
