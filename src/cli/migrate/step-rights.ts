import type { ClusterView, Collection, Right } from '../../kubernetes/cluster-view.ts'
import { collectionOf } from '../opt-in/restart-workloads.ts'
import type { WorkloadName } from '../pod-coverage/workload.ts'
import type { BackedUpChange } from './backup.ts'
import type { Step } from './migration-plan.ts'

/** Takes steps, gives the rights that they take. Pure. */
export function stepRights(steps: readonly Step[]): Right[] {
  return steps.flatMap(({ action }) => {
    if (action.do === 'delete') return [rightTo('delete', action.target.collection)]
    if (action.do === 'change') return [rightTo('patch', action.target.collection), ...probeRights(action.rollout)]
    return action.do === 'restart'
      ? [rightTo('patch', collectionOf(action.workload)), ...probeRights(action.workload)]
      : []
  })
}

/** Whether new Pods are traced is tried by a dry run of one. */
function probeRights(workload: WorkloadName | undefined): Right[] {
  return workload === undefined
    ? []
    : [rightTo('create', { root: '/api/v1', plural: 'pods', namespace: workload.namespace })]
}

/** Takes what a backup brings back, gives the rights that it takes. Pure. */
export function restoreRights(changes: readonly BackedUpChange[]): Right[] {
  return changes.map(({ do: what, collection }) => rightTo(what === 'delete' ? 'create' : 'patch', collection))
}

/** Throws an Error that names all rights that lack: half of a migration is worse than none. */
export async function demandRights(cluster: ClusterView, rights: readonly Right[]): Promise<void> {
  const distinct = [...new Map(rights.map((right) => [textOf(right), right])).values()]
  const answers = await Promise.all(distinct.map((right) => cluster.may(right)))
  const lacking = distinct.filter((_right, index) => answers[index] !== true).map(textOf)
  if (lacking.length > 0) throw new Error(`these rights are missing: ${lacking.join('; ')}; nothing was changed`)
}

function rightTo(verb: string, { root, plural, namespace }: Collection): Right {
  const group = root.startsWith('/apis/') ? (root.split('/')[2] ?? '') : ''
  return { verb, group, resource: plural, ...(namespace !== undefined && { namespace }) }
}

function textOf({ verb, group, resource, namespace }: Right): string {
  const type = group === '' ? resource : `${resource}.${group}`
  return `${verb} ${type}${namespace === undefined ? '' : ` in namespace ${namespace}`}`
}
