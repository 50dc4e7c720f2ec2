import { installManifests } from '../../../src/install/install-manifests.ts'
import { COLLECTOR, COLLECTOR_HEADLESS } from '../../../src/install/object-names.ts'
import type { Manifest } from '../../../src/install/webhook-configurations.ts'
import { identityOf } from '../object-identity.ts'
import { shippedValues } from '../shipped-values.ts'
import { SAMPLER_VALUES, SAMPLERS } from './production-values.ts'

/**
 * Gives the second tier: a collector's objects under other names, reached by a headless Service alone. Its Pods keep the label that
 * has them meshed and never traced.
 */
export function samplerObjects(): Manifest[] {
  const values = shippedValues(SAMPLER_VALUES)
  // of one collector `install` asks no more than that it sees whole traces; here the first tier holds that
  const several = { ...values, collector: { ...values.collector, replicas: SAMPLERS } }
  return installManifests(several).filter(isOfTier).map(renamed).map(forCollectorsOnly)
}

function isOfTier(object: Manifest): boolean {
  const { kind, name } = identityOf(object)
  if (kind === 'Service') return name === COLLECTOR_HEADLESS
  return name === COLLECTOR || name.startsWith(`${COLLECTOR}-`)
}

function renamed(object: Manifest): Manifest {
  const text = JSON.stringify(object)
    .replaceAll(`"${COLLECTOR}`, '"linkerd-sampler')
    .replaceAll('"app.kubernetes.io/component":"collector"', '"app.kubernetes.io/component":"sampler"')
  return JSON.parse(text) as Manifest
}

/** The first tier sends by its application, so its identity is known by then, as for Jaeger. */
function forCollectorsOnly(object: Manifest): Manifest {
  if (object['kind'] !== 'ServerAuthorization') return object
  const { namespace } = identityOf(object)
  const spec = object['spec'] as Manifest
  return { ...object, spec: { ...spec, client: { meshTLS: { serviceAccounts: [{ name: COLLECTOR, namespace }] } } } }
}
