import { type Command, Option } from 'commander'
import type { CliContext } from './context.ts'
import { linkerdOptions } from './linkerd-flags.ts'

const DETAILS = `
The page is served on this machine, for this machine only, until Ctrl-C. It shows what your
kubeconfig lets you see, to whoever has its address, which has a random token in it. Figures and
traces come from Jaeger, by a port of this machine that leads to one of its Pods, as with kubectl
port-forward: that needs the right to create pods/portforward. With --jaeger there is only that
port, and Jaeger's own page. When its Pod goes another one is waited for, and the address stays.

Examples:
  linkerd-tracing dashboard
  linkerd-tracing dashboard emojivoto --show url
  linkerd-tracing dashboard --jaeger --port 0

Exit codes: 0 ended by Ctrl-C or SIGTERM; 1 the page cannot be served, or there is no way to Jaeger.
`

/** Adds the command `dashboard` to the program. */
export function register(program: Command, context: CliContext): void {
  const command = program
    .command('dashboard')
    .description('Open a page that shows coverage, latency and what proxies add; or Jaeger’s own.')
    .argument('[namespace...]', 'Namespaces whose coverage is shown; all by default.')
    .option('--jaeger', 'Open Jaeger’s own page instead, by a forwarded port.')
    .option('--jaeger-url <url>', 'Where Jaeger’s page is; by default a port is forwarded.')
    .addOption(
      new Option('--show <what>', 'What to do with the address.').choices(['browser', 'url']).default('browser'),
    )
    .option(
      '-p, --port <port>',
      'Port of this machine; 0 for any. Without it any; with --jaeger 16686, or any where it is taken.',
    )
    .option('-n, --namespace <namespace>', 'Namespace of linkerd-tracing; found in the cluster when not given.')
  for (const option of linkerdOptions()) command.addOption(option)
  command.addHelpText('after', DETAILS).action(async (namespaces, flags) => {
    const { runDashboard } = await import('./dashboard/run-dashboard.ts')
    await runDashboard(namespaces, flags, context)
  })
}
