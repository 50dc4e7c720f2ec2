import { type Command, Option } from 'commander'
import { CHECK_OUTPUTS } from './check/print-checks.ts'
import type { CliContext } from './context.ts'
import { booleanOption, linkerdOptions } from './linkerd-flags.ts'

const DETAILS = `
Examples:
  linkerd-tracing check
  linkerd-tracing check --pre
  linkerd-tracing check --wait 30s -o short
  linkerd-tracing check --proxy -n emojivoto
  linkerd-tracing check --span
  linkerd check

What is asked of the cluster is get, list, reviews of one's own rights, and dry runs of Pods; an
empty export is posted to the collector. Nothing is changed, but for the one span of --span, which
is sent and looked for through ports that are forwarded to Pods. A check that cannot be made here is
a warning, never a success. Flags that it does not know are ignored, as linkerd check hands on its
own. docs/checks.md has a section for each check.

Exit codes: 0 all is well, warnings included; 1 something is not.
`

/** Adds the command `check` to the program. */
export function register(program: Command, context: CliContext): void {
  const command = program
    .command('check')
    .description('Check the installation, or whether one is possible (--pre).')
    // The contract of Linkerd's extensions: newer versions of it may hand on what is not known yet.
    .allowUnknownOption()
    .allowExcessArguments()
    .addOption(new Option('-o, --output <format>', 'How to print it.').choices(CHECK_OUTPUTS).default('table'))
    .addOption(booleanOption('--pre', 'Check what is needed before an installation.'))
    .addOption(new Option('--wait <duration>', 'How long to wait for what may still come true.').default('5m0s'))
    .addOption(booleanOption('--proxy', 'Check the proxies of opted-in Namespaces too.'))
    .addOption(new Option('-n, --namespace <namespace>', 'Namespace of the proxies to check; all by default.'))
    .addOption(booleanOption('--span', 'Send a span to the collector, and look for it in Jaeger.'))
    .addOption(
      new Option('--collector-url <url>', 'Where the collector takes OTLP over HTTP; by default a port is forwarded.'),
    )
    .addOption(new Option('--jaeger-url <url>', 'Where Jaeger’s page is; by default a port is forwarded.'))
  for (const option of linkerdOptions()) command.addOption(option)
  command.addHelpText('after', DETAILS).action(async (flags) => {
    const { runCheck } = await import('./check/run-check.ts')
    context.setExitCode(await runCheck(flags, context))
  })
}
