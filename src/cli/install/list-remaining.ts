import type { CliContext } from '../context.ts'
import type { LinkerdFlags } from '../linkerd-flags.ts'
import { createProgressLine } from '../progress-line.ts'
import { isTerminal } from '../terminal.ts'
import { remainingLines } from './remaining-workloads.ts'

export interface RemainingQuestion {
  readonly flags: LinkerdFlags
  readonly linkerdNamespace: string
  /** Ours. */
  readonly namespace: string
}

/** Takes our namespace, gives what to tell of the workloads that send spans there; where none can be listed, why. Never rejects. */
export async function listRemaining(
  { flags, linkerdNamespace, namespace }: RemainingQuestion,
  context: Pick<CliContext, 'env' | 'stderr'>,
): Promise<string[]> {
  const { stderr } = context
  const write = (text: string) => void stderr.write(text)
  const progress = createProgressLine({ write, isTerminal: isTerminal(stderr), now: () => performance.now() })
  let close = (): void => {}
  try {
    // Kubernetes' client costs 100 ms, which the manifests need not wait for.
    const { openCluster } = await import('../open-cluster.ts')
    const { collectCoverage } = await import('../pod-coverage/collect-coverage.ts')
    const opened = openCluster(flags, context)
    close = opened.close
    const coverage = await collectCoverage({ cluster: opened.view, linkerdNamespace, onProgress: progress.show })
    progress.clear()
    return remainingLines(coverage, namespace)
  } catch (error) {
    return [`workloads that still send spans to the collector could not be listed (${(error as Error).message})`]
  } finally {
    progress.clear()
    close()
  }
}
