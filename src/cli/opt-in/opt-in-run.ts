import type { Clock } from '../check/run-checks.ts'
import type { LinkerdFlags } from '../linkerd-flags.ts'
import type { OpenedCluster } from '../open-cluster.ts'
import type { OptInAction } from './label-change.ts'
import type { Restarting } from './restart-workloads.ts'

export interface OptInFlags extends LinkerdFlags {
  readonly restart?: boolean
  readonly timeout: string
  readonly dryRun?: boolean
}

/** What `enable` and `disable` work with. */
export interface OptInRun extends Pick<OpenedCluster, 'view' | 'changes'> {
  readonly action: OptInAction
  readonly flags: OptInFlags
  /** How long one rollout may take. */
  readonly timeoutMs: number
  readonly clock: Clock
  /** Told of what was done, of what looks wrong, and of how far it is. */
  readonly tell: (line: string) => void
  readonly warn: (line: string) => void
  readonly onProgress: (text: string) => void
  readonly onRestarting: (restarting: Restarting) => void
}
