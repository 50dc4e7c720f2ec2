import { type JsonObject, numberOf, objectOf, textOf } from '../../injection/json.ts'
import type { RolledObject } from '../opt-in/rollout.ts'

/** How many Pods of a workload a rollout takes away at a time, and how many there are. */
export interface PodsAway {
  readonly away: number
  readonly all: number
}

/**
 * Takes a workload of a kind that is rolled, gives how many of its Pods are away at a time in a rollout, as its controller
 * counts them: k8s.io/kubernetes rounds a share down for Deployments and StatefulSets, up for DaemonSets. Pure.
 */
export function podsAway({ kind, object }: RolledObject): PodsAway {
  const [spec, status] = [objectOf(object, 'spec'), objectOf(object, 'status')]
  const all = kind === 'DaemonSet' ? numberOf(status, 'desiredNumberScheduled') : numberOf(spec, 'replicas', 1)
  return { away: Math.min(all, (COUNTS[kind] ?? everyPod)({ spec, all })), all }
}

interface Counted {
  readonly spec: JsonObject | undefined
  readonly all: number
}

const COUNTS: Readonly<Record<string, (counted: Counted) => number>> = {
  Deployment: ({ spec, all }) => {
    const strategy = objectOf(spec, 'strategy')
    if (textOf(strategy, 'type') === 'Recreate') return all
    const rolling = objectOf(strategy, 'rollingUpdate')
    const surge = Math.ceil(amount(rolling?.['maxSurge'] ?? '25%', all))
    const away = Math.floor(amount(rolling?.['maxUnavailable'] ?? '25%', all))
    // Where both come to nothing by rounding, the controller takes one away: else nothing could ever be rolled.
    return surge === 0 && away === 0 ? 1 : away
  },
  StatefulSet: ({ spec, all }) => {
    const rolling = objectOf(objectOf(spec, 'updateStrategy'), 'rollingUpdate')
    return Math.max(1, Math.floor(amount(rolling?.['maxUnavailable'] ?? 1, all)))
  },
  DaemonSet: ({ spec, all }) => {
    const rolling = objectOf(objectOf(spec, 'updateStrategy'), 'rollingUpdate')
    return Math.ceil(amount(rolling?.['maxUnavailable'] ?? 1, all))
  },
}

/** What is not understood is taken for the worst. */
function everyPod({ all }: Counted): number {
  return all
}

function amount(value: unknown, all: number): number {
  if (typeof value === 'number') return value
  const [, percent] = /^(\d+)%$/.exec(String(value)) ?? []
  return percent === undefined ? all : (Number(percent) * all) / 100
}
