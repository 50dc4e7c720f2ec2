import { createApiClient } from '../kubernetes/api-client.ts'
import { type ClusterChanges, changeCluster } from '../kubernetes/cluster-changes.ts'
import { type ClusterView, viewCluster } from '../kubernetes/cluster-view.ts'
import { findKubectlCluster } from '../kubernetes/find-cluster.ts'
import { nameServer } from '../kubernetes/name-server.ts'
import { createPortForwards, type OpenPortForward } from '../kubernetes/port-forward.ts'
import type { CliContext } from './context.ts'
import type { LinkerdFlags } from './linkerd-flags.ts'

export interface OpenedCluster {
  readonly view: ClusterView
  /** What `view` never does. */
  readonly changes: ClusterChanges
  /** Makes ports of this machine that lead to Pods; whoever opens one closes it. */
  readonly openPort: OpenPortForward
  /** The Namespace that the kubeconfig’s context means where none is said, as with kubectl. */
  readonly namespace: string
  /** The kubeconfig's context that is meant; null where it has no name, as within a cluster. */
  readonly context: string | null
  readonly close: () => void
}

/** Takes the flags that say which cluster is meant, and by whom, gives access to it. Throws ClusterConfigError; nothing is asked yet. */
export function openCluster(flags: LinkerdFlags, { env, stderr }: Pick<CliContext, 'env' | 'stderr'>): OpenedCluster {
  const { kubeconfig, context, as: user, asGroup: groups, verbose } = flags
  const config = findKubectlCluster({ kubeconfig, context, env })
  const client = nameServer(createApiClient(config, { user, groups }), config.getCurrentCluster()?.server ?? '')
  const tell = verbose === true ? (text: string) => void stderr.write(`${text}\n`) : undefined
  return {
    view: viewCluster(client, tell),
    changes: changeCluster(client, tell),
    namespace: config.getContextObject(config.getCurrentContext())?.namespace ?? 'default',
    context: config.getCurrentContext() || null,
    openPort: createPortForwards(config, { user, groups }),
    close: client.close,
  }
}
