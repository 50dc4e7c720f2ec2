import { numberOf, objectOf, textOf } from '../../injection/json.ts'
import { isRolled, restartAdvice } from '../pod-coverage/restart-advice.ts'
import { shownWorkload, type WorkloadName } from '../pod-coverage/workload.ts'
import type { HealFacts } from './heal-facts.ts'

/**
 * Takes a workload that is not restarted by us, gives the command with which somebody who has thought about it has its Pods
 * made anew; undefined where there is none. Pure.
 */
export function commandInstead({ workload, object, pods, states }: HealFacts): string | undefined {
  const { namespace, kind, name } = workload
  if (kind === 'Pod') return `kubectl delete pod -n ${namespace} ${name}`
  const spec = objectOf(object, 'spec')
  // Whoever has paused it has changes waiting, which a resumption rolls out together with the Pods.
  if (spec?.['paused'] === true) return `kubectl rollout resume -n ${namespace} ${shownWorkload(workload)}`
  const strategy = objectOf(spec, 'updateStrategy')
  const pod = pods.find(({ state }) => states.includes(state))
  // These make a Pod anew when it is deleted, and only then.
  const isByHand =
    textOf(strategy, 'type') === 'OnDelete' || numberOf(objectOf(strategy, 'rollingUpdate'), 'partition') > 0
  if (isByHand && pod !== undefined) return `kubectl delete pod -n ${namespace} ${pod.name}`
  if (textOf(objectOf(object, 'metadata'), 'deletionTimestamp') !== undefined) return undefined
  return isRolled(workload) ? restartCommand(workload) : undefined
}

/** Takes a workload that is rolled, gives the command that restarts it, whatever is in the way. Pure. */
export function restartCommand(workload: WorkloadName): string {
  return restartAdvice([workload]).commands.join('')
}
