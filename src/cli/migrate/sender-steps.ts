import type { JsonObject } from '../../injection/json.ts'
import { INJECT } from '../../injection/metadata-names.ts'
import { isOptedIn } from '../../injection/opt-in.ts'
import { SYSTEM_NAMESPACES } from '../../injection/own-places.ts'
import { reduceNamespace } from '../../kubernetes/namespace-meta.ts'
import { NAMESPACES } from '../check/check-context.ts'
import { nameOf } from '../check/entries.ts'
import { isRolled, restartAdvice } from '../pod-coverage/restart-advice.ts'
import { shownWorkload, type WorkloadName } from '../pod-coverage/workload.ts'
import type { MigrationFacts, Sender } from './migration-facts.ts'
import type { Step } from './migration-plan.ts'
import { livingOwner } from './owner.ts'

/** Takes whose Pods were traced by other means, gives the opt-ins without which they would not be any more. Pure. */
export function optInSteps(senders: readonly Sender[], facts: MigrationFacts): Step[] {
  const names = new Set(senders.map(({ workload }) => workload.namespace))
  return facts.namespaces
    .filter((one) => names.has(nameOf(one)) && optInOf(one, facts) === 'wanted')
    .map((one) => optInStep(one, facts))
}

function optInStep(object: JsonObject, facts: MigrationFacts): Step {
  const owner = livingOwner(object, facts.namespaces)
  const title = `opt Namespace ${nameOf(object)} in: label ${INJECT}=enabled`
  if (owner !== undefined) {
    const action = { do: 'by-hand', commands: [] } as const
    return { phase: 'opt-in', needs: [], title: `${title}, in what ${owner.text} applies`, action }
  }
  const target = { kind: 'Namespace', collection: NAMESPACES, object }
  const patch = (value: string | null) => ({ metadata: { labels: { [INJECT]: value } } })
  const undo = patch(reduceNamespace(object).labels[INJECT] ?? null)
  return {
    phase: 'opt-in',
    needs: ['installed'],
    title,
    action: { do: 'change', target, merge: patch('enabled'), undo },
  }
}

/** One that somebody has opted out stays out; so does our own, whose proxies must not be traced. */
function optInOf(object: JsonObject, facts: MigrationFacts): 'in' | 'wanted' | 'out' {
  const [podNamespace, namespace] = [nameOf(object), reduceNamespace(object)]
  const { settings: install, linkerdNamespace } = facts
  if ([...SYSTEM_NAMESPACES, install.collectorNamespace].includes(podNamespace)) return 'out'
  if (isOptedIn({ podNamespace, namespace, install })) return 'in'
  return podNamespace === linkerdNamespace || namespace.labels[INJECT] === 'disabled' ? 'out' : 'wanted'
}

/** Takes a workload whose Pods were traced by other means, gives how they are made anew. Pure. */
export function restartStep({ workload, addresses }: Sender, facts: MigrationFacts): Step {
  const { commands, sentences } = restartAdvice([workload])
  if (!isRolled(workload)) {
    const action = { do: 'by-hand', commands: [] } as const
    return { phase: 'restart', needs: [], title: `make Pods anew: ${sentences.join('; ')}`, action }
  }
  const title = `restart ${placeOf(workload)}`
  const namespace = facts.namespaces.find((one) => nameOf(one) === workload.namespace)
  const isOut =
    namespace === undefined || optInOf(namespace, facts) === 'out' || addresses.some((one) => one.isOptedOut)
  if (!isOut) return { phase: 'restart', needs: ['installed', 'restart'], title, action: { do: 'restart', workload } }
  // It gets no settings of ours: made anew before the old ones are gone, it would have these again.
  const action = { do: 'by-hand', commands } as const
  return { phase: 'end', needs: [], title: `${title}, which is not traced, when all of the above is done`, action }
}

/** Takes a workload, gives its name with its Namespace. Pure. */
export function placeOf(workload: WorkloadName): string {
  return `${shownWorkload(workload)} in ${workload.namespace}`
}
