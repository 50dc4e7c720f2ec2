/** ServiceAccount, Deployment, Service and roles of the webhook server. */
export const INJECTOR = 'linkerd-tracing-injector'

/** Deployment, ServiceAccount and Service of the collector, by the names that Linkerd 2.7 gave them. */
export const COLLECTOR = 'linkerd-collector'
/** For many replicas: proxies spread over the addresses that it resolves to. */
export const COLLECTOR_HEADLESS = 'linkerd-collector-headless'
export const COLLECTOR_CONFIG = 'linkerd-collector-config'

export const JAEGER = 'linkerd-jaeger'
export const JAEGER_CONFIG = 'linkerd-jaeger-config'

/** What `install` was told, for `upgrade`. */
export const KEPT_VALUES = 'linkerd-tracing-config'

/** Where the self-managed CA and serving certificate are kept. */
export const CERTIFICATE_SECRET = 'linkerd-tracing-injector-certs'

/** cert-manager's objects; each Certificate keeps its Secret under its own name. */
export const CERT_MANAGER = {
  selfSigned: 'linkerd-tracing-injector-self-signed',
  ca: 'linkerd-tracing-injector-ca',
  caIssuer: 'linkerd-tracing-injector-ca',
  serving: 'linkerd-tracing-injector-tls',
} as const

/** Sorts before Linkerd's own configuration: what it marks, Linkerd's injector sees. */
export const MARK_CONFIGURATION = 'linkerd-collector-injector-webhook-config'
/** Sorts after Linkerd's own configuration: it sees Pods with their proxies. */
export const TRACE_CONFIGURATION = 'linkerd-tracing-injector-webhook-config'
/** Linkerd's own. The API server calls configurations in order of their names. */
export const LINKERD_CONFIGURATION = 'linkerd-proxy-injector-webhook-config'

export const ENTRIES = {
  mark: 'mark.tracing.linkerd.io',
  forward: 'forward.tracing.linkerd.io',
  controlPlane: 'control-plane.tracing.linkerd.io',
  workloads: 'workloads.tracing.linkerd.io',
} as const

/** Limits our ServiceAccount to the CA bundles of our own configurations. */
export const CA_BUNDLE_POLICY = 'linkerd-tracing-injector-ca-bundle-only'

/** What the product is made of. */
export type Component = 'injector' | 'collector' | 'jaeger'

/** Takes a component, gives the labels of every object that belongs to it. */
export function labelsOf<Name extends Component>(component: Name) {
  return {
    'app.kubernetes.io/name': 'linkerd-tracing',
    'app.kubernetes.io/component': component,
    'app.kubernetes.io/part-of': 'linkerd-tracing',
  } as const
}

/** Labels of every object that belongs to the injector. */
export const INJECTOR_LABELS = labelsOf('injector')
