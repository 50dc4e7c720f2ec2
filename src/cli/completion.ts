import { Argument, type Command } from 'commander'
import { SHELLS, type Shell } from './completion/shells.ts'
import type { CliContext } from './context.ts'

const DETAILS = `
Examples:
  source <(linkerd-tracing completion bash)
  linkerd-tracing completion bash > /etc/bash_completion.d/linkerd-tracing
  linkerd-tracing completion zsh > "\${fpath[1]}/_linkerd-tracing"
  linkerd-tracing completion fish > ~/.config/fish/completions/linkerd-tracing.fish

Exit codes: 0 printed; 1 there is no script for that shell.
`

/** Adds the command `completion` to the program. */
export function register(program: Command, context: CliContext): void {
  program
    .command('completion')
    .description('Print the script by which a shell completes commands, flags and their values.')
    .addArgument(new Argument('<shell>', 'Shell.').choices(SHELLS))
    .allowExcessArguments(false)
    .addHelpText('after', DETAILS)
    .action(async (shell: Shell) => {
      const { completionScript } = await import('./completion/completion-script.ts')
      context.stdout.write(completionScript(shell, program))
    })
}
