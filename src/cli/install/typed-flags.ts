import type { Command } from 'commander'
import type { TypedFlags } from './read-install-values.ts'

/** Takes a command that was parsed, gives the options that were typed: a default must not win over a file. */
export function typedFlags(command: Command): TypedFlags {
  const typed = Object.entries(command.opts()).filter(([name]) => command.getOptionValueSource(name) === 'cli')
  return Object.fromEntries(typed)
}
