/** How a flag's text becomes a value. */
export type FlagKind = 'value' | 'switch' | 'off' | 'list' | 'map' | 'tolerations' | 'backends'

/** A flag of `install` for one of the values; its sentence is the value's. */
export interface InstallFlag {
  /** Without dashes. */
  readonly flag: string
  readonly short?: string
  /** Path of the value, with a dot between its parts. */
  readonly path: string
  readonly kind: FlagKind
  readonly placeholder?: string
  /** What help says in place of the value's own sentence. */
  readonly sentence?: string
}

/** The values that have a flag of their own; all of them can be said by `--set` and in a file. */
export const INSTALL_FLAGS: readonly InstallFlag[] = [
  { flag: 'namespace', short: 'n', path: 'namespace', kind: 'value', placeholder: 'namespace' },
  { flag: 'ha', path: 'ha', kind: 'switch' },
  { flag: 'certs', path: 'certs', kind: 'value', placeholder: 'self-managed|cert-manager|files' },
  { flag: 'jaeger', path: 'jaeger.storage', kind: 'value', placeholder: 'memory|badger|none' },
  {
    flag: 'backend',
    path: 'backends',
    kind: 'backends',
    placeholder: 'endpoint',
    sentence: 'OTLP endpoint to export spans to: host:port (gRPC) or a URL (HTTP), by TLS.',
  },
  { flag: 'all-namespaces', path: 'allNamespaces', kind: 'switch' },
  { flag: 'control-plane', path: 'controlPlane', kind: 'off', sentence: 'Do not trace Linkerd’s control plane.' },
  { flag: 'policy', path: 'policy', kind: 'value', placeholder: 'auto|on|off' },
  { flag: 'linkerd-cni', path: 'linkerdCni', kind: 'switch' },
  { flag: 'host-network', path: 'injector.hostNetwork', kind: 'switch' },
  { flag: 'registry', path: 'registry', kind: 'value', placeholder: 'registry' },
  {
    flag: 'image-pull-secret',
    path: 'imagePullSecrets',
    kind: 'list',
    placeholder: 'name',
    sentence: 'Secret to pull images with.',
  },
  { flag: 'cluster-domain', path: 'clusterDomain', kind: 'value', placeholder: 'domain' },
  { flag: 'trust-domain', path: 'trustDomain', kind: 'value', placeholder: 'domain' },
  {
    flag: 'node-selector',
    path: 'pods.nodeSelector',
    kind: 'map',
    placeholder: 'label=value',
    sentence: 'Label of the nodes that all Pods run on.',
  },
  {
    flag: 'toleration',
    path: 'pods.tolerations',
    kind: 'tolerations',
    placeholder: 'key[=value][:effect]',
    sentence: 'Taint of nodes that all Pods put up with.',
  },
  {
    flag: 'priority-class',
    path: 'pods.priorityClassName',
    kind: 'value',
    placeholder: 'name',
    sentence: 'PriorityClass of all Pods.',
  },
  {
    flag: 'annotation',
    path: 'pods.annotations',
    kind: 'map',
    placeholder: 'key=value',
    sentence: 'Further annotation of all Pods.',
  },
  {
    flag: 'label',
    path: 'pods.labels',
    kind: 'map',
    placeholder: 'key=value',
    sentence: 'Further label of all Pods; ours cannot be changed.',
  },
]

/** `-L` is one of the flags that every command of a Linkerd extension has. */
export const LINKERD_NAMESPACE_FLAG = { flag: 'linkerd-namespace', path: 'linkerdNamespace' } as const
