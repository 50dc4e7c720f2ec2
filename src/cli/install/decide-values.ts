import type { InstallValues } from '../../install/values/values-schema.ts'
import type { CliContext } from '../context.ts'
import type { LinkerdFlags } from '../linkerd-flags.ts'
import { askCluster, type Decided, hasQuestions, withoutCluster } from './ask-cluster.ts'
import { askInTime } from './ask-in-time.ts'
import { ControlPlaneError } from './refuse-control-plane.ts'

/** Takes values and the flags that name a cluster, gives the values with every question answered. Rejects with ControlPlaneError only. */
export async function decideValues(
  values: InstallValues,
  flags: LinkerdFlags,
  context: Pick<CliContext, 'env' | 'stderr'>,
): Promise<Decided> {
  if (!hasQuestions(values)) return withoutCluster(values, '')
  try {
    return await askInTime(flags, context, (cluster) => askCluster(values, cluster))
  } catch (error) {
    if (error instanceof ControlPlaneError) throw error
    return withoutCluster(values, (error as Error).message)
  }
}
