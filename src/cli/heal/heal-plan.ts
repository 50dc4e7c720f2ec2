import type { WorkloadName } from '../pod-coverage/workload.ts'
import type { HealFacts } from './heal-facts.ts'
import { healGate } from './heal-gate.ts'
import { podsAway } from './pods-away.ts'

/** A workload that is to be restarted. */
export interface HealStep {
  readonly workload: WorkloadName
  /** Its Pods that are to be made anew. */
  readonly untraced: number
  /** How many of how many Pods its rollout takes away at a time. */
  readonly away: number
  readonly all: number
  /** What it has to wait for as things are. */
  readonly waitsFor?: string
}

/** A workload that is left as it is, and what somebody can do about it. */
export interface LeftWorkload {
  readonly workload: WorkloadName
  readonly because: string
  readonly command?: string
}

export interface HealPlan {
  /** In the order in which they are restarted. */
  readonly steps: readonly HealStep[]
  readonly left: readonly LeftWorkload[]
}

/** A workload with Pods that are to be made anew, as `status` counts them, and what is known of it besides. */
export interface MissedWorkload {
  readonly facts: HealFacts
  readonly untraced: number
}

/** Takes workloads with Pods that are to be made anew, gives which are restarted, and which are left, and why. Pure. */
export function healPlan(workloads: readonly MissedWorkload[]): HealPlan {
  const judged = workloads.map((one) => ({ ...one, gate: healGate(one.facts) }))
  return {
    steps: judged.flatMap(({ facts, untraced, gate }) => {
      const { workload, object } = facts
      if (object === undefined || (gate.state !== 'open' && gate.state !== 'waits')) return []
      const counts = podsAway({ kind: workload.kind, object })
      return [{ workload, untraced, ...counts, ...(gate.state === 'waits' && { waitsFor: gate.because }) }]
    }),
    left: judged.flatMap(({ facts: { workload }, gate }) => (gate.state === 'closed' ? [leftBy(workload, gate)] : [])),
  }
}

interface Reason {
  readonly because: string
  readonly command?: string
}

/** Takes a workload and why it is left, gives both as one value. Pure. */
export function leftBy(workload: WorkloadName, { because, command }: Reason): LeftWorkload {
  return { workload, because, ...(command !== undefined && { command }) }
}
