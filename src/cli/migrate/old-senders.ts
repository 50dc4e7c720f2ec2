import { nameOf } from '../check/entries.ts'
import { workloadKey } from '../pod-coverage/workload.ts'
import { type CollectorKind, collectorKind } from './collector-kind.ts'
import type { KnownFacts } from './known-facts.ts'
import type { Sender, SenderAddress } from './migration-facts.ts'
import { isJaegerNamespace } from './old-collector.ts'

export interface OldSender {
  readonly sender: Sender
  readonly old: readonly SenderAddress[]
}

/** Takes the facts, gives the workloads with Pods that send to a collector of before, or have variables twice. Pure. */
export function oldSenders(facts: KnownFacts): OldSender[] {
  return stayingSenders(facts)
    .map((sender) => ({
      sender,
      old: sender.addresses.filter((one) => !one.isOurs || senderKind(facts, sender, one) !== 'other'),
    }))
    .filter(({ sender, old }) => old.length > 0 || sender.doubled.length > 0)
}

/** Takes the facts, gives the senders but for linkerd-jaeger's own, which go with it. Pure. */
export function stayingSenders(facts: KnownFacts): Sender[] {
  const jaegers = new Set(facts.namespaces.filter(isJaegerNamespace).map(nameOf))
  const staying = new Set(facts.tenants.map(workloadKey))
  return facts.senders.filter(({ workload }) => !jaegers.has(workload.namespace) || staying.has(workloadKey(workload)))
}

/** Takes an address that Pods of a workload send to, gives what it is to a migration. Pure. */
export function senderKind(
  facts: KnownFacts,
  { workload }: Sender,
  { address }: Pick<SenderAddress, 'address'>,
): CollectorKind {
  return collectorKind(facts, { address, podNamespace: workload.namespace })
}
