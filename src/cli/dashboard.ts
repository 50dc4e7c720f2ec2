import { type Command, Option } from 'commander'
import type { CliContext } from './context.ts'
import { linkerdOptions } from './linkerd-flags.ts'

const DETAILS = `
A port of this machine leads to a Pod of Jaeger, as with kubectl port-forward, until Ctrl-C. When
that Pod goes, another one is waited for, and the address stays. Needed is the right to create
pods/portforward; the mesh's policy is not asked, as the way does not lead through the proxy.

Examples:
  linkerd-tracing dashboard
  linkerd-tracing dashboard --show url --port 0

Exit codes: 0 ended by Ctrl-C or SIGTERM; 1 there is no Jaeger, or no way to it.
`

/** Adds the command `dashboard` to the program. */
export function register(program: Command, context: CliContext): void {
  const command = program
    .command('dashboard')
    .description('Open Jaeger’s page in a browser, by a forwarded port.')
    .addOption(
      new Option('--show <what>', 'What to do with the address.').choices(['browser', 'url']).default('browser'),
    )
    .option('-p, --port <port>', 'Port of this machine; 0 for any. Without it 16686, or any where that is taken.')
    .option('-n, --namespace <namespace>', 'Namespace of linkerd-tracing; found in the cluster when not given.')
    .allowExcessArguments(false)
  for (const option of linkerdOptions()) command.addOption(option)
  command.addHelpText('after', DETAILS).action(async (flags) => {
    const { runDashboard } = await import('./dashboard/run-dashboard.ts')
    await runDashboard(flags, context)
  })
}
