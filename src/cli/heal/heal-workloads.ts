import type { Clock } from '../check/run-checks.ts'
import type { WorkloadName } from '../pod-coverage/workload.ts'
import type { HealGate, OpenGate } from './heal-gate.ts'
import { type LeftWorkload, leftBy } from './heal-plan.ts'
import { restartCommand } from './other-commands.ts'

export interface HealParts {
  /** Gives why new Pods of a workload would not be traced; undefined when they would. */
  readonly foresee: (workload: WorkloadName) => Promise<string | undefined>
  /** Gives whether a workload may be restarted at this moment. */
  readonly look: (workload: WorkloadName) => Promise<HealGate | Failure>
  /** Restarts it, where it is still what was looked at, and stays until that has ended. */
  readonly restart: (workload: WorkloadName, seen: OpenGate) => Promise<HealTurn>
  readonly clock: Clock
  /** How long each of those is waited for that may not be restarted yet. */
  readonly patienceMs: number
  readonly onProgress: (workload: WorkloadName, text: string) => void
}

export interface Failure {
  readonly state: 'failed'
  readonly because: string
}

/** What became of a workload whose turn it was. */
export type HealTurn = Exclude<HealGate, OpenGate> | Failure | { readonly state: 'restarted' }

/** What became of workloads that were to be restarted. */
export interface Healing {
  readonly healed: readonly WorkloadName[]
  /** What was not begun, and why. */
  readonly left: readonly LeftWorkload[]
  /** The restart that did not end well, or could not: nothing was begun after it. */
  readonly failed?: LeftWorkload
}

/**
 * Takes workloads, restarts them one at a time, each when nothing is in its way; those that have to wait come after the
 * others. Stops at the first restart that does not end well.
 */
export async function healWorkloads(workloads: readonly WorkloadName[], parts: HealParts): Promise<Healing> {
  const first = await takeRound(workloads, { ...parts, patienceMs: 0 })
  if (first.failed !== undefined) return { ...first, left: [...first.left, ...first.waiting.map(untouched)] }
  const second = await takeRound(
    first.waiting.map(({ workload }) => workload),
    parts,
  )
  return {
    healed: [...first.healed, ...second.healed],
    left: [...first.left, ...second.left, ...second.waiting],
    ...(second.failed !== undefined && { failed: second.failed }),
  }
}

interface Round extends Healing {
  /** Those that were still in somebody's way when patience ended. */
  readonly waiting: readonly LeftWorkload[]
}

async function takeRound(workloads: readonly WorkloadName[], parts: HealParts): Promise<Round> {
  const [healed, left, waiting]: [WorkloadName[], LeftWorkload[], LeftWorkload[]] = [[], [], []]
  for (const [index, workload] of workloads.entries()) {
    const turn = await takeTurn(workload, parts)
    if (turn.state === 'restarted') healed.push(workload)
    if (turn.state === 'closed') left.push(leftBy(workload, turn))
    if (turn.state === 'waits') waiting.push(leftBy(workload, { ...turn, command: restartCommand(workload) }))
    if (turn.state === 'failed') {
      const rest = workloads.slice(index + 1).map((one) => untouched({ workload: one }))
      return { healed, left: [...left, ...rest], waiting, failed: { workload, because: turn.because } }
    }
  }
  return { healed, left, waiting }
}

/** Not judged anew: by what is left nobody has been harmed, and the next run looks at it again. */
function untouched({ workload }: { readonly workload: WorkloadName }): LeftWorkload {
  return { workload, because: 'a restart before it did not end well' }
}

/** Several requests for each look: a budget that is at its end is not to be asked all the time. */
const PAUSE_MS = 2_000

/** Tries again while something is in the way, for as long as patience lasts. */
async function takeTurn(workload: WorkloadName, parts: HealParts): Promise<HealTurn> {
  const { clock, patienceMs, onProgress } = parts
  const deadline = clock.now() + patienceMs
  for (;;) {
    const turn = await tryTurn(workload, parts)
    if (turn.state !== 'waits' || clock.now() >= deadline) return turn
    onProgress(workload, `waits: ${turn.because}`)
    await clock.pause(Math.min(PAUSE_MS, deadline - clock.now()))
  }
}

/** What is in the way is looked at last, right before the restart. */
async function tryTurn(workload: WorkloadName, { foresee, look, restart }: HealParts): Promise<HealTurn> {
  const because = await foresee(workload)
  if (because !== undefined) return { state: 'failed', because }
  const gate = await look(workload)
  return gate.state === 'open' ? restart(workload, gate) : gate
}
