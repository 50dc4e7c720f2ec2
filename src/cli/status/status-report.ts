import type { Coverage, NamespaceCoverage } from '../pod-coverage/collect-coverage.ts'
import type { OptInTime } from '../pod-coverage/opt-in-time.ts'
import { coverageOfAll } from '../pod-coverage/pod-state.ts'
import { outdatedWorkloads, restartAdvice, untracedWorkloads } from '../pod-coverage/restart-advice.ts'
import type { WorkloadCoverage } from '../pod-coverage/workload-coverage.ts'

/** Takes what was found, gives it as `-o json` and `-o yaml` show it. docs/status.md lists the members. Pure. */
export function statusReport({ installation, namespaces, totals, notes }: Coverage): object {
  const workloads = namespaces.flatMap((namespace) => namespace.workloads)
  return {
    installed: installation.isInstalled,
    totals: { pods: totals, coveragePercent: coverageOfAll(namespaces) ?? null },
    namespaces: namespaces.map(namespaceReport),
    restart: restartReport(untracedWorkloads(workloads)),
    outdated: restartReport(outdatedWorkloads(workloads)),
    notes,
  }
}

function restartReport(workloads: readonly WorkloadCoverage[]): object {
  const { commands, sentences } = restartAdvice(workloads)
  return { commands, others: sentences }
}

function namespaceReport(namespace: NamespaceCoverage): object {
  const { name, isOptedIn, optIn, counts, workloads } = namespace
  return {
    name,
    optedIn: isOptedIn,
    ...optInMembers(optIn),
    pods: counts,
    // No Pod that should be traced: no coverage, rather than all or nothing of it.
    coveragePercent: coverageOfAll([namespace]) ?? null,
    workloads: workloads.map(workloadReport),
  }
}

function workloadReport({ group, kind, name, counts, collectors, findings }: WorkloadCoverage): object {
  return { group, kind, name, pods: counts, collectors, findings }
}

/** The two are equal where the time is known exactly. */
function optInMembers({ from, until }: OptInTime): object {
  return {
    ...(from !== undefined && { optedInNotBefore: isoTime(from) }),
    ...(until !== undefined && { optedInNotAfter: isoTime(until) }),
  }
}

/** Takes milliseconds since 1970, gives them as the API server writes times. Pure. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')
}
