import type { Command } from 'commander'
import type { CliContext } from './context.ts'
import { valueOptions } from './install/install-options.ts'
import { typedFlags } from './install/typed-flags.ts'
import { type LinkerdFlags, linkerdOptions } from './linkerd-flags.ts'

const DETAILS = `
Starts from the values that install keeps in the ConfigMap linkerd-tracing-config. Where no cluster
can be asked, give it what install was given, so that it names the same objects. The control plane's
Namespace is never among them. Workloads keep their trace settings until they are restarted: those
that send spans to the collector are listed on stderr, with the commands that restart them.

Examples:
  linkerd-tracing uninstall | kubectl delete --ignore-not-found -f -
  linkerd-tracing uninstall -n linkerd | kubectl delete --ignore-not-found -f -

Exit codes: 0 printed; 1 otherwise, and nothing was printed to stdout.
`

/** Adds the command `uninstall` to the program. */
export function register(program: Command, context: CliContext): void {
  const command = program
    .command('uninstall')
    .description('Print what install has printed, for kubectl delete.')
    .allowExcessArguments(false)
  for (const option of [...valueOptions(), ...linkerdOptions()]) command.addOption(option)
  command.addHelpText('after', DETAILS).action(async (flags: LinkerdFlags) => {
    const { runUninstall } = await import('./install/run-uninstall.ts')
    await runUninstall(typedFlags(command), flags, context)
  })
}
