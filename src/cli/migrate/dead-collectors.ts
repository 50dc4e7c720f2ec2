import type { KnownFacts } from './known-facts.ts'
import type { Finding, Step } from './migration-plan.ts'
import { type NamedCollector, namedCollectors } from './named-collectors.ts'
import { isJaegerNamespace } from './old-collector.ts'
import { oldSenders, stayingSenders } from './old-senders.ts'
import { countText, shortened } from './workload-text.ts'

/** Takes the facts, gives the collectors that somebody sends spans to, or has others do so, and that nothing answers for. Pure. */
export function deadCollectorFindings(facts: KnownFacts): Finding[] {
  const namespaces = facts.namespaces.filter((one) => !isJaegerNamespace(one))
  const named = namedCollectors({ ...facts, namespaces, senders: stayingSenders(facts) })
  const dead = [...Map.groupBy(named, ({ service }) => service)].flatMap(([service, all]) => {
    const because = service === undefined ? undefined : deathOf(facts, service)
    return service === undefined || because === undefined ? [] : [deadFinding({ facts, service, because, all })]
  })
  return [...dead, ...untoldFindings(facts)]
}

function deathOf({ services }: KnownFacts, service: string): string | undefined {
  const state = services.get(service)
  if (state === undefined) return `there is no Service ${service}`
  return state === 'not-ready' ? `no Pod behind Service ${service} is ready` : undefined
}

interface Dead {
  readonly facts: KnownFacts
  readonly service: string
  readonly because: string
  readonly all: readonly NamedCollector[]
}

function deadFinding({ facts, service, because, all }: Dead): Finding {
  const [senders, namers] = [namesOf(all, true), namesOf(all, false)]
  const lost =
    senders.length === 0
      ? 'what is sent there is lost'
      : `spans are lost today already, those of Pods of ${countText(senders.length)}: ${shortened(senders)}`
  const by = namers.length === 0 ? '' : `; it is named by ${shortened(namers)}`
  const sentence = `nothing answers at ${addressesOf(all)}, as ${because}: ${lost}${by}`
  // What a migration has send elsewhere, or takes away, needs nobody to look after the old collector.
  const stays = facts.services.has(service) && !facts.jaegers.has(service.split('/', 1)[0] ?? '')
  return { sentence, steps: stays && all.some(({ isOurs }) => isOurs) ? [lookStep(service)] : [] }
}

function lookStep(service: string): Step {
  const [namespace, name] = service.split('/')
  return {
    phase: 'annotation',
    title: `look why no Pod behind Service ${service} is ready, or name another collector`,
    needs: [],
    action: { do: 'by-hand', commands: [`kubectl describe service ${name} -n ${namespace}`] },
  }
}

/** Of collectors of before alone: one that somebody has chosen, and that nothing is known against, is nothing to migrate. */
function untoldFindings(facts: KnownFacts): Finding[] {
  const senders = oldSenders(facts).map(({ sender, old }) => ({ ...sender, addresses: old }))
  const named = namedCollectors({ ...facts, senders, namespaces: [], annotated: [] })
  const untold = [...Map.groupBy(named, ({ service, address }) => service ?? address)].flatMap(([, all]) => {
    const because = ignoranceOf(facts, all[0]?.service)
    return because === undefined ? [] : [`whether anything answers at ${addressesOf(all)} cannot be told: ${because}`]
  })
  return untold.map((sentence) => ({ sentence, steps: [] }))
}

function ignoranceOf({ services }: KnownFacts, service: string | undefined): string | undefined {
  if (service === undefined) return 'it names no Service of this cluster'
  const reasons = {
    'external-name': `Service ${service} leads elsewhere, by an ExternalName`,
    'no-selector': `Service ${service} selects no Pods`,
    'not-readable': `what is behind Service ${service} could not be read`,
  } as const
  const state = services.get(service)
  return state === undefined || state === 'ready' || state === 'not-ready' ? undefined : reasons[state]
}

function namesOf(all: readonly NamedCollector[], isSender: boolean): string[] {
  return [...new Set(all.filter((one) => one.isSender === isSender).map(({ who }) => who))]
}

function addressesOf(all: readonly NamedCollector[]): string {
  return [...new Set(all.map(({ address }) => address))].join(' and ')
}
