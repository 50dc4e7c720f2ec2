import { createApiClient } from '../kubernetes/api-client.ts'
import { type ClusterView, viewCluster } from '../kubernetes/cluster-view.ts'
import { findKubectlCluster } from '../kubernetes/find-cluster.ts'
import type { CliContext } from './context.ts'
import type { LinkerdFlags } from './linkerd-flags.ts'

export interface OpenedCluster {
  readonly view: ClusterView
  readonly close: () => void
}

/** Takes the flags that say which cluster is meant, and by whom, gives access to it. Throws ClusterConfigError; nothing is asked yet. */
export function openCluster(flags: LinkerdFlags, { env, stderr }: Pick<CliContext, 'env' | 'stderr'>): OpenedCluster {
  const { kubeconfig, context, as: user, asGroup: groups, verbose } = flags
  const client = createApiClient(findKubectlCluster({ kubeconfig, context, env }), { user, groups })
  const tell = verbose === true ? (text: string) => void stderr.write(`${text}\n`) : undefined
  return { view: viewCluster(client, tell), close: client.close }
}
