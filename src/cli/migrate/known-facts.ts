import type { JsonObject } from '../../injection/json.ts'
import { nameOf } from '../check/entries.ts'
import type { MigrationFacts } from './migration-facts.ts'
import { isJaegerNamespace, JAEGER_NAMESPACE, ownAddresses } from './old-collector.ts'

/** The facts, with what is asked of them for each workload: of a large cluster that is asked ten thousand times. */
export interface KnownFacts extends MigrationFacts {
  readonly namespaceOf: ReadonlyMap<string, JsonObject>
  /** The Namespaces of linkerd-jaeger, and the one that it had where that is gone. */
  readonly jaegers: ReadonlySet<string>
  /** Where the installation has proxies send to. */
  readonly own: ReadonlySet<string>
}

/** Takes the facts, gives them so that what is often asked is answered at once. Pure. */
export function knownFacts(facts: MigrationFacts): KnownFacts {
  const jaegers = facts.namespaces.filter(isJaegerNamespace).map(nameOf)
  return {
    ...facts,
    namespaceOf: new Map(facts.namespaces.map((one) => [nameOf(one), one])),
    jaegers: new Set([JAEGER_NAMESPACE, ...jaegers]),
    own: new Set(ownAddresses(facts)),
  }
}
