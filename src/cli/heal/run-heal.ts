import { setTimeout as pause } from 'node:timers/promises'
import { confirmChange } from '../confirm-change.ts'
import type { CliContext } from '../context.ts'
import { timeoutOf } from '../go-duration.ts'
import { openCluster } from '../open-cluster.ts'
import { goingSentence } from '../opt-in/going-sentence.ts'
import type { PodState } from '../pod-coverage/pod-state.ts'
import type { WorkloadName } from '../pod-coverage/workload.ts'
import { printable } from '../printable.ts'
import type { ProgressLine } from '../progress-line.ts'
import { progressOn } from '../show-progress.ts'
import { STATUS_EXIT } from '../status/status-exit.ts'
import { tellInterrupted } from '../tell-interrupted.ts'
import { findMissed } from './find-missed.ts'
import { healMissed } from './heal-missed.ts'
import { createHealPrinter } from './heal-printer.ts'
import type { HealFlags, HealRun } from './heal-run.ts'
import { describedWorkload } from './print-heal.ts'

/** Long enough for an image to be pulled, as for `enable --restart`. */
const USUAL_TIMEOUT = '10m0s'

/**
 * Takes Namespaces (none: all) and flags, restarts the workloads that were missed, one at a time, once somebody has said yes to
 * the plan. Gives the exit code. Throws a sentence for what cannot be done, before anything else is.
 */
export async function runHeal(
  namespaces: readonly string[] | undefined,
  flags: HealFlags,
  context: CliContext,
): Promise<number> {
  const { timeout = USUAL_TIMEOUT, output, dryRun = false, yes = false, untraced = false, linkerdNamespace } = flags
  const timeoutMs = timeoutOf(timeout)
  // Whoever reads one document sees the plan when all is over.
  if (output !== 'table' && !dryRun && !yes)
    throw new Error(`-o ${output} asks nobody: --yes restarts, --dry-run shows what would be`)
  const progress = progressOn(context.stderr)
  const { view, changes, close } = openCluster(flags, context)
  const clock = { now: () => performance.now(), pause: (ms: number) => pause(ms) }
  try {
    const states: readonly PodState[] = untraced ? ['missed', 'untraced'] : ['missed']
    const run = { view, changes, linkerdNamespace, states, timeoutMs, clock, onProgress: progress.show }
    return await heal({ run, namespaces, flags, progress, context })
  } finally {
    progress.clear()
    close()
  }
}

interface HealParts {
  readonly run: HealRun
  readonly namespaces: readonly string[] | undefined
  readonly flags: HealFlags
  readonly progress: ProgressLine
  readonly context: CliContext
}

async function heal({ run, namespaces, flags, progress, context }: HealParts): Promise<number> {
  const { dryRun = false, yes = false } = flags
  const printer = createHealPrinter(flags, context)
  const found = await findMissed(run, namespaces)
  const { steps, left } = found.plan
  progress.clear()
  printer.plan(found)
  const question = `Restart ${steps.length === 1 ? 'this workload' : `these ${steps.length} workloads, one at a time`}?`
  const isWanted = steps.length > 0 && !dryRun && (await confirmChange(context, { question, isConfirmed: yes }))
  if (!isWanted) {
    printer.end(found)
    return steps.length + left.length === 0 ? STATUS_EXIT.covered : STATUS_EXIT.uncovered
  }
  let going: WorkloadName | undefined
  tellInterrupted(context, () => interruptedSentence(going))
  const healing = await healMissed(found, {
    ...run,
    onGoing: (workload) => {
      going = workload
    },
    onHealed: (workload, ms) => {
      progress.clear()
      printer.healed(workload, ms)
    },
  })
  progress.clear()
  printer.end(found, healing)
  const { failed } = healing
  if (failed !== undefined)
    throw new Error(`${describedWorkload(failed.workload)}: ${printable(failed.because)}; ${HOW_TO_GO_ON}`)
  return left.length + healing.left.length === 0 ? STATUS_EXIT.covered : STATUS_EXIT.uncovered
}

function interruptedSentence(going: WorkloadName | undefined): string {
  const others = going === undefined ? '' : ', nothing else is restarted'
  return `${goingSentence(going)}${others}; the same command goes on with what is left`
}

const HOW_TO_GO_ON = 'nothing else is restarted; once that is put right, the same command goes on with what is left'
