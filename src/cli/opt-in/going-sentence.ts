import { placeOf, shownWorkload, type WorkloadName } from '../pod-coverage/workload.ts'

/** Takes the workload that is being restarted at this moment, gives what becomes of it when the program ends now. Pure. */
export function goingSentence(going: WorkloadName | undefined): string {
  if (going === undefined) return 'nothing is being restarted'
  const command = `kubectl rollout status -n ${going.namespace} ${shownWorkload(going)}`
  return `${placeOf(going)} is being restarted and goes on without us (${command})`
}
