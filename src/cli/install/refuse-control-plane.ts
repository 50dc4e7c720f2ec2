import { objectOf, textOf } from '../../injection/json.ts'
import { quote } from '../../injection/quote.ts'
import { isSeedLayout } from '../../install/layout.ts'
import { defaultValues } from '../../install/values/read-values.ts'
import type { InstallValues } from '../../install/values/values-schema.ts'
import type { ClusterView } from '../../kubernetes/cluster-view.ts'
import { NAMESPACES } from '../check/check-context.ts'

/** Manifests would contain the control plane's Namespace; the message says which flag is missing. */
export class ControlPlaneError extends Error {
  override readonly name = 'ControlPlaneError'
}

type Place = Pick<InstallValues, 'namespace' | 'linkerdNamespace'>

/** Takes the values, gives whether their Namespace could be the control plane's without their saying so: only one that was chosen. */
export function mayBeControlPlane(place: Place): boolean {
  return !isSeedLayout(place) && place.namespace !== defaultValues().namespace
}

/**
 * Takes the values and a cluster, throws ControlPlaneError where our Namespace is that of a control plane that
 * `--linkerd-namespace` does not name: `uninstall` would print it, and `kubectl delete` take Linkerd away.
 */
export async function refuseControlPlane(place: Place, cluster: ClusterView): Promise<void> {
  if (!mayBeControlPlane(place)) return
  const { namespace } = place
  // Whoever may not read Namespaces is not refused for that.
  const found = await cluster.get(NAMESPACES, namespace).catch(() => undefined)
  const labels = objectOf(objectOf(found, 'metadata'), 'labels')
  if (textOf(labels, CONTROL_PLANE) !== 'true') return
  throw new ControlPlaneError(
    `namespace = ${quote(namespace)}: is that of Linkerd’s control plane, which is never among our manifests; say --linkerd-namespace ${namespace} too`,
  )
}

/** `linkerd install` and its chart label the Namespace so. */
const CONTROL_PLANE = 'linkerd.io/is-control-plane'
