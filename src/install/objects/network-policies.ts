import { COLLECTOR_PORTS } from '../collector/collector-settings.ts'
import { JAEGER_PORTS } from '../jaeger/jaeger-settings.ts'
import { COLLECTOR, type Component, INJECTOR, JAEGER, labelsOf } from '../object-names.ts'
import type { InstallValues } from '../values/values-schema.ts'
import type { Manifest } from '../webhook-configurations.ts'
import { BRIDGE_ADMIN_PORT } from './bridge-container.ts'
import { PROXY_ADMIN_PORT } from './containers.ts'
import { injectorPorts } from './injector-arguments.ts'
import { selectorOf } from './pod-labels.ts'
import { OPENCENSUS_PORT } from './services.ts'

/** Where Linkerd's proxy takes connections of other proxies that name their port by themselves. */
const PROXY_INBOUND_PORT = 4143

/**
 * Takes the values, gives a NetworkPolicy for each component: what may come in, on which ports. From where is left open:
 * nobody can know the addresses of API servers and kubelets, and who of the mesh may speak is Linkerd's policy. What goes
 * out is not limited.
 */
export function networkPolicies(values: InstallValues): Manifest[] {
  if (!values.networkPolicy) return []
  const { namespace, jaeger, bridge, injector } = values
  const proxy = [PROXY_INBOUND_PORT, PROXY_ADMIN_PORT]
  const { port, adminPort } = injectorPorts(values)
  const opencensus = bridge.enabled ? [OPENCENSUS_PORT, BRIDGE_ADMIN_PORT] : []
  const collectorPorts = [...Object.values(COLLECTOR_PORTS), ...opencensus, ...proxy]
  const { query, otlpGrpc, health, metrics } = JAEGER_PORTS
  return [
    // in the nodes' network there is no Pod that a policy could be about
    ...(injector.hostNetwork ? [] : [policy('injector', { name: INJECTOR, namespace, ports: [port, adminPort] })]),
    policy('collector', { name: COLLECTOR, namespace, ports: collectorPorts }),
    ...(jaeger.storage === 'none'
      ? []
      : [policy('jaeger', { name: JAEGER, namespace, ports: [query, otlpGrpc, health, metrics, ...proxy] })]),
  ]
}

interface PolicyParts {
  readonly name: string
  readonly namespace: string
  readonly ports: readonly number[]
}

function policy(component: Component, { name, namespace, ports }: PolicyParts): Manifest {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace, labels: labelsOf(component) },
    spec: {
      podSelector: { matchLabels: selectorOf(component) },
      policyTypes: ['Ingress'],
      ingress: [{ ports: ports.map((port) => ({ port, protocol: 'TCP' })) }],
    },
  }
}
