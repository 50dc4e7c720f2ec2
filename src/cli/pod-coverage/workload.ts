import { controllerOf } from '../../injection/controller-of.ts'
import { isKubernetesSubdomain } from '../../injection/dns-name.ts'
import { type JsonObject, objectOf, textOf } from '../../injection/json.ts'

/** What makes Pods, or a Pod that nothing makes. */
export interface WorkloadName {
  readonly namespace: string
  /** `apps`; empty for the core group. */
  readonly group: string
  readonly kind: string
  readonly name: string
}

/**
 * Takes an object, gives what made it and would make it again (its controller); undefined when nothing would. The API server
 * takes any text for an owner, and ours stand in commands for a shell: what no object can be called is no owner. Pure.
 */
export function ownerOf(object: JsonObject): WorkloadName | undefined {
  const metadata = objectOf(object, 'metadata')
  const owner = controllerOf(metadata)
  const [kind, name] = [textOf(owner, 'kind'), textOf(owner, 'name')]
  if (kind === undefined || name === undefined) return undefined
  const group = (textOf(owner, 'apiVersion') ?? '').split('/').slice(0, -1).join('/')
  const isThere = isKubernetesSubdomain(name) && KIND.test(kind) && (group === '' || isKubernetesSubdomain(group))
  return isThere ? { namespace: textOf(metadata, 'namespace') ?? '', group, kind, name } : undefined
}

const KIND = /^[A-Za-z][A-Za-z0-9]*$/

/** Takes a Pod, gives what made it; itself when nothing did. Pure. */
export function podWorkload(pod: JsonObject): WorkloadName {
  const metadata = objectOf(pod, 'metadata')
  const [namespace, name] = [textOf(metadata, 'namespace') ?? '', textOf(metadata, 'name') ?? '']
  return ownerOf(pod) ?? { namespace, group: '', kind: 'Pod', name }
}

/** The kinds that stand between a Pod and what people call its workload, and where they are. */
export const MIDDLE_KINDS = [
  { group: 'apps', kind: 'ReplicaSet', collection: { root: '/apis/apps/v1', plural: 'replicasets' } },
  { group: 'batch', kind: 'Job', collection: { root: '/apis/batch/v1', plural: 'jobs' } },
] as const

/** Takes a workload, gives a text that no other one has. Pure. */
export function workloadKey({ namespace, group, kind, name }: WorkloadName): string {
  return [namespace, group, kind, name].join('/')
}

/** Takes a workload, gives it as kubectl names it: `deployment/web`; of other groups `rollout.argoproj.io/web`. Pure. */
export function shownWorkload({ group, kind, name }: WorkloadName): string {
  const isPlain = ['', 'apps', 'batch'].includes(group)
  return `${kind.toLowerCase()}${isPlain ? '' : `.${group}`}/${name}`
}

/** Takes a workload, gives it so with its Namespace, for a sentence. Pure. */
export function placeOf(workload: WorkloadName): string {
  return `${shownWorkload(workload)} in ${workload.namespace}`
}
