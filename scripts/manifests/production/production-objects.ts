import { type DecidedValues, installManifests } from '../../../src/install/install-manifests.ts'
import { JAEGER } from '../../../src/install/object-names.ts'
import type { Manifest } from '../../../src/install/webhook-configurations.ts'
import { identityOf } from '../object-identity.ts'
import { autoscalers, withoutReplicas } from './autoscaling.ts'
import { withOpenSearch } from './opensearch.ts'
import { samplerObjects } from './sampler.ts'

/** Takes the values of the overlay, gives all of its objects. */
export function productionObjects(values: DecidedValues): Manifest[] {
  const objects = withOpenSearch(installManifests(values), values).map(withoutReplicas).map(forSamplers)
  return [...objects, ...samplerObjects(), ...autoscalers(values.namespace)]
}

/** Jaeger gets spans of the second tier, and of nobody else. */
function forSamplers(object: Manifest): Manifest {
  const { kind, name, namespace } = identityOf(object)
  if (kind !== 'ServerAuthorization' || name !== `${JAEGER}-otlp-grpc`) return object
  const spec = object['spec'] as Manifest
  const client = { meshTLS: { serviceAccounts: [{ name: 'linkerd-sampler', namespace }] } }
  return { ...object, spec: { ...spec, client } }
}
