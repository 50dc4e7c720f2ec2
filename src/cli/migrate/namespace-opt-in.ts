import type { JsonObject } from '../../injection/json.ts'
import { INJECT } from '../../injection/metadata-names.ts'
import { isOptedIn } from '../../injection/opt-in.ts'
import { SYSTEM_NAMESPACES } from '../../injection/own-places.ts'
import { reduceNamespace } from '../../kubernetes/namespace-meta.ts'
import { nameOf } from '../check/entries.ts'
import type { KnownFacts } from './known-facts.ts'
import { oldSenders } from './old-senders.ts'
import { livingOwner } from './owner.ts'

/**
 * Takes a Namespace, gives whether Pods in it are traced, or would have to be. One that somebody has opted out stays out; so
 * does our own, whose proxies must not be traced. Pure.
 */
export function namespaceOptIn(object: JsonObject, facts: KnownFacts): 'in' | 'wanted' | 'out' {
  const [podNamespace, namespace] = [nameOf(object), reduceNamespace(object)]
  const { settings: install, linkerdNamespace } = facts
  if ([...SYSTEM_NAMESPACES, install.collectorNamespace].includes(podNamespace)) return 'out'
  if (isOptedIn({ podNamespace, namespace, install })) return 'in'
  return podNamespace === linkerdNamespace || namespace.labels[INJECT] === 'disabled' ? 'out' : 'wanted'
}

/** Takes the facts, gives the Namespaces whose new Pods are traced by the time that the plan has Pods made anew. Pure. */
export function tracedNamespaces(facts: KnownFacts): ReadonlySet<string> {
  const sending = new Set(oldSenders(facts).map(({ sender }) => sender.workload.namespace))
  const traced = facts.namespaces.filter((one) => {
    const state = namespaceOptIn(one, facts)
    // What somebody else has to opt in is not in yet.
    const isPlanned = sending.has(nameOf(one)) && livingOwner(one, facts.namespaces) === undefined
    return state === 'in' || (state === 'wanted' && isPlanned)
  })
  return new Set(traced.map(nameOf))
}
