/** What says which cluster we are to work with. */
export interface ClusterChoice {
  /** `--kubeconfig` and `--context`. */
  readonly kubeconfig?: string | undefined
  readonly context?: string | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  /** Where a Pod finds its ServiceAccount; another one in tests. */
  readonly serviceAccountDirectory?: string
}

/**
 * Whether there is a cluster to work with: one that a flag asks for, or the one that we run in. A kubeconfig that merely
 * lies around is not taken: `npm start` on a developer's machine must not reach for whatever cluster kubectl last talked
 * to.
 */
export function isClusterChosen(choice: ClusterChoice): boolean {
  return isKubeconfigAsked(choice) || (choice.env['KUBERNETES_SERVICE_HOST'] ?? '') !== ''
}

/** Whether a flag asks for the cluster of a kubeconfig; it counts before the one that we run in. */
export function isKubeconfigAsked({ kubeconfig, context }: ClusterChoice): boolean {
  return kubeconfig !== undefined || context !== undefined
}
