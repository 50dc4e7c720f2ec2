import { setTimeout as pause } from 'node:timers/promises'
import type { CliContext } from '../context.ts'
import { timeoutOf } from '../go-duration.ts'
import { openCluster } from '../open-cluster.ts'
import { printable } from '../printable.ts'
import { createProgressLine } from '../progress-line.ts'
import { tellInterrupted } from '../tell-interrupted.ts'
import { isTerminal } from '../terminal.ts'
import { changeOptIn } from './change-opt-in.ts'
import { goingSentence } from './going-sentence.ts'
import { type OptInAction, targetsOf } from './label-change.ts'
import type { OptInFlags } from './opt-in-run.ts'
import { leftSentence, type Restarting } from './restart-workloads.ts'

export interface OptInCommand {
  readonly action: OptInAction
  /** Namespaces, or `control-plane`. */
  readonly words: readonly string[]
  readonly flags: OptInFlags
}

/**
 * Takes what `enable` or `disable` was told, opts Namespaces in or out, tells what changed and what is left to do, and with
 * `--restart` does that too. Gives the exit code; throws a sentence for what cannot be done, before anything else is.
 */
export async function runOptIn({ action, words, flags }: OptInCommand, context: CliContext): Promise<number> {
  const timeoutMs = timeoutOf(flags.timeout)
  const { stdout, stderr } = context
  const write = (text: string) => void stderr.write(text)
  const now = () => performance.now()
  const progress = createProgressLine({ write, isTerminal: isTerminal(stderr), now })
  const { view, changes, close } = openCluster(flags, context)
  let restarting: Restarting = { going: undefined, left: [] }
  if (flags.restart === true && flags.dryRun !== true) tellInterrupted(context, () => interruptedSentence(restarting))
  try {
    const parts = {
      ...{ action, flags, timeoutMs, view, changes },
      clock: { now, pause: (ms: number) => pause(ms) },
      tell: (line: string) => {
        progress.clear()
        stdout.write(`${printable(line)}\n`)
      },
      warn: (line: string) => {
        progress.clear()
        write(`warning: ${printable(line)}\n`)
      },
      onProgress: progress.show,
      onRestarting: (state: Restarting) => {
        restarting = state
      },
    }
    return await changeOptIn(parts, targetsOf(words, flags.linkerdNamespace))
  } finally {
    progress.clear()
    close()
  }
}

function interruptedSentence({ going, left }: Restarting): string {
  return `${goingSentence(going)}${leftSentence(left)}; the same command goes on with what is left`
}
