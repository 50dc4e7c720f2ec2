import { setTimeout as pause } from 'node:timers/promises'
import { objectOf, textOf } from '../../injection/json.ts'
import type { ClusterView } from '../../kubernetes/cluster-view.ts'
import { NAMESPACES } from '../check/check-context.ts'
import { type Confirmation, confirmChange } from '../confirm-change.ts'
import type { CliContext } from '../context.ts'
import { timeoutOf } from '../go-duration.ts'
import type { LinkerdFlags } from '../linkerd-flags.ts'
import { openCluster } from '../open-cluster.ts'
import type { OptInRun } from '../opt-in/opt-in-run.ts'
import { printable } from '../printable.ts'
import { progressOn } from '../show-progress.ts'
import { tellInterrupted } from '../tell-interrupted.ts'

export interface MigrateFlags extends LinkerdFlags {
  readonly apply?: boolean
  readonly restart?: boolean
  readonly removeJaeger?: boolean
  readonly restore?: string
  readonly backup?: string
  readonly dryRun?: boolean
  readonly yes?: boolean
  readonly timeout: string
  readonly output: 'table' | 'json'
}

/** Exit codes of `migrate`, as its help and docs/migrate.md list them. */
export const MIGRATE_EXIT = { nothing: 0, error: 1, left: 2 } as const

/** What `migrate` works with; beside JSON, what is told is for people, on stderr. */
export interface MigrateRun extends Omit<OptInRun, 'action' | 'flags' | 'onRestarting'> {
  readonly flags: MigrateFlags
  /** What the command is for: a table, or JSON. */
  readonly print: (text: string) => void
  readonly confirm: (question: Confirmation) => Promise<boolean>
  /** From now on whoever ends the program is told this. */
  readonly tellInterrupted: (text: () => string) => void
}

/** Takes flags, gives what the command works with to `work`, and closes it when that has ended. Throws for flags that cannot be. */
export async function withMigrateRun<T>(
  flags: MigrateFlags,
  context: CliContext,
  work: (run: MigrateRun) => Promise<T>,
): Promise<T> {
  const timeoutMs = timeoutOf(flags.timeout)
  const { stdout, stderr } = context
  const progress = progressOn(stderr)
  const writeTo = (stream: CliContext['stdout'], text: string) => {
    progress.clear()
    stream.write(text)
  }
  const { view, changes, close } = openCluster(flags, context)
  const warned = new Set<string>()
  try {
    return await work({
      ...{ flags, timeoutMs, view, changes },
      onProgress: progress.show,
      clock: { now: () => performance.now(), pause: (ms) => pause(ms) },
      print: (text) => writeTo(stdout, text),
      tell: (line) => writeTo(flags.output === 'json' ? stderr : stdout, `${printable(line)}\n`),
      warn: (line) => {
        // The cluster is looked at more than once.
        if (!warned.has(line)) writeTo(stderr, `warning: ${printable(line)}\n`)
        warned.add(line)
      },
      confirm: (confirmation) => {
        progress.clear()
        return confirmChange(context, confirmation)
      },
      tellInterrupted: (text) => tellInterrupted(context, text),
    })
  } finally {
    progress.clear()
    close()
  }
}

/** Takes the cluster, gives the uid by which it is known: that of a Namespace that is as old as the cluster. */
export async function clusterUid(cluster: ClusterView): Promise<string> {
  const uid = textOf(objectOf(await cluster.get(NAMESPACES, 'kube-system'), 'metadata'), 'uid')
  if (uid === undefined) throw new Error('Namespace kube-system has no uid, by which a backup would know its cluster')
  return uid
}
