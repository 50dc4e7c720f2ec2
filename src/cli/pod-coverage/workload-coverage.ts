import type { PodVerdict } from './judge-pod.ts'
import { noPods, type PodCounts, type PodState } from './pod-state.ts'
import { type WorkloadName, workloadKey } from './workload.ts'

/** What was found on some Pods of a workload, once for all that have it. */
export type Finding = Pick<PodVerdict, 'state' | 'reason' | 'sentences'>

/** What became of the Pods of a workload. */
export interface WorkloadCoverage extends WorkloadName {
  readonly counts: PodCounts
  /** Where its traced Pods send spans to. */
  readonly collectors: readonly string[]
  readonly findings: readonly Finding[]
}

/** Gathers verdicts by workload; of a large cluster it keeps some hundred bytes for each. */
export interface CoverageGroups {
  readonly add: (workload: WorkloadName, verdict: PodVerdict) => void
  /** Takes the name of what is in between and of what made that: from now on they are one. */
  readonly join: (middle: WorkloadName, owner: WorkloadName) => void
  readonly has: (workload: WorkloadName) => boolean
  readonly workloads: () => readonly WorkloadCoverage[]
}

/** Pods of one workload are mostly alike; more than so many differences nobody reads. */
const MAX_DIFFERENT = 5

interface Group {
  readonly workload: WorkloadName
  readonly counts: Record<PodState, number>
  readonly collectors: Set<string>
  readonly findings: Map<string, Finding>
}

/** Gives groups without a Pod. */
export function createCoverageGroups(): CoverageGroups {
  const groups = new Map<string, Group>()
  const groupOf = (workload: WorkloadName): Group => {
    const key = workloadKey(workload)
    const known = groups.get(key)
    const group = known ?? { workload, counts: noPods(), collectors: new Set(), findings: new Map() }
    if (known === undefined) groups.set(key, group)
    return group
  }
  return {
    add: (workload, verdict) => {
      const group = groupOf(workload)
      group.counts[verdict.state]++
      const collectors = verdict.collector === undefined ? [] : [verdict.collector]
      // Of a Pod that is traced as it should be there is nothing more to say.
      const isFinding = verdict.state !== 'traced' || verdict.sentences.length > 0
      keep(group, { collectors, findings: isFinding ? [findingOf(verdict)] : [] })
    },
    join: (middle, owner) => {
      const from = groups.get(workloadKey(middle))
      if (from === undefined) return
      groups.delete(workloadKey(middle))
      const into = groupOf(owner)
      for (const [state, count] of Object.entries(from.counts)) into.counts[state as PodState] += count
      keep(into, { collectors: from.collectors, findings: from.findings.values() })
    },
    has: (workload) => groups.has(workloadKey(workload)),
    workloads: () =>
      [...groups.values()]
        .map(({ workload, counts, collectors, findings }) => ({
          ...workload,
          counts,
          collectors: [...collectors].sort(),
          findings: [...findings.values()],
        }))
        .sort((one, other) => (workloadKey(one) < workloadKey(other) ? -1 : 1)),
  }
}

function findingOf({ state, reason, sentences }: PodVerdict): Finding {
  return { state, ...(reason !== undefined && { reason }), sentences }
}

interface Kept {
  readonly collectors: Iterable<string>
  readonly findings: Iterable<Finding>
}

function keep(group: Group, { collectors, findings }: Kept): void {
  for (const collector of collectors) if (group.collectors.size < MAX_DIFFERENT) group.collectors.add(collector)
  for (const finding of findings)
    if (group.findings.size < MAX_DIFFERENT) group.findings.set(JSON.stringify(finding), finding)
}
