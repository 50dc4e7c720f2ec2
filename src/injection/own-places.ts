/** Namespaces of Kubernetes itself: a webhook that fails there can keep a cluster from starting. */
export const SYSTEM_NAMESPACES: readonly string[] = ['kube-system', 'kube-node-lease', 'kube-public']

/** Components that must be meshed before anything can be traced: without a proxy no span reaches them. */
export const MARKED_COMPONENTS: readonly string[] = ['collector', 'jaeger']
