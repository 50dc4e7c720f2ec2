/**
 * OpenTelemetry's attributes of a Pod, and the variables in which Linkerd's injector has their values. Older Linkerds
 * lack some: the attribute is then left out.
 */
export const POD_ATTRIBUTES = [
  ['k8s.pod.uid', '_pod_uid'],
  ['k8s.pod.ip', '_pod_ip'],
  ['k8s.pod.name', '_pod_name'],
  ['k8s.namespace.name', '_pod_ns'],
  ['k8s.node.name', '_pod_nodeName'],
] as const

export const CONTAINER_ATTRIBUTE = 'k8s.container.name'

/** Attributes that say which Pod a span comes from. They are ours alone: a tenant must not pass for another. */
export const RESERVED_ATTRIBUTES: readonly string[] = [...POD_ATTRIBUTES.map(([key]) => key), CONTAINER_ATTRIBUTE]
