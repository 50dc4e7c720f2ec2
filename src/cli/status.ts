import { type Command, Option } from 'commander'
import type { CliContext } from './context.ts'
import { linkerdOptions } from './linkerd-flags.ts'
import { STATUS_OUTPUTS } from './status/status-outputs.ts'

const DETAILS = `
Whether a Pod is traced is read off its proxy's variables. For those that are not it says why, and
how to have them traced. Pods that have ended are left out. docs/status.md explains each state.

Examples:
  linkerd-tracing status
  linkerd-tracing status emojivoto
  linkerd-tracing status -o json | jq .totals.coveragePercent
  linkerd tracing status

  linkerd-tracing status --heal --dry-run
  linkerd-tracing status emojivoto --heal --yes --timeout 5m

--heal restarts the workloads with Pods that came through without settings while the injector was
away: one at a time, only while every PodDisruptionBudget of their Pods leaves room for it, and when
no rollout is under way. It shows the plan and asks first; it stops at the first restart that does
not end well. What it leaves alone it names, with the command to do it all the same. With
--all-namespaces, and in the control plane, nobody knows whether a Pod was missed or is older than
the opt-in: --untraced takes these too.

Exit codes: 0 every Pod that should be traced is; 1 it could not be found out, or a restart did not
end well; 2 some Pods are not. With --heal only those count that were missed, or may have been.
`

/** Adds the command `status` to the program. */
export function register(program: Command, context: CliContext): void {
  const command = program
    .command('status')
    .description('Show which Pods are traced, which are not, and why.')
    .argument('[namespace...]', 'Namespaces to look at, in detail; all by default.')
    .addOption(
      new Option('-n, --namespace <namespace>', 'The same as a Namespace behind it. May be given again.').argParser(
        more,
      ),
    )
    .addOption(
      new Option('--heal', 'Restart the workloads that were missed while the injector was away, one at a time.'),
    )
    .addOption(new Option('--untraced', 'With --heal: also where it is not known whether they were missed.'))
    .addOption(new Option('--dry-run', 'With --heal: show the plan, have the API server judge it, and change nothing.'))
    .addOption(new Option('--yes', 'With --heal: do not ask.'))
    .addOption(new Option('--timeout <duration>', 'With --heal: how long one restart may take, and one wait (10m0s).'))
    .addOption(new Option('-o, --output <format>', 'How to print it.').choices(STATUS_OUTPUTS).default('table'))
  for (const option of linkerdOptions()) command.addOption(option)
  command.addHelpText('after', DETAILS).action(async (namespaces, flags) => {
    const { runStatus } = await import('./status/run-status.ts')
    context.setExitCode(await runStatus(namespaces, flags, context))
  })
}

function more(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text]
}
