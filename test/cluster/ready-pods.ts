import { setTimeout as sleep } from 'node:timers/promises'
import { CoreV1Api, type V1Pod } from '@kubernetes/client-node'
import type { ClusterAccess } from './cluster-access.ts'

/** Says of every Pod of a Namespace that it runs and is ready, as the kubelet would, which is not there. */
export interface PodKeeper {
  stop(): Promise<void>
}

/** Keeps the Pods of a Namespace ready, those that come later too, until it is stopped. */
export function keepPodsReady(cluster: ClusterAccess, namespace: string): PodKeeper {
  const api = cluster.clientConfig().makeApiClient(CoreV1Api)
  let isWanted = true
  const makeReady = async (pod: V1Pod) => {
    const conditions = ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'].map((type) => ({
      type,
      status: 'True',
    }))
    const body = [
      { op: 'add', path: '/status/conditions', value: conditions },
      { op: 'add', path: '/status/phase', value: 'Running' },
    ]
    // One that was deleted meanwhile needs nothing.
    await api.patchNamespacedPodStatus({ name: pod.metadata?.name ?? '', namespace, body }).catch(() => {})
  }
  const running = (async () => {
    while (isWanted) {
      const { items } = await api.listNamespacedPod({ namespace }).catch(() => ({ items: [] as V1Pod[] }))
      const unready = items.filter(({ status }) => !status?.conditions?.some(({ type }) => type === 'Ready'))
      await Promise.all(unready.map(makeReady))
      await sleep(100)
    }
  })()
  return {
    stop: async () => {
      isWanted = false
      await running
    },
  }
}
