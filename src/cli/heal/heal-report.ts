import type { WorkloadName } from '../pod-coverage/workload.ts'
import type { HealPlan, HealStep, LeftWorkload } from './heal-plan.ts'
import type { Healing } from './heal-workloads.ts'

export interface HealReported {
  readonly plan: HealPlan
  /** Absent: nothing was done, as on a dry run. */
  readonly healing?: Healing | undefined
  readonly notes: readonly string[]
}

/** Takes a plan and what came of it, gives both as `-o json` and `-o yaml` show them. docs/status.md lists the members. Pure. */
export function healReport({ plan, healing, notes }: HealReported): object {
  const left = [...plan.left, ...(healing?.left ?? [])]
  return {
    dryRun: healing === undefined,
    steps: plan.steps.map(stepReport),
    healed: (healing?.healed ?? []).map(nameReport),
    failed: healing?.failed === undefined ? null : leftReport(healing.failed),
    left: left.map(leftReport),
    notes,
  }
}

function stepReport({ workload, untraced, away, all, waitsFor }: HealStep): object {
  return { ...nameReport(workload), untraced, awayAtATime: away, pods: all, waitsFor: waitsFor ?? null }
}

function leftReport({ workload, because, command }: LeftWorkload): object {
  return { ...nameReport(workload), because, command: command ?? null }
}

function nameReport({ namespace, group, kind, name }: WorkloadName): object {
  return { namespace, group, kind, name }
}
