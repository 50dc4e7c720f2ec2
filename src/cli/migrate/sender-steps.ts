import type { JsonObject } from '../../injection/json.ts'
import { INJECT } from '../../injection/metadata-names.ts'
import { reduceNamespace } from '../../kubernetes/namespace-meta.ts'
import { NAMESPACES } from '../check/check-context.ts'
import { nameOf } from '../check/entries.ts'
import { isRolled, restartAdvice } from '../pod-coverage/restart-advice.ts'
import { placeOf, workloadKey } from '../pod-coverage/workload.ts'
import { lastingAnnotations } from './annotation-findings.ts'
import type { KnownFacts } from './known-facts.ts'
import type { Sender } from './migration-facts.ts'
import type { Phase, Step } from './migration-plan.ts'
import { namespaceOptIn, tracedNamespaces } from './namespace-opt-in.ts'
import { livingOwner } from './owner.ts'

/** Takes whose Pods were traced by other means, gives the opt-ins without which they would not be any more. Pure. */
export function optInSteps(senders: readonly Sender[], facts: KnownFacts): Step[] {
  const names = new Set(senders.map(({ workload }) => workload.namespace))
  return facts.namespaces
    .filter((one) => names.has(nameOf(one)) && namespaceOptIn(one, facts) === 'wanted')
    .map((one) => optInStep(one, facts))
}

function optInStep(object: JsonObject, facts: KnownFacts): Step {
  const owner = livingOwner(object, facts.namespaces)
  const title = `opt Namespace ${nameOf(object)} in: label ${INJECT}=enabled`
  if (owner !== undefined) {
    const action = { do: 'by-hand', commands: [] } as const
    return { phase: 'opt-in', needs: [], title: `${title}, in what ${owner.text} applies`, owner, action }
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

/** Takes the workloads whose Pods were traced by other means, gives how they are made anew. Pure. */
export function restartSteps(senders: readonly Sender[], facts: KnownFacts): Step[] {
  const [traced, lasting] = [tracedNamespaces(facts), lastingAnnotations(facts)]
  return (
    senders
      // Its Pods are made anew by the change of its template, whoever makes it.
      .filter(({ workload }) => !lasting.has(workloadKey(workload)))
      .map((sender) => restartStep(sender, { facts, traced, lasting }))
  )
}

interface RestartSurroundings {
  readonly facts: KnownFacts
  /** The Namespaces whose new Pods are traced by then, and those whose annotations name a collector of before for longer. */
  readonly traced: ReadonlySet<string>
  readonly lasting: ReadonlySet<string>
}

function restartStep(sender: Sender, surroundings: RestartSurroundings): Step {
  const { workload } = sender
  const { commands, sentences } = restartAdvice([workload])
  if (!isRolled(workload)) {
    const action = { do: 'by-hand', commands: [] } as const
    return { phase: 'restart', needs: [], title: `make Pods anew: ${sentences.join('; ')}`, action }
  }
  const title = `restart ${placeOf(workload)}`
  const later = laterOf(sender, surroundings)
  if (later === undefined)
    return { phase: 'restart', needs: ['installed', 'restart'], title, action: { do: 'restart', workload } }
  return { phase: later.phase, needs: [], title: `${title}, ${later.why}`, action: { do: 'by-hand', commands } }
}

/** Why a restart in this run would be for nothing, and when it would not; undefined: it is none. */
function laterOf(
  { workload: { namespace: name }, addresses }: Sender,
  { facts, traced, lasting }: RestartSurroundings,
): { readonly phase: Phase; readonly why: string } | undefined {
  const namespace = facts.namespaceOf.get(name)
  const isOut = namespace === undefined || namespaceOptIn(namespace, facts) === 'out'
  if (isOut || addresses.some((one) => one.isOptedOut)) {
    // It gets no settings of ours: made anew before the old ones are gone, it would have these again.
    const isLast = facts.webhooks.some(({ object }) => livingOwner(object, facts.namespaces) !== undefined)
    return { phase: isLast ? 'end' : 'restart', why: 'which is not traced, when all of the above is done' }
  }
  if (!traced.has(name)) return { phase: 'restart', why: `once Namespace ${name} is opted in` }
  if (lasting.has(name)) return { phase: 'restart', why: `once the annotations of Namespace ${name} are gone` }
  return undefined
}
