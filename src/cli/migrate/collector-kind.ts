import type { KnownFacts } from './known-facts.ts'
import { type CollectorPlace, serviceOf } from './old-collector.ts'

/** What a collector is to a migration: linkerd-jaeger's, one whose Service is gone, or any other. */
export type CollectorKind = 'jaeger' | 'gone' | 'other'

/** Takes a collector's address as a Pod has it, gives what it is to a migration. Pure. */
export function collectorKind(
  facts: Pick<KnownFacts, 'jaegers' | 'own' | 'services' | 'settings'>,
  { address, podNamespace }: Pick<CollectorPlace, 'address' | 'podNamespace'>,
): CollectorKind {
  const { clusterDomain } = facts.settings
  const service = serviceOf({ address, podNamespace, clusterDomain })
  if (service === undefined || facts.own.has(address)) return 'other'
  const [namespace = ''] = service.split('/')
  if (facts.jaegers.has(namespace)) return 'jaeger'
  return facts.services.has(service) ? 'other' : 'gone'
}
