import { isJsonObject, textOf } from '../injection/json.ts'
import { type DecidedValues, installManifests } from './install-manifests.ts'
import { withKeptValues } from './kept-values.ts'
import type { Manifest } from './webhook-configurations.ts'

/**
 * Takes the values of an installation, gives what `kubectl delete -f -` needs to know of its objects, in the order in which
 * they can go: the webhook configurations first, so that nothing calls a server that ends; the rights of the injector
 * after it; our Namespace last. The control plane's Namespace is never among them.
 */
export function removalManifests(values: DecidedValues): Manifest[] {
  return withKeptValues(installManifests(values), values).reverse().map(identityOf)
}

function identityOf({ apiVersion, kind, metadata }: Manifest): Manifest {
  const { name, namespace } = isJsonObject(metadata)
    ? { name: textOf(metadata, 'name'), namespace: textOf(metadata, 'namespace') }
    : {}
  return { apiVersion, kind, metadata: { name, ...(namespace !== undefined && { namespace }) } }
}
