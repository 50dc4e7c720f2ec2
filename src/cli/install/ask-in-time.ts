import type { ClusterView } from '../../kubernetes/cluster-view.ts'
import type { CliContext } from '../context.ts'
import type { LinkerdFlags } from '../linkerd-flags.ts'
import { progressOn, whileShowing } from '../show-progress.ts'

/** Long enough for a cluster behind a slow way; whoever pipes into kubectl finds out there that there is none. */
const PATIENCE_MS = 10_000

/** Takes the flags that name a cluster and a question, gives its answer. Rejects when the cluster cannot be asked in time. */
export async function askInTime<T>(
  flags: LinkerdFlags,
  context: Pick<CliContext, 'env' | 'stderr'>,
  question: (cluster: ClusterView) => Promise<T>,
): Promise<T> {
  // Kubernetes' client costs 100 ms, which nobody pays who has answered all questions by flags
  const { openCluster } = await import('../open-cluster.ts')
  const { view, close } = openCluster(flags, context)
  const { promise: tooLate, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error('it did not answer in time')), PATIENCE_MS)
  try {
    const asking = () => Promise.race([question(view), tooLate])
    return await whileShowing(progressOn(context.stderr), 'asking the cluster', asking)
  } finally {
    clearTimeout(timer)
    close()
  }
}
