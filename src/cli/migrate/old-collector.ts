import { parseCollectorAddress } from '../../injection/collector-address.ts'
import { installAddress } from '../../injection/collector-setting.ts'
import { TRACE_PROTOCOLS } from '../../injection/install-settings.ts'
import { type JsonObject, objectOf, textOf } from '../../injection/json.ts'
import { namespaceOfHost } from '../../injection/mesh-identity.ts'
import { nameOf } from '../check/entries.ts'
import type { MigrationFacts } from './migration-facts.ts'

/** What linkerd-jaeger calls its Namespace where nothing else is said. */
export const JAEGER_NAMESPACE = 'linkerd-jaeger'
/** The label of all that belongs to linkerd-jaeger. */
export const JAEGER_LABELS = { extension: 'linkerd.io/extension', value: 'jaeger' } as const

export interface CollectorPlace {
  readonly address: string
  /** Of the Pod: a host of one label is a Service in there. */
  readonly podNamespace: string
  readonly clusterDomain: string
}

/** Takes a collector's address, gives the Service that it names, `NAMESPACE/NAME`; undefined: none of this cluster. Pure. */
export function serviceOf({ address, ...place }: CollectorPlace): string | undefined {
  const parsed = parseCollectorAddress(address)
  if ('rule' in parsed) return undefined
  const namespace = namespaceOfHost(parsed, place)
  return namespace === undefined ? undefined : `${namespace}/${parsed.host.split('.', 1)[0]}`
}

/** Takes a Namespace, gives whether it is linkerd-jaeger's. Pure. */
export function isJaegerNamespace(namespace: JsonObject): boolean {
  const extension = textOf(objectOf(objectOf(namespace, 'metadata'), 'labels'), JAEGER_LABELS.extension)
  // Helm labels it by a job, which may be switched off.
  return extension === JAEGER_LABELS.value || (extension === undefined && nameOf(namespace) === JAEGER_NAMESPACE)
}

/** Takes the settings of the installation, gives the addresses that it has proxies send to. Pure. */
export function ownAddresses({ settings: install }: Pick<MigrationFacts, 'settings'>): string[] {
  const { clusterDomain } = install
  return TRACE_PROTOCOLS.map((protocol) => installAddress({ install, protocol, clusterDomain }))
}
