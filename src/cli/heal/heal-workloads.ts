import type { Clock } from '../check/run-checks.ts'
import type { WorkloadName } from '../pod-coverage/workload.ts'
import type { HealGate } from './heal-gate.ts'
import { type LeftWorkload, leftBy } from './heal-plan.ts'
import { restartCommand } from './other-commands.ts'

export interface HealParts {
  /** Gives why new Pods of a workload would not be traced; undefined when they would. */
  readonly foresee: (workload: WorkloadName) => Promise<string | undefined>
  /** Gives whether a workload may be restarted at this moment. */
  readonly look: (workload: WorkloadName) => Promise<HealGate>
  /** Restarts it and stays until that has ended; gives what went wrong, undefined when nothing did. */
  readonly restart: (workload: WorkloadName) => Promise<string | undefined>
  readonly clock: Clock
  /** How long each of those is waited for that may not be restarted yet. */
  readonly patienceMs: number
  readonly onProgress: (workload: WorkloadName, text: string) => void
}

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
    const gate = await gateOf(workload, parts)
    if (gate.state === 'closed') left.push(leftBy(workload, gate))
    if (gate.state === 'waits') waiting.push(leftBy(workload, { ...gate, command: restartCommand(workload) }))
    const because = await stopReason(workload, gate, parts)
    if (because !== undefined) {
      const rest = workloads.slice(index + 1).map((one) => untouched({ workload: one }))
      return { healed, left: [...left, ...rest], waiting, failed: { workload, because } }
    }
    if (gate.state === 'open') healed.push(workload)
  }
  return { healed, left, waiting }
}

async function stopReason(workload: WorkloadName, gate: Foreseen, { restart }: HealParts): Promise<string | undefined> {
  if (gate.state === 'futile') return gate.because
  return gate.state === 'open' ? restart(workload) : undefined
}

/** Not judged anew: by what is left nobody has been harmed, and the next run looks at it again. */
function untouched({ workload }: { readonly workload: WorkloadName }): LeftWorkload {
  return { workload, because: 'a restart before it did not end well' }
}

/** Several requests for each look: a budget that is at its end is not to be asked all the time. */
const PAUSE_MS = 2_000

type Foreseen = HealGate | { readonly state: 'futile'; readonly because: string }

/** What is in the way is looked at last, right before the restart. */
async function gateOf(workload: WorkloadName, parts: HealParts): Promise<Foreseen> {
  const { foresee, look, clock, patienceMs, onProgress } = parts
  const deadline = clock.now() + patienceMs
  for (;;) {
    const because = await foresee(workload)
    if (because !== undefined) return { state: 'futile', because }
    const gate = await look(workload)
    if (gate.state !== 'waits' || clock.now() >= deadline) return gate
    onProgress(workload, `waits: ${gate.because}`)
    await clock.pause(Math.min(PAUSE_MS, deadline - clock.now()))
  }
}
