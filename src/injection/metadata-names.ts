/** The labels and annotations that this product reads or writes; the setting names are Linkerd's and its old extension's. */
export const INJECT = 'tracing.linkerd.io/inject'
export const COMPONENT = 'tracing.linkerd.io/component'
export const STATUS = 'tracing.linkerd.io/status'

export const COLLECTOR_ADDRESS = 'config.linkerd.io/trace-collector'
export const COLLECTOR_SERVICE_ACCOUNT = 'config.alpha.linkerd.io/trace-collector-service-account'
export const COLLECTOR_PROTOCOL = 'config.linkerd.io/trace-collector-protocol'
export const COLLECTOR_NAME = 'config.linkerd.io/trace-collector-name'
export const RESOURCE_ATTRIBUTE_PREFIX = 'resource.opentelemetry.io/'

export const LINKERD_INJECT = 'linkerd.io/inject'
export const LINKERD_PROXY_VERSION = 'linkerd.io/proxy-version'
export const LINKERD_CONTROL_PLANE_COMPONENT = 'linkerd.io/control-plane-component'
export const MIRROR_POD = 'kubernetes.io/config.mirror'
export const APP_INSTANCE = 'app.kubernetes.io/instance'
export const APP_NAME = 'app.kubernetes.io/name'
