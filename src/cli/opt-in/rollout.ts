import { isJsonObject, type JsonObject, listOf, numberOf, objectOf, textOf } from '../../injection/json.ts'

/** How far a rollout is. */
export type RolloutProgress =
  | { readonly state: 'done' }
  | { readonly state: 'going' | 'failed'; readonly because: string }

/** A workload as the API server has it; its kind is one of those that are rolled. */
export interface RolledObject {
  readonly kind: string
  readonly object: JsonObject
}

/** Takes a workload, gives why a restart of it would not replace its Pods; undefined when it would. Pure. */
export function rolloutObstacle({ kind, object }: RolledObject): string | undefined {
  const spec = objectOf(object, 'spec')
  if (kind === 'Deployment') return spec?.['paused'] === true ? 'it is paused: kubectl rollout resume' : undefined
  const strategy = textOf(objectOf(spec, 'updateStrategy'), 'type')
  return strategy === 'OnDelete' ? 'its updateStrategy is OnDelete: delete its Pods one by one' : undefined
}

/**
 * Takes a workload that was restarted, gives how far it is, by the rules of `kubectl rollout status` (k8s.io/kubectl
 * pkg/polymorphichelpers/rollout_status.go). Pure.
 */
export function rolloutProgress({ kind, object }: RolledObject): RolloutProgress {
  const [metadata, status] = [objectOf(object, 'metadata'), objectOf(object, 'status')]
  // Before its controller has seen the change, everything in status is about the Pods of before.
  if (numberOf(status, 'observedGeneration') < numberOf(metadata, 'generation')) return going('it has not begun')
  return PROGRESS[kind]?.(object) ?? { state: 'done' }
}

const PROGRESS: Readonly<Record<string, (object: JsonObject) => RolloutProgress>> = {
  Deployment: deploymentProgress,
  StatefulSet: statefulSetProgress,
  DaemonSet: daemonSetProgress,
}

function deploymentProgress(object: JsonObject): RolloutProgress {
  const status = objectOf(object, 'status')
  const conditions = listOf(status, 'conditions').filter(isJsonObject)
  const progressing = conditions.find((condition) => textOf(condition, 'type') === 'Progressing')
  if (textOf(progressing, 'reason') === 'ProgressDeadlineExceeded')
    return { state: 'failed', because: textOf(progressing, 'message') ?? 'its progress deadline is over' }
  const wanted = numberOf(objectOf(object, 'spec'), 'replicas', 1)
  const [updated, all] = [numberOf(status, 'updatedReplicas'), numberOf(status, 'replicas')]
  const available = numberOf(status, 'availableReplicas')
  if (updated < wanted) return going(`${updated} of ${wanted} Pods are new`)
  if (all > updated) return going(`${all - updated} old Pods are ending`)
  return available < updated ? going(`${available} of ${updated} new Pods are available`) : { state: 'done' }
}

function statefulSetProgress(object: JsonObject): RolloutProgress {
  const [spec, status] = [objectOf(object, 'spec'), objectOf(object, 'status')]
  const wanted = numberOf(spec, 'replicas', 1)
  const ready = numberOf(status, 'readyReplicas')
  if (ready < wanted) return going(`${ready} of ${wanted} Pods are ready`)
  const partition = numberOf(objectOf(objectOf(spec, 'updateStrategy'), 'rollingUpdate'), 'partition')
  const updated = numberOf(status, 'updatedReplicas')
  // Pods below the partition keep what they have, until it is lowered.
  if (updated < wanted - partition) return going(`${updated} of ${wanted - partition} Pods are new`)
  return { state: 'done' }
}

function daemonSetProgress(object: JsonObject): RolloutProgress {
  const status = objectOf(object, 'status')
  const wanted = numberOf(status, 'desiredNumberScheduled')
  const [updated, available] = [numberOf(status, 'updatedNumberScheduled'), numberOf(status, 'numberAvailable')]
  if (updated < wanted) return going(`${updated} of ${wanted} Pods are new`)
  return available < wanted ? going(`${available} of ${wanted} Pods are available`) : { state: 'done' }
}

function going(because: string): RolloutProgress {
  return { state: 'going', because }
}
