import { Command } from 'commander'
import manifest from '../../package.json' with { type: 'json' }
import * as bridge from './bridge.ts'
import * as certs from './certs.ts'
import * as check from './check.ts'
import * as completion from './completion.ts'
import type { CliContext } from './context.ts'
import * as dashboard from './dashboard.ts'
import * as disable from './disable.ts'
import * as enable from './enable.ts'
import * as explain from './explain.ts'
import * as extensionMetadata from './extension-metadata.ts'
import { HELP_LAYOUT, helpWidth } from './help-layout.ts'
import * as inject from './inject.ts'
import * as install from './install.ts'
import * as migrate from './migrate.ts'
import * as overhead from './overhead.ts'
import * as review from './review.ts'
import * as serve from './serve.ts'
import * as stat from './stat.ts'
import * as status from './status.ts'
import * as trace from './trace.ts'
import * as traces from './traces.ts'
import * as tryCommand from './try.ts'
import * as uninstall from './uninstall.ts'
import * as upgrade from './upgrade.ts'

/** One file a command: each adds itself to the program and loads what it needs only when it runs. */
const COMMANDS: ReadonlyArray<{ register(program: Command, context: CliContext): void }> = [
  install,
  upgrade,
  uninstall,
  serve,
  inject,
  review,
  tryCommand,
  certs,
  bridge,
  check,
  explain,
  status,
  stat,
  traces,
  trace,
  overhead,
  enable,
  disable,
  migrate,
  dashboard,
  completion,
  extensionMetadata,
]

/**
 * Takes the process's streams and environment, gives the commander program with all commands. Its errors are thrown
 * (CommanderError), not turned into an exit.
 */
export function buildProgram(context: CliContext): Command {
  const program = new Command('linkerd-tracing')
    .description('Distributed tracing for Linkerd, switched on by a label.')
    .helpCommand('help [command]', 'Show the help of a command.')
    .helpOption('-h, --help', 'Show this help.')
    .version(manifest.version, '-V, --version', 'Show the version.')
    .configureHelp(HELP_LAYOUT)
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError('(--help shows what there is)')
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
      getOutHelpWidth: () => helpWidth(context.stdout),
      getErrHelpWidth: () => helpWidth(context.stderr),
    })
  for (const command of COMMANDS) command.register(program, context)
  return program
}
