import { COLLECTOR_PORTS } from '../collector/collector-settings.ts'
import { JAEGER_PORTS } from '../jaeger/jaeger-settings.ts'
import { COLLECTOR, COLLECTOR_HEADLESS, type Component, INJECTOR, JAEGER, labelsOf } from '../object-names.ts'
import type { InstallValues } from '../values/values-schema.ts'
import type { Manifest } from '../webhook-configurations.ts'
import type { NamedPort } from './containers.ts'
import { selectorOf } from './pod-labels.ts'

/** Where the bridge takes OpenCensus, the agent's own port. */
export const OPENCENSUS_PORT = 55_678

/** Takes the values, gives the Service that API servers call. */
export function injectorService({ namespace }: InstallValues): Manifest {
  return service({ component: 'injector', name: INJECTOR, namespace, ports: [{ name: 'https', port: 443 }] })
}

/**
 * Takes the values, gives the collector's Services. A proxy that meets a headless Service takes every port of it, and so
 * loses spans to the wrong ones: the one for balancing over replicas has a single port.
 */
export function collectorServices({ namespace, collector, bridge }: InstallValues): Manifest[] {
  const grpc = { name: 'otlp-grpc', port: COLLECTOR_PORTS.otlpGrpc }
  const ports = [
    grpc,
    { name: 'otlp-http', port: COLLECTOR_PORTS.otlpHttp },
    ...(bridge.enabled ? [{ name: 'opencensus', port: OPENCENSUS_PORT }] : []),
  ]
  const common = { component: 'collector', namespace } as const
  const several = collector.replicas > 1
  return [
    service({ ...common, name: COLLECTOR, ports }),
    ...(several ? [service({ ...common, name: COLLECTOR_HEADLESS, ports: [grpc], headless: true })] : []),
  ]
}

/** Takes the values, gives Jaeger's Service: its page and API, and OTLP for the collector. */
export function jaegerService({ namespace }: InstallValues): Manifest {
  const ports = [
    { name: 'ui', port: JAEGER_PORTS.query },
    { name: 'otlp-grpc', port: JAEGER_PORTS.otlpGrpc },
  ]
  return service({ component: 'jaeger', name: JAEGER, namespace, ports })
}

interface ServiceParts {
  readonly component: Component
  readonly name: string
  readonly namespace: string
  readonly ports: readonly NamedPort[]
  readonly headless?: boolean
}

function service({ component, name, namespace, ports, headless = false }: ServiceParts): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace, labels: labelsOf(component) },
    spec: {
      type: 'ClusterIP',
      ...(headless && { clusterIP: 'None' }),
      selector: selectorOf(component),
      // the container's port has the same name
      ports: ports.map((port) => ({ ...port, protocol: 'TCP', targetPort: port.name })),
    },
  }
}
