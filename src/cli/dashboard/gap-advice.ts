import { SYSTEM_NAMESPACES } from '../../injection/own-places.ts'
import type { Advice } from '../../page/reports/coverage-report.ts'
import { isTarget } from '../explain/target.ts'
import type { NamespaceCoverage } from '../pod-coverage/collect-coverage.ts'
import { type PodState, RESTARTABLE_STATES } from '../pod-coverage/pod-state.ts'
import { restartAdvice, untracedWorkloads } from '../pod-coverage/restart-advice.ts'
import { shownWorkload, type WorkloadName } from '../pod-coverage/workload.ts'

/** Takes a workload and a state that Pods of it are in, gives what would have them traced; nothing where that is not wanted. Pure. */
export function workloadAdvice(workload: WorkloadName, state: PodState): Advice {
  if (RESTARTABLE_STATES.includes(state)) return restart([workload])
  if (state === 'invalid') return { ...explain(workload), sentence: CORRECT_IT }
  if (state === 'not-meshed') return { sentence: MESH_IT }
  return state === 'out' ? optIn(workload.namespace) : {}
}

/** Takes a Namespace, gives what would have its Pods traced; nothing where they are, or where there are none to trace. Pure. */
export function namespaceAdvice({ name, isOptedIn, counts, workloads }: NamespaceCoverage): Advice {
  if (isOptedIn) return restart(untracedWorkloads(workloads))
  return counts.out > 0 ? optIn(name) : {}
}

const CORRECT_IT = 'Correct what is named here, then restart it.'
const MESH_IT = 'Mesh it: annotate its Namespace or its Pods with linkerd.io/inject: enabled.'

function explain(workload: WorkloadName): Advice {
  const target = shownWorkload(workload)
  return isTarget(target) ? { command: `linkerd-tracing explain ${target} -n ${workload.namespace}` } : {}
}

function optIn(namespace: string): Advice {
  return SYSTEM_NAMESPACES.includes(namespace) ? {} : { command: `linkerd-tracing enable ${namespace} --restart` }
}

/** All of them are in one Namespace, so there is one command at most. */
function restart(workloads: readonly WorkloadName[]): Advice {
  const { commands, sentences } = restartAdvice(workloads)
  const [command] = commands
  return {
    ...(command !== undefined && { command }),
    ...(sentences.length > 0 && { sentence: sentences.join('; ') }),
  }
}
