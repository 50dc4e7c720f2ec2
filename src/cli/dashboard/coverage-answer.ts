import type { CoverageReport, NamespaceRow, StateCount, WorkloadRow } from '../../page/reports/coverage-report.ts'
import type { Coverage, NamespaceCoverage } from '../pod-coverage/collect-coverage.ts'
import {
  countOf,
  coverageOfAll,
  FAULTY_STATES,
  POD_STATES,
  type PodCounts,
  STATE_SENTENCES,
} from '../pod-coverage/pod-state.ts'
import { shownWorkload } from '../pod-coverage/workload.ts'
import type { WorkloadCoverage } from '../pod-coverage/workload-coverage.ts'
import { optedIn } from '../status/print-status.ts'
import { stateSentences } from '../status/workload-rows.ts'
import { namespaceAdvice, workloadAdvice } from './gap-advice.ts'

/** Takes what was found, gives it as the page shows it. Pure. */
export function coverageAnswer({ installation, namespaces, totals, notes }: Coverage): CoverageReport {
  return {
    isInstalled: installation.isInstalled,
    coveragePercent: coverageOfAll(namespaces) ?? null,
    states: stateCounts(totals),
    namespaces: namespaces.map(namespaceRow),
    workloads: namespaces.flatMap(({ workloads }) => workloads.flatMap(workloadRows)),
    notes,
  }
}

function stateCounts(totals: PodCounts): StateCount[] {
  return POD_STATES.filter((state) => totals[state] > 0).map((state) => ({
    state,
    pods: totals[state],
    meaning: STATE_SENTENCES[state],
    isGap: FAULTY_STATES.includes(state),
  }))
}

function namespaceRow(namespace: NamespaceCoverage): NamespaceRow {
  const { name, isOptedIn, counts } = namespace
  return {
    name,
    isOptedIn,
    optedIn: optedIn(namespace),
    coveragePercent: coverageOfAll([namespace]) ?? null,
    pods: countOf(counts),
    traced: counts.traced,
    gaps: isOptedIn ? countOf(counts, FAULTY_STATES) : 0,
    advice: namespaceAdvice(namespace),
  }
}

function workloadRows(workload: WorkloadCoverage): WorkloadRow[] {
  return POD_STATES.filter((state) => workload.counts[state] > 0).map((state) => ({
    namespace: workload.namespace,
    workload: shownWorkload(workload),
    state,
    isGap: FAULTY_STATES.includes(state),
    pods: workload.counts[state],
    sentences: stateSentences(workload, state),
    advice: workloadAdvice(workload, state),
  }))
}
