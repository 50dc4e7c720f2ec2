import type { Command } from 'commander'
import type { CliContext } from './context.ts'
import { valueOptions } from './install/install-options.ts'
import { typedFlags } from './install/typed-flags.ts'
import { type WaitFlag, waitOption } from './install/wait-option.ts'
import { type LinkerdFlags, linkerdOptions } from './linkerd-flags.ts'

const DETAILS = `
Starts from the values that install keeps in the ConfigMap linkerd-tracing-config; files, flags and
--set lie above them, as with install. Nothing is changed in the cluster: what would change in it is
told on stderr, and what is not part of the installation any more, as kubectl apply leaves it there.

Examples:
  linkerd-tracing upgrade | kubectl apply -f -
  linkerd-tracing upgrade --wait 10m | kubectl apply -f -
  linkerd-tracing upgrade --set collector.replicas=2 > /dev/null

Exit codes: 0 printed, and with --wait ready; 1 otherwise: nothing was printed to stdout, or
something did not get ready.
`

/** Adds the command `upgrade` to the program. */
export function register(program: Command, context: CliContext): void {
  const command = program
    .command('upgrade')
    .description('Print the manifests of an installation anew, with the values that it was made with.')
    .allowExcessArguments(false)
  for (const option of [...valueOptions(), waitOption(), ...linkerdOptions()]) command.addOption(option)
  command.addHelpText('after', DETAILS).action(async (flags: LinkerdFlags & WaitFlag) => {
    const { runUpgrade } = await import('./upgrade/run-upgrade.ts')
    await runUpgrade(typedFlags(command), flags, context)
  })
}
