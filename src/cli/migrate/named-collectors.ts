import { type JsonObject, objectOf, textOf } from '../../injection/json.ts'
import { COLLECTOR_ADDRESS } from '../../injection/metadata-names.ts'
import { NAMESPACES } from '../check/check-context.ts'
import { nameOf } from '../check/entries.ts'
import { placeOf } from '../pod-coverage/workload.ts'
import type { FoundObject, MigrationFacts, Sender } from './migration-facts.ts'
import { nativeTracing } from './native-tracing.ts'
import { ownAddresses, serviceOf } from './old-collector.ts'
import { described } from './removal.ts'
import { templateMetadata } from './template-annotations.ts'

/** A collector's address, and who sends spans there, or has others do so. */
export interface NamedCollector {
  readonly address: string
  /** `NAMESPACE/NAME`; undefined: the address names none of this cluster. */
  readonly service: string | undefined
  /** For a sentence. */
  readonly who: string
  readonly isSender: boolean
  /** By an annotation or by us: a migration leaves it as it is, unless it is linkerd-jaeger's. */
  readonly isOurs: boolean
}

type Naming = Pick<MigrationFacts, 'senders' | 'namespaces' | 'annotated' | 'components' | 'linkerdConfig' | 'settings'>

/** Takes the facts, gives each address of a collector with who names it, but for those of our own installation. Pure. */
export function namedCollectors(facts: Naming): NamedCollector[] {
  const { clusterDomain } = facts.settings
  const own = ownAddresses(facts)
  return [
    ...facts.senders.flatMap(ofSender),
    ...ofLinkerd(facts),
    ...facts.namespaces.map(asFound).flatMap(ofAnnotation),
    ...facts.annotated.flatMap(ofAnnotation),
  ]
    .filter(({ address }) => !own.includes(address))
    .map(({ podNamespace, ...named }) => {
      const { address } = named
      const service = serviceOf({ address, podNamespace: podNamespace ?? '', clusterDomain })
      // A host of one label in Linkerd's settings is another Service for the Pods of each Namespace.
      return { ...named, service: service?.startsWith('/') === true ? undefined : service }
    })
}

interface Place extends Omit<NamedCollector, 'service'> {
  /** Undefined: Pods of all Namespaces are told. */
  readonly podNamespace: string | undefined
}

function ofSender({ workload, addresses }: Sender): Place[] {
  const [who, podNamespace] = [placeOf(workload), workload.namespace]
  return addresses.map(({ address, isOurs }) => ({ address, podNamespace, who, isSender: true, isOurs }))
}

function ofLinkerd({ linkerdConfig, components }: Naming): Place[] {
  const from = { isSender: false, isOurs: false }
  const { on, collectors } = nativeTracing(linkerdConfig)
  const told = on.length === 0 ? [] : collectors
  return [
    ...told.map((address) => ({ ...from, address, podNamespace: undefined, who: 'Linkerd’s own settings' })),
    ...components.map(({ workload, address }) => {
      return { ...from, address, podNamespace: workload.namespace, who: `arguments of ${placeOf(workload)}` }
    }),
  ]
}

function asFound(namespace: JsonObject): FoundObject {
  return { kind: 'Namespace', collection: NAMESPACES, object: namespace }
}

function ofAnnotation(found: FoundObject): Place[] {
  const address = textOf(objectOf(templateMetadata(found), 'annotations'), COLLECTOR_ADDRESS)
  if (address === undefined) return []
  const podNamespace = found.collection.namespace ?? nameOf(found.object)
  return [{ address, podNamespace, who: `annotations of ${described(found)}`, isSender: false, isOurs: true }]
}
