import type { CliContext } from '../context.ts'
import type { LinkerdFlags } from '../linkerd-flags.ts'
import type { OpenedCluster } from '../open-cluster.ts'

export interface DashboardFlags extends LinkerdFlags {
  readonly show: 'browser' | 'url'
  readonly port?: string
  readonly namespace?: string
  readonly jaeger?: boolean
  readonly jaegerUrl?: string
}

/** One run of the command, from its start to Ctrl-C. */
export interface Dashboard {
  readonly flags: DashboardFlags
  /** To look at; none: all. */
  readonly namespaces: readonly string[]
  /** That was asked for; 0: any. */
  readonly port: number | undefined
  readonly context: CliContext
  readonly cluster: OpenedCluster
  readonly ended: AbortSignal
}
