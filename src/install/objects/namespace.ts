import { isSeedLayout } from '../layout.ts'
import type { InstallValues } from '../values/values-schema.ts'
import type { Manifest } from '../webhook-configurations.ts'

/**
 * Our Namespace; none in the seed layout: the control plane's is Linkerd's, and never in our manifests. Our own containers
 * meet the level `restricted`, but `linkerd-init` in the Pods of collector and Jaeger needs NET_ADMIN, which only
 * Linkerd's CNI plugin spares; and the host's network is for `privileged` alone.
 */
export function ownNamespace(values: InstallValues): Manifest[] {
  if (isSeedLayout(values)) return []
  const level = values.linkerdCni && !values.injector.hostNetwork ? 'restricted' : 'privileged'
  const labels = {
    'app.kubernetes.io/part-of': 'linkerd-tracing',
    'linkerd.io/extension': 'tracing',
    'pod-security.kubernetes.io/enforce': level,
  }
  return [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: values.namespace, labels } }]
}
