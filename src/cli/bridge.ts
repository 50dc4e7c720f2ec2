import type { Command } from 'commander'
import { addSettingOptions } from '../config/commander-options.ts'
import type { CliContext } from './context.ts'

const EXAMPLES = `
Takes spans of OpenCensus clients (Linkerd's control plane, proxies before Linkerd 2.17) and gives
them to an OpenTelemetry collector.

Examples:
  linkerd-tracing bridge
  linkerd-tracing bridge --collector-address 127.0.0.1:4317 --queue-bytes 128Mi

Signals: SIGTERM and SIGINT take no new client, send what is queued within --flush-seconds, and
end; a second signal aborts. Logs go to stdout, one JSON object a line; all else goes to stderr.

Exit codes: 0 after an orderly end; 1 when it cannot start, or was aborted by a second signal.
`

/** Adds the command `bridge` to the program. */
export function register(program: Command, context: CliContext): void {
  const description = 'Run the bridge from OpenCensus to the collector.'
  addSettingOptions(program.command('bridge').description(description), 'bridge')
    .allowExcessArguments(false)
    .addHelpText('after', EXAMPLES)
    .action(async (flags: Record<string, unknown>) => {
      const { runBridge } = await import('./run-bridge.ts')
      await runBridge(flags, context)
    })
}
