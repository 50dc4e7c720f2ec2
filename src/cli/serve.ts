import type { Command } from 'commander'
import { addSettingOptions } from '../config/commander-options.ts'
import type { CliContext } from './context.ts'

const EXAMPLES = `
Examples:
  linkerd-tracing serve
  linkerd-tracing serve --port 9443 --cert-dir /etc/linkerd-tracing/tls
  linkerd-tracing serve --namespaces-file namespaces.yaml --protocol opencensus

Signals: SIGTERM serves on, unready, for --drain-seconds, then finishes what is in flight; SIGINT
does not wait; a second signal aborts. Logs go to stdout, one JSON object a line; all else goes to
stderr.

Exit codes: 0 after an orderly end; 1 when it cannot start, or was aborted by a second signal.
`

/** Adds the command `serve` to the program. */
export function register(program: Command, context: CliContext): void {
  addSettingOptions(program.command('serve').description('Run the admission webhook.'), 'serve')
    .allowExcessArguments(false)
    .addHelpText('after', EXAMPLES)
    .action(async (flags: Record<string, unknown>) => {
      const { runServe } = await import('./run-serve.ts')
      await runServe(flags, context)
    })
}
