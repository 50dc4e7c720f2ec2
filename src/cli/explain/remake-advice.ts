import { type JsonObject, objectOf, textOf } from '../../injection/json.ts'
import { restartAdvice } from '../pod-coverage/restart-advice.ts'
import { podWorkload, type WorkloadName } from '../pod-coverage/workload.ts'

/** Takes a Pod, gives how another one comes in its place: only a new Pod gets other settings. Pure. */
export function remakeAdvice(pod: JsonObject): string {
  const { commands, sentences } = restartAdvice([deploymentOf(podWorkload(pod), pod)])
  return [...commands, ...sentences].join('; ')
}

/** A Deployment's ReplicaSet is named after it and the hash that its Pods have as a label. */
function deploymentOf(workload: WorkloadName, pod: JsonObject): WorkloadName {
  const hash = textOf(objectOf(objectOf(pod, 'metadata'), 'labels'), 'pod-template-hash')
  const { group, kind, name } = workload
  if (group !== 'apps' || kind !== 'ReplicaSet' || hash === undefined || !name.endsWith(`-${hash}`)) return workload
  return { ...workload, kind: 'Deployment', name: name.slice(0, -hash.length - 1) }
}
