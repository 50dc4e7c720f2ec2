/** What an installation looks like, as far as the cluster-wide objects of the injector depend on it. */
export interface InstallLayout {
  /** The product's namespace. In the seed layout it is the control plane's own. */
  readonly namespace: string
  readonly linkerdNamespace: string
  /** Every Namespace but those labelled `disabled`, instead of those labelled `enabled`. */
  readonly allNamespaces: boolean
  /** Whether the control plane itself is traced. */
  readonly controlPlane: boolean
  /**
   * Where the serving certificate comes from, hence who writes the caBundle: the injector, cert-manager, or whoever
   * brings the files.
   */
  readonly certs: 'self-managed' | 'cert-manager' | 'files'
}

/** Linkerd's injector is not called in its own namespace: there the collector has to be handed to it by us. */
export function isSeedLayout({
  namespace,
  linkerdNamespace,
}: Pick<InstallLayout, 'namespace' | 'linkerdNamespace'>): boolean {
  return namespace === linkerdNamespace
}
