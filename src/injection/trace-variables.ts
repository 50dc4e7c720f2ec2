/** The proxy's trace variables; a proxy ignores those that it does not know. Source: linkerd2-proxy `app/src/env`. */
export const TRACE_VARIABLES = {
  address: 'LINKERD2_PROXY_TRACE_COLLECTOR_SVC_ADDR',
  name: 'LINKERD2_PROXY_TRACE_COLLECTOR_SVC_NAME',
  protocol: 'LINKERD2_PROXY_TRACE_PROTOCOL',
  serviceName: 'LINKERD2_PROXY_TRACE_SERVICE_NAME',
  attributesPath: 'LINKERD2_PROXY_TRACE_ATTRIBUTES_PATH',
  extraAttributes: 'LINKERD2_PROXY_TRACE_EXTRA_ATTRIBUTES',
} as const
