// A scripted cluster with a Namespace `shop`, whose Deployments were made while the injector was away.
import type { Raw } from '../../injection/samples.ts'
import { answer } from '../../kubernetes/scripted-api.ts'
import {
  DEPLOYMENTS,
  PODS,
  REPLICA_SETS,
  runningPod,
  type ScriptedCluster,
  startScriptedCluster,
} from '../pod-coverage/scripted-cluster.ts'

export const DEPLOYED = '/apis/apps/v1/namespaces/shop/deployments'
/** What a Deployment says when nothing of it is under way. */
export const DONE = { observedGeneration: 1, updatedReplicas: 2, replicas: 2, availableReplicas: 2 }

export interface MissedShop {
  readonly cluster: ScriptedCluster
  /** A Deployment with a Pod that was missed. */
  deploy(name: string): void
  /** From now on a restart gives a Deployment a Pod that is traced; dry runs change nothing. One of them may fail. */
  replacePods(): { fails: string }
  /** The Deployments that were asked to restart, in order, dry runs apart. */
  restarted(): (string | undefined)[]
  heal(...words: string[]): ReturnType<ScriptedCluster['run']>
}

export async function startMissedShop(): Promise<MissedShop> {
  const cluster = await startScriptedCluster()
  const { api } = cluster
  cluster.putNamespace('shop')
  // By the selector of their workload.
  api.intercepts.unshift(({ method, path, query }, response) => {
    const [, name] = /^app=(.+)$/.exec(query['labelSelector'] ?? '') ?? []
    const found = { pods: `${name}-1-a`, replicasets: `${name}-1` }[path.split('/').at(-1) ?? '']
    if (method !== 'GET' || name === undefined || found === undefined) return false
    const object = api.get(path, found)
    return answer(response, { metadata: { resourceVersion: '1' }, items: object === undefined ? [] : [object] })
  })
  const podOf = (name: string, traced: boolean) =>
    cluster.put(
      PODS,
      runningPod(`${name}-1-a`, { owner: { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${name}-1` }, traced }),
    )
  return {
    cluster,
    deploy: (name) => {
      const metadata = { name, namespace: 'shop', generation: 1 }
      const selector = { matchLabels: { app: name } }
      cluster.put(DEPLOYMENTS, { metadata, spec: { replicas: 2, selector }, status: DONE })
      const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name, controller: true }
      cluster.put(REPLICA_SETS, { metadata: { name: `${name}-1`, namespace: 'shop', ownerReferences: [owner] } })
      podOf(name, false)
    },
    replacePods: () => {
      const restarts = { fails: '' }
      api.intercepts.unshift(({ method, path, query }, response) => {
        const name = /deployments\/(.+)$/.exec(path)?.[1]
        if (method !== 'PATCH' || name === undefined) return false
        const deployment = api.get(DEPLOYED, name) as Raw
        if (query['dryRun'] === 'All') return answer(response, deployment)
        if (name === restarts.fails) {
          const condition = { type: 'Progressing', reason: 'ProgressDeadlineExceeded', message: 'no image' }
          cluster.put(DEPLOYMENTS, { ...deployment, status: { ...DONE, conditions: [condition] } })
        } else podOf(name, true)
        return false
      })
      return restarts
    },
    restarted: () =>
      api.requests
        .filter(({ method, query }) => method === 'PATCH' && query['dryRun'] === undefined)
        .map(({ path }) => path.split('/').at(-1)),
    heal: (...words) => cluster.run('status', '--heal', ...words),
  }
}
