import { isJsonObject, type JsonObject, listOf, objectOf, textOf } from '../../injection/json.ts'
import { nameOf } from '../check/entries.ts'

/** What `kubectl rollout restart` knows, by the kind of a Pod's owner. */
const RESTARTED: Readonly<Record<string, string>> = { StatefulSet: 'statefulset', DaemonSet: 'daemonset' }

/** Takes a Pod, gives how another one comes in its place: only a new Pod gets other settings. Pure. */
export function restartAdvice(pod: JsonObject): string {
  const metadata = objectOf(pod, 'metadata')
  const namespace = textOf(metadata, 'namespace') ?? ''
  const owner = listOf(metadata, 'ownerReferences').filter(isJsonObject)[0]
  const [kind, name] = [textOf(owner, 'kind') ?? '', textOf(owner, 'name') ?? '']
  const hash = textOf(objectOf(metadata, 'labels'), 'pod-template-hash')
  // A Deployment's ReplicaSet is named after it and the hash.
  if (kind === 'ReplicaSet' && hash !== undefined && name.endsWith(`-${hash}`))
    return restart(namespace, `deploy/${name.slice(0, -hash.length - 1)}`)
  if (RESTARTED[kind] !== undefined) return restart(namespace, `${RESTARTED[kind]}/${name}`)
  const what = owner === undefined ? 'make it again' : `${kind} ${name} makes another one`
  return `delete the Pod, and ${what}: kubectl delete -n ${namespace} pod/${nameOf(pod)}`
}

function restart(namespace: string, workload: string): string {
  return `kubectl rollout restart -n ${namespace} ${workload}`
}
