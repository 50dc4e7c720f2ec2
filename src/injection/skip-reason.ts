/**
 * Why a Pod is not traced, in the order in which the rules are tried. The word is the same in log, metric,
 * warning, audit annotation, command line and documentation; the sentence explains it to a person.
 */
export const SKIP_REASONS = {
  'not-pod-create': 'the request is not the creation of a core/v1 Pod',
  'static-pod': 'the Pod is the mirror of a static Pod, which the kubelet owns',
  'system-namespace': 'the namespace belongs to Kubernetes itself',
  'own-component': 'the Pod is part of the tracing system itself, by label or by the ServiceAccount of the collector',
  'opted-out': 'the Pod says tracing.linkerd.io/inject: disabled',
  'not-opted-in':
    'the Namespace is not opted in, by its label tracing.linkerd.io/inject and the settings of the installation',
  'not-meshed': 'the Pod has no container linkerd-proxy',
  'invalid-setting': 'a setting in effect is one that the proxy would refuse',
  'unsupported-proxy': 'protocol, collector address and proxy version cannot work together',
  'internal-error': 'linkerd-tracing failed; the Pod was admitted as it is',
} as const

export type SkipReason = keyof typeof SKIP_REASONS
