import type { Command } from 'commander'
import { bashScript } from './bash-script.ts'
import { completionPlaces } from './completion-places.ts'
import { fishScript } from './fish-script.ts'
import type { Shell } from './shells.ts'
import { zshScript } from './zsh-script.ts'

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript }

/** Takes a shell and the program, gives the script for it. */
export function completionScript(shell: Shell, program: Command): string {
  return SCRIPTS[shell](completionPlaces(program))
}
