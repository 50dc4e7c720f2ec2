import type { Clock } from '../check/run-checks.ts'
import type { LinkerdFlags } from '../linkerd-flags.ts'
import type { OpenedCluster } from '../open-cluster.ts'
import type { PodState } from '../pod-coverage/pod-state.ts'
import type { StatusOutput } from '../status/status-outputs.ts'

export interface HealFlags extends LinkerdFlags {
  readonly output: StatusOutput
  readonly dryRun?: boolean
  readonly yes?: boolean
  readonly timeout?: string
  readonly untraced?: boolean
}

/** What healing works with. */
export interface HealRun extends Pick<OpenedCluster, 'view' | 'changes'> {
  readonly linkerdNamespace: string
  /** In which of them a Pod is to be made anew. */
  readonly states: readonly PodState[]
  /** How long one rollout may take, and one wait for what is in its way. */
  readonly timeoutMs: number
  readonly clock: Clock
  readonly onProgress: (text: string) => void
}
