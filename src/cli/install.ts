import type { Command } from 'commander'
import type { CliContext } from './context.ts'
import { valueOptions } from './install/install-options.ts'
import { typedFlags } from './install/typed-flags.ts'
import { type WaitFlag, waitOption } from './install/wait-option.ts'
import { type LinkerdFlags, linkerdOptions } from './linkerd-flags.ts'

const DETAILS = `
Values: defaults, then --ha, then files, then flags, then --set. docs/values.md lists all of them.
Nothing is changed in any cluster. A cluster is asked only for what is not said: whether it has the
kinds of Linkerd's policy (--policy auto), its domain where several collectors need it, and whether
a namespace that was chosen is a control plane's.

With --wait it ends its output, so that kubectl begins, and stays until the Deployments are as
they were printed and all of their Pods are available. 'set -o pipefail' has its exit code count.

Examples:
  linkerd-tracing install | kubectl apply -f -
  linkerd-tracing install --wait | kubectl apply -f -
  linkerd-tracing install --ha --jaeger none --backend otel.example.com:4317 | kubectl apply -f -
  linkerd-tracing install -f values.yaml --set collector.replicas=2 | kubectl diff -f -

Exit codes: 0 printed, and with --wait ready; 1 otherwise: nothing was printed to stdout, or
something did not get ready.
`

/** Adds the command `install` to the program. */
export function register(program: Command, context: CliContext): void {
  const command = program
    .command('install')
    .description('Print the manifests of everything, for kubectl apply.')
    .allowExcessArguments(false)
  for (const option of [...valueOptions(), waitOption(), ...linkerdOptions()]) command.addOption(option)
  command.addHelpText('after', DETAILS).action(async (flags: LinkerdFlags & WaitFlag) => {
    const { runInstall } = await import('./install/run-install.ts')
    await runInstall(typedFlags(command), flags, context)
  })
}
