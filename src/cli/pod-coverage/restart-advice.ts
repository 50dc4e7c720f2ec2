import { countOf, RESTARTABLE_STATES } from './pod-state.ts'
import { placeOf, shownWorkload, type WorkloadName } from './workload.ts'
import type { WorkloadCoverage } from './workload-coverage.ts'

/** How to have Pods made anew. */
export interface RestartAdvice {
  /** To be pasted into a shell, one for each Namespace. */
  readonly commands: readonly string[]
  /** For what kubectl cannot roll: a sentence for each. */
  readonly sentences: readonly string[]
}

/** The kinds that `kubectl rollout restart` takes, with where they are. */
export const ROLLED_KINDS = [
  { kind: 'Deployment', plural: 'deployments' },
  { kind: 'StatefulSet', plural: 'statefulsets' },
  { kind: 'DaemonSet', plural: 'daemonsets' },
] as const

/** Takes workloads, gives those with Pods that a restart would have traced. Pure. */
export function untracedWorkloads(workloads: readonly WorkloadCoverage[]): WorkloadCoverage[] {
  return workloads.filter(({ counts }) => countOf(counts, RESTARTABLE_STATES) > 0)
}

/** Takes workloads, gives those with traced Pods whose settings are not those of today. Pure. */
export function outdatedWorkloads(workloads: readonly WorkloadCoverage[]): WorkloadCoverage[] {
  return workloads.filter(({ findings }) => findings.some(({ state }) => state === 'traced'))
}

/** Takes workloads to restart, gives how. Pure. */
export function restartAdvice(workloads: readonly WorkloadName[]): RestartAdvice {
  const rolled = workloads.filter(isRolled)
  const namespaces = [...new Set(rolled.map(({ namespace }) => namespace))]
  return {
    commands: namespaces.map((namespace) => {
      const names = rolled.filter((workload) => workload.namespace === namespace).map(shownWorkload)
      return `kubectl rollout restart -n ${namespace} ${names.join(' ')}`
    }),
    sentences: workloads.filter((workload) => !isRolled(workload)).map(otherSentence),
  }
}

/** Takes a workload, gives whether a restart of it is a rollout. Pure. */
export function isRolled({ group, kind }: WorkloadName): boolean {
  return group === 'apps' && ROLLED_KINDS.some((rolled) => rolled.kind === kind)
}

function otherSentence(workload: WorkloadName): string {
  const rule = OTHERS[`${workload.group}/${workload.kind}`] ?? 'restart it by what made it'
  return `${placeOf(workload)}: ${rule}`
}

const OTHERS: Readonly<Record<string, string>> = {
  '/Pod': 'nothing makes it anew: delete it, and create it again',
  '/ReplicationController': 'delete its Pods, it makes others',
  'apps/ReplicaSet': 'delete its Pods, it makes others',
  'batch/CronJob': 'its next run is a new Pod',
  'batch/Job': 'its Pods run to their end; run it again',
}
