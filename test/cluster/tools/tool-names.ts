/** The programs of a test cluster, and the Go package that each is built from (all in ./go.mod). */
export const TOOL_PACKAGES = {
  etcd: 'go.etcd.io/etcd/server/v3',
  'kube-apiserver': 'k8s.io/kubernetes/cmd/kube-apiserver',
  kubectl: 'k8s.io/kubernetes/cmd/kubectl',
  'kube-controller-manager': 'k8s.io/kubernetes/cmd/kube-controller-manager',
} as const

export type ToolName = keyof typeof TOOL_PACKAGES

/** All four, in the order in which they are built: what is quick and needed first comes first. */
export const TOOL_NAMES = Object.keys(TOOL_PACKAGES) as ToolName[]

/** Where each program is; the controller manager may be missing from a folder that somebody else made. */
export type Tools = Record<Exclude<ToolName, 'kube-controller-manager'>, string> & {
  'kube-controller-manager': string | undefined
}
