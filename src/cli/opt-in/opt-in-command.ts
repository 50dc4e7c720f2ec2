import type { Command } from 'commander'
import type { CliContext } from '../context.ts'
import type { OptInAction } from './label-change.ts'
import { optInOptions } from './opt-in-options.ts'

export interface OptInTexts {
  readonly action: OptInAction
  readonly description: string
  /** What stands below the options in its help. */
  readonly details: string
}

/** Adds `enable` or `disable` to the program. */
export function registerOptIn(program: Command, context: CliContext, texts: OptInTexts): void {
  const { action, description, details } = texts
  const command = program
    .command(action)
    .description(description)
    .argument('<namespace...>', 'Namespaces, or control-plane.')
  for (const option of optInOptions()) command.addOption(option)
  command.addHelpText('after', details).action(async (words, flags) => {
    const { runOptIn } = await import('./run-opt-in.ts')
    context.setExitCode(await runOptIn({ action, words, flags }, context))
  })
}
