import type { Command } from 'commander'
import type { SHELLS } from '../completion.ts'
import { bashScript } from './bash-script.ts'
import { completionPlaces } from './completion-places.ts'
import { fishScript } from './fish-script.ts'
import { zshScript } from './zsh-script.ts'

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript }

/** Takes a shell and the program, gives the script for it. */
export function completionScript(shell: (typeof SHELLS)[number], program: Command): string {
  return SCRIPTS[shell](completionPlaces(program))
}
