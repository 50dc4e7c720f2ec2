import { placeOf } from '../pod-coverage/workload.ts'
import type { KnownFacts } from './known-facts.ts'
import type { Sender, SenderAddress } from './migration-facts.ts'
import type { Finding } from './migration-plan.ts'
import { oldSenders, senderKind } from './old-senders.ts'
import { optInSteps, restartSteps } from './sender-steps.ts'
import { countText, shortened } from './workload-text.ts'

/** Takes the facts, gives whose Pods send spans to a collector of before, by collector, with opt-ins and restarts. Pure. */
export function senderFindings(facts: KnownFacts): Finding[] {
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
  const steps = [...optInSteps(workloads, facts), ...restartSteps(workloads, facts)]
  // The steps are those of all of them together.
  return sentences.map((sentence, index) => ({ sentence, steps: index === 0 ? steps : [] }))
}

/** Takes the facts, gives why linkerd-jaeger’s collector cannot go yet, in a sentence; undefined when nobody sends to it. Pure. */
export function removalObstacle(facts: KnownFacts): string | undefined {
  const sending = oldSenders(facts).filter(({ sender, old }) =>
    old.some((one) => senderKind(facts, sender, one) === 'jaeger'),
  )
  if (sending.length === 0) return undefined
  const names = shortened(sending.map(({ sender }) => placeOf(sender.workload)))
  return `the collector of linkerd-jaeger is not removed while Pods of ${countText(sending.length)} send spans to it: ${names}`
}

function collectorText(facts: KnownFacts, sender: Sender, found: SenderAddress): string {
  const whose = { jaeger: ' of linkerd-jaeger', gone: '', other: ', by Linkerd’s own settings' }
  return `${found.address}${whose[senderKind(facts, sender, found)]}`
}
