import { nameOf } from '../check/entries.ts'
import type { MigrationFacts, Sender, SenderAddress } from './migration-facts.ts'
import type { Finding } from './migration-plan.ts'
import { collectorKind, isJaegerNamespace, serviceOf } from './old-collector.ts'
import { optInSteps, placeOf, restartStep } from './sender-steps.ts'

/** Takes the facts, gives whose Pods send spans to a collector of before, by collector, with opt-ins and restarts. Pure. */
export function senderFindings(facts: MigrationFacts): Finding[] {
  const senders = oldSenders(facts)
  const byCollector = Map.groupBy(
    senders.flatMap(({ sender, old }) => old.map((one) => ({ sender, collector: collectorText(facts, sender, one) }))),
    ({ collector }) => collector,
  )
  const sentences = [...byCollector].map(([collector, all]) => {
    const names = [...new Set(all.map(({ sender }) => placeOf(sender.workload)))]
    return `Pods of ${countText(names.length)} send spans to ${collector}: ${shortened(names)}`
  })
  const doubled = senders.map(({ sender }) => sender).filter((sender) => sender.doubled.length > 0)
  if (doubled.length > 0) {
    const names = [...new Set(doubled.flatMap((sender) => sender.doubled))].sort().join(', ')
    sentences.push(
      `variables stand twice in proxies of ${shortened(doubled.map(({ workload }) => placeOf(workload)))}: ${names}`,
    )
  }
  const workloads = senders.map(({ sender }) => sender)
  const steps = [...optInSteps(workloads, facts), ...workloads.map((sender) => restartStep(sender, facts))]
  // The steps are those of all of them together.
  return sentences.map((sentence, index) => ({ sentence, steps: index === 0 ? steps : [] }))
}

interface OldSender {
  readonly sender: Sender
  readonly old: readonly SenderAddress[]
}

/** Takes the facts, gives the workloads with Pods that send to a collector of before, or have variables twice. Pure. */
export function oldSenders(facts: MigrationFacts): OldSender[] {
  const leaving = new Set(facts.namespaces.filter(isJaegerNamespace).map(nameOf))
  return facts.senders
    .filter(({ workload }) => !leaving.has(workload.namespace))
    .map((sender) => ({
      sender,
      old: sender.addresses.filter((one) => !one.isOurs || kindOf(facts, sender, one) !== 'other'),
    }))
    .filter(({ sender, old }) => old.length > 0 || sender.doubled.length > 0)
}

/** Takes the facts, gives why linkerd-jaeger’s collector cannot go yet, in a sentence; undefined when nobody sends to it. Pure. */
export function removalObstacle(facts: MigrationFacts): string | undefined {
  const sending = oldSenders(facts).filter(({ sender, old }) =>
    old.some((one) => kindOf(facts, sender, one) === 'jaeger'),
  )
  if (sending.length === 0) return undefined
  const names = shortened(sending.map(({ sender }) => placeOf(sender.workload)))
  return `the collector of linkerd-jaeger is not removed while Pods of ${countText(sending.length)} send spans to it: ${names}`
}

function kindOf(facts: MigrationFacts, { workload }: Sender, { address }: SenderAddress) {
  return collectorKind(facts, { address, podNamespace: workload.namespace })
}

function collectorText(facts: MigrationFacts, sender: Sender, found: SenderAddress): string {
  const { address } = found
  const { clusterDomain } = facts.settings
  const service = serviceOf({ address, podNamespace: sender.workload.namespace, clusterDomain })
  const isGone = service !== undefined && !facts.services.has(service) ? ', which is gone' : ''
  const whose = { jaeger: ' of linkerd-jaeger', gone: '', other: ', by Linkerd’s own settings' }
  return `${address}${whose[kindOf(facts, sender, found)]}${isGone}`
}

/** As many as a person reads. */
const MAX_SHOWN = 10

function shortened(names: readonly string[]): string {
  const left = names.length - MAX_SHOWN
  return `${names.slice(0, MAX_SHOWN).join(', ')}${left > 0 ? `, and ${left} more` : ''}`
}

function countText(count: number): string {
  return count === 1 ? '1 workload' : `${count} workloads`
}
