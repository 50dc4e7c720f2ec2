import { type Command, Option } from 'commander'
import type { CliContext } from './context.ts'
import { linkerdOptions } from './linkerd-flags.ts'

const DETAILS = `
Looks for linkerd-jaeger, installed or left over, for Linkerd's own settings (proxy.tracing,
--control-plane-tracing), for proxies that send spans to a collector of before, and for collectors
that nothing answers for. Says what to do, in which order, and who does it. Nothing is changed
without --apply, and then only what can be taken back: what is changed or deleted is written into a
file before, which --restore brings back.
Restarts, and the traces of a Jaeger that is removed, are for good, and done only where said.
What Helm or GitOps owns is theirs to change, and Linkerd's settings are changed by linkerd upgrade.

Examples:
  linkerd-tracing migrate
  linkerd-tracing migrate --apply --dry-run
  linkerd-tracing migrate --apply --restart --backup before.json
  linkerd-tracing migrate --apply --remove-jaeger
  linkerd-tracing migrate --restore before.json

Exit codes: 0 nothing is left to do; 1 a step could not be done, or it could not be found out; 2
steps are left, or with --restore something that somebody else has changed.
`

/** Adds the command `migrate` to the program. */
export function register(program: Command, context: CliContext): void {
  const command = program
    .command('migrate')
    .description('Move from linkerd-jaeger, or from Linkerd’s own trace settings.')
    .allowExcessArguments(false)
  for (const option of migrateOptions()) command.addOption(option)
  command.addHelpText('after', DETAILS).action(async (flags) => {
    const { runMigrate } = await import('./migrate/run-migrate.ts')
    context.setExitCode(await runMigrate(flags, context))
  })
}

function migrateOptions(): Option[] {
  return [
    new Option('--apply', 'Do the steps that can be taken back, one after the other, after a question.'),
    new Option('--restart', 'With --apply: restart the workloads that send spans to a collector of before.'),
    new Option('--remove-jaeger', 'With --apply: delete linkerd-jaeger, its traces with it, once nobody sends to it.'),
    new Option(
      '--backup <file>',
      'With --apply: where to keep what is changed; by default a file that is named by the time.',
    ),
    new Option('--restore <file>', 'Bring back what --apply has kept in that file.'),
    new Option('--dry-run', 'Have the API server judge each change, and change nothing.'),
    new Option('--yes', 'With --apply or --restore: do not ask.'),
    new Option('--timeout <duration>', 'How long one restart may take.').default('10m0s'),
    new Option('-o, --output <format>', 'How to print it.').choices(['table', 'json']).default('table'),
    ...linkerdOptions(),
  ]
}
