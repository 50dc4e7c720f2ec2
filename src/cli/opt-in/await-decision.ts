import type { ClusterView } from '../../kubernetes/cluster-view.ts'
import { parseLinkerdConfig } from '../../kubernetes/linkerd-config.ts'
import { sendProbe } from '../check/dry-run.ts'
import { meshedProbe } from '../check/probe-pod.ts'
import type { Clock } from '../check/run-checks.ts'
import type { OptInAction } from './label-change.ts'

export interface AwaitedDecision {
  readonly cluster: ClusterView
  readonly linkerdNamespace: string
  readonly namespace: string
  readonly action: OptInAction
  /** As long as a restart may take: who is in a hurry is so here too. */
  readonly timeoutMs: number
  readonly clock: Clock
}

/** API server and injector hear of a label within a second; a loaded one, or one that starts, may take longer. */
const LIMIT_MS = 30_000
const PAUSE_MS = 250
/** Injectors and API servers hear of it at different moments: answers in a row, which may come from several of them. */
const AGREEING = 3

/**
 * Waits until new Pods of a Namespace are decided by its label as it is now. A Pod that came a moment before would keep
 * what it was given, and the restart would be for nothing. Throws a sentence when that does not come true.
 */
export async function awaitDecision(awaited: AwaitedDecision): Promise<void> {
  const fault = await decisionFault(awaited)
  if (fault !== undefined) throw new Error(`${fault}; nothing was restarted`)
}

/** Waits in the same way; gives a sentence when it does not come true, undefined when it does. */
export async function decisionFault(awaited: AwaitedDecision): Promise<string | undefined> {
  const { cluster, linkerdNamespace, namespace, action, timeoutMs, clock } = awaited
  const collection = { root: '/api/v1', plural: 'configmaps', namespace: linkerdNamespace }
  const { facts } = parseLinkerdConfig(await cluster.get(collection, 'linkerd-config'))
  const probe = meshedProbe(namespace, linkerdNamespace, facts)
  const deadline = clock.now() + Math.min(LIMIT_MS, timeoutMs)
  for (let agreed = 0; ; ) {
    const { summary, isTraced } = await sendProbe({ cluster }, namespace, probe)
    agreed = isTraced === (action === 'enable') ? agreed + 1 : 0
    if (agreed === AGREEING) return undefined
    if (agreed === 0 && clock.now() >= deadline) return lateSentence({ namespace, action, summary })
    await clock.pause(PAUSE_MS)
  }
}

interface LateDecision extends Pick<AwaitedDecision, 'namespace' | 'action'> {
  readonly summary: string | undefined
}

function lateSentence({ namespace, action, summary }: LateDecision): string {
  if (action === 'disable') return `new Pods of Namespace ${namespace} are still traced`
  const why = summary ?? 'the injector does not answer; linkerd-tracing check tells why'
  return `new Pods of Namespace ${namespace} would not be traced: ${why}`
}
