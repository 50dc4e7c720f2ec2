/** The trace protocols that a Linkerd proxy can speak, by the names of its `…_TRACE_PROTOCOL` variable. */
export const TRACE_PROTOCOLS = ['opentelemetry', 'opencensus'] as const
export type TraceProtocol = (typeof TRACE_PROTOCOLS)[number]

/**
 * What an installation has decided, already validated and with every fact resolved
 * (flag over `linkerd-config` over default). One immutable object: a change makes a new one.
 */
export interface InstallSettings {
  /** `host:port` of the OTLP collector; absent: `linkerd-collector.<collectorNamespace>.svc.<clusterDomain>:4317`. */
  readonly collectorAddress?: string
  /** `host:port` of the OpenCensus bridge; absent: the collector's Service on 55678; empty: there is no bridge. */
  readonly opencensusAddress?: string
  /** ServiceAccount of the collector, `name` or `name.namespace`. */
  readonly collectorServiceAccount: string
  /** The product's own namespace. It never enters a mesh identity by itself. */
  readonly collectorNamespace: string
  /** Turns opt-in around: every Namespace but those labelled `disabled`. */
  readonly allNamespaces: boolean
  /** Whether the control-plane namespace is traced. */
  readonly controlPlane: boolean
  /** Whether annotations may name another collector address or ServiceAccount. */
  readonly allowCollectorAnnotations: boolean
  readonly linkerdNamespace: string
  readonly trustDomain: string
  readonly clusterDomain: string
  /** `linkerdVersion` of `linkerd-config`, when it is known. */
  readonly linkerdVersion?: string
  /** The install-wide `service.name`; absent: taken from the Pod's labels. */
  readonly serviceName?: string
  /** What a proxy that speaks both protocols, or one of unknown version, is given. */
  readonly protocol: TraceProtocol
}
