/** Which cluster the page is about: `api/place`. */
export interface PlaceReport {
  readonly version: string
  /** The context of the kubeconfig; null where it has no name. */
  readonly context: string | null
  /** The Namespaces that were asked about; empty: all. */
  readonly namespaces: readonly string[]
  /** What a command of linkerd-tracing or kubectl needs to mean the same cluster, as it is written behind it in a shell; empty: nothing. */
  readonly clusterFlags: string
  /** What a command of linkerd-tracing needs besides. */
  readonly linkerdFlags: string
}

/** Where Jaeger's own page is: `api/jaeger`. */
export interface JaegerReport {
  readonly url: string
}
