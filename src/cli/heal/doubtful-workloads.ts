import { countOf, type PodState, STATE_SENTENCES } from '../pod-coverage/pod-state.ts'
import { restartAdvice } from '../pod-coverage/restart-advice.ts'
import type { WorkloadCoverage } from '../pod-coverage/workload-coverage.ts'
import type { LeftWorkload } from './heal-plan.ts'

/**
 * Takes workloads, and in which states Pods are healed, gives those of which nobody knows whether they were missed: they may as well be older than the opt-in, and
 * left alone on purpose. Pure.
 */
export function doubtfulWorkloads(workloads: readonly WorkloadCoverage[], healed: readonly PodState[]): LeftWorkload[] {
  return workloads
    .filter(({ counts }) => countOf(counts, healed) === 0 && counts.untraced > 0)
    .map(({ namespace, group, kind, name }) => {
      const workload = { namespace, group, kind, name }
      const [command] = restartAdvice([workload]).commands
      return {
        workload,
        because: `${STATE_SENTENCES.untraced} (--untraced restarts it all the same)`,
        ...(command !== undefined && { command }),
      }
    })
}
