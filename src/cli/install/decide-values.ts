import type { InstallValues } from '../../install/values/values-schema.ts'
import type { CliContext } from '../context.ts'
import type { LinkerdFlags } from '../linkerd-flags.ts'
import { askCluster, type Decided, hasQuestions, withoutCluster } from './ask-cluster.ts'
import { ControlPlaneError } from './refuse-control-plane.ts'

/** Long enough for a cluster behind a slow way; whoever pipes into kubectl finds out there that there is none. */
const PATIENCE_MS = 10_000

/** Takes values and the flags that name a cluster, gives the values with every question answered. Rejects with ControlPlaneError only. */
export async function decideValues(
  values: InstallValues,
  flags: LinkerdFlags,
  context: Pick<CliContext, 'env' | 'stderr'>,
): Promise<Decided> {
  if (!hasQuestions(values)) return withoutCluster(values, '')
  // Kubernetes' client costs 100 ms, which nobody pays who has answered all questions by flags
  const { openCluster } = await import('../open-cluster.ts')
  let close = (): void => {}
  const { promise: tooLate, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error('it did not answer in time')), PATIENCE_MS)
  try {
    const opened = openCluster(flags, context)
    close = opened.close
    return await Promise.race([askCluster(values, opened.view), tooLate])
  } catch (error) {
    if (error instanceof ControlPlaneError) throw error
    return withoutCluster(values, (error as Error).message)
  } finally {
    clearTimeout(timer)
    close()
  }
}
