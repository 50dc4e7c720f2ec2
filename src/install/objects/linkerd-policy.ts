import { COLLECTOR_PORTS } from '../collector/collector-settings.ts'
import { JAEGER_PORTS } from '../jaeger/jaeger-settings.ts'
import { COLLECTOR, type Component, JAEGER, labelsOf } from '../object-names.ts'
import type { InstallValues } from '../values/values-schema.ts'
import type { Manifest } from '../webhook-configurations.ts'
import { selectorOf } from './pod-labels.ts'
import { OPENCENSUS_PORT } from './services.ts'

/** Group of Linkerd's policy objects; absent where Linkerd's CRDs are. */
export const POLICY_GROUP = 'policy.linkerd.io'
/** The version that every Linkerd since 2.12 serves, and newer ones still do. */
const API = `${POLICY_GROUP}/v1beta1`

/**
 * Takes the values, gives Linkerd's policies: a Server for each port of collector and Jaeger, and who may use it. Plaintext
 * is refused on all of them. No identity is demanded of whoever sends spans: proxies often dial the collector before
 * their own certificate has come, and would be refused for as long as that connection lives.
 */
export function linkerdPolicies(values: InstallValues): Manifest[] {
  const anybodyByTls = { meshTLS: { unauthenticatedTLS: true } }
  return [
    ...collectorServers(values).flatMap((parts) => [server(parts), authorization(parts, anybodyByTls)]),
    ...(values.jaeger.storage === 'none' ? [] : jaegerPolicies(values)),
  ]
}

function collectorServers({ namespace, bridge }: InstallValues): ServerParts[] {
  const common = { component: 'collector', namespace } as const
  return [
    { ...common, name: `${COLLECTOR}-otlp-grpc`, port: COLLECTOR_PORTS.otlpGrpc, protocol: 'gRPC' },
    { ...common, name: `${COLLECTOR}-otlp-http`, port: COLLECTOR_PORTS.otlpHttp, protocol: 'HTTP/1' },
    ...(bridge.enabled
      ? [{ ...common, name: `${COLLECTOR}-opencensus`, port: OPENCENSUS_PORT, protocol: 'gRPC' } as const]
      : []),
  ]
}

/** The collector sends by its application, through its proxy, which has its certificate by then: its identity can be asked for. */
function jaegerPolicies({ namespace, jaeger }: InstallValues): Manifest[] {
  const common = { component: 'jaeger', namespace } as const
  const otlp = { ...common, name: `${JAEGER}-otlp-grpc`, port: JAEGER_PORTS.otlpGrpc, protocol: 'gRPC' } as const
  const ui = { ...common, name: `${JAEGER}-ui`, port: JAEGER_PORTS.query, protocol: 'HTTP/1' } as const
  const collector = { meshTLS: { serviceAccounts: [{ name: COLLECTOR, namespace }] } }
  // port-forward needs no authorization: it dials the container within the Pod, past the proxy
  const uiClients =
    jaeger.uiClients.length > 0 ? [authorization(ui, { meshTLS: { serviceAccounts: jaeger.uiClients } })] : []
  return [
    server(otlp),
    authorization(otlp, collector),
    server(ui),
    ...uiClients,
    ...unusedJaegerPorts(namespace).map(server),
  ]
}

/** Jaeger listens on them too, and nobody has to: a Server without an authorization lets nobody in. */
function unusedJaegerPorts(namespace: string): ServerParts[] {
  const common = { component: 'jaeger', namespace } as const
  return [
    { ...common, name: `${JAEGER}-otlp-http`, port: JAEGER_PORTS.otlpHttp, protocol: 'HTTP/1' },
    { ...common, name: `${JAEGER}-query-grpc`, port: JAEGER_PORTS.queryGrpc, protocol: 'gRPC' },
  ]
}

interface ServerParts {
  readonly component: Component
  readonly name: string
  readonly namespace: string
  readonly port: number
  readonly protocol: 'gRPC' | 'HTTP/1'
}

function server({ component, name, namespace, port, protocol }: ServerParts): Manifest {
  return {
    apiVersion: API,
    kind: 'Server',
    metadata: { name, namespace, labels: labelsOf(component) },
    spec: { podSelector: { matchLabels: selectorOf(component) }, port, proxyProtocol: protocol },
  }
}

function authorization({ component, name, namespace }: ServerParts, client: Manifest): Manifest {
  return {
    apiVersion: API,
    kind: 'ServerAuthorization',
    metadata: { name, namespace, labels: labelsOf(component) },
    spec: { server: { name }, client },
  }
}
