import { COLLECTOR_PORTS } from '../collector/collector-settings.ts'
import { COLLECTOR, COLLECTOR_HEADLESS } from '../object-names.ts'
import type { InstallValues } from '../values/values-schema.ts'

/** Where the container finds its certificate, when it does not make it itself. */
export const CERTIFICATE_DIRECTORY = '/var/run/linkerd-tracing/certs'

/** Where it finds the CA of those who may call. */
export const CALLERS_DIRECTORY = '/var/run/linkerd-tracing/callers'

/** Ports of the injector's container. 10250 is what GKE's control planes reach; on a node it is the kubelet's. */
export function injectorPorts({ injector }: InstallValues): { readonly port: number; readonly adminPort: number } {
  return injector.hostNetwork ? { port: 10_260, adminPort: 10_261 } : { port: 10_250, adminPort: 9_990 }
}

/**
 * Takes the values, gives the words after the program's name that run the injector by them: it decides by the same facts
 * as the webhook configurations ask by. What is found in the cluster is not said.
 */
export function injectorArguments(values: InstallValues): string[] {
  const { port, adminPort } = injectorPorts(values)
  const flags: Readonly<Record<string, string | number | boolean>> = {
    host: '::',
    port,
    'admin-port': adminPort,
    ...certificateFlags(values),
    'linkerd-namespace': values.linkerdNamespace,
    'collector-namespace': values.namespace,
    'collector-service-account': COLLECTOR,
    ...collectorFlags(values),
    'all-namespaces': values.allNamespaces,
    'control-plane': values.controlPlane,
    'allow-collector-annotations': values.allowCollectorAnnotations,
    protocol: values.protocol,
    ...optional('cluster-domain', values.clusterDomain),
    ...optional('trust-domain', values.trustDomain),
    ...optional('service-name', values.serviceName),
    'log-level': values.logLevel,
    ...(values.injector.clientCaConfigMap !== '' && { 'client-ca-file': `${CALLERS_DIRECTORY}/ca.crt` }),
  }
  return [
    'serve',
    ...Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`),
    ...values.injector.moreArguments,
  ]
}

function certificateFlags({ certs }: InstallValues): Readonly<Record<string, string>> {
  // cert-manager brings files, as anybody else does
  return certs === 'self-managed' ? { certs } : { certs: 'files', 'cert-dir': CERTIFICATE_DIRECTORY }
}

/**
 * One replica is reached by the Service that the injector takes by itself. A ClusterIP pins each proxy to one replica, so
 * several are reached by the headless one; its name has to be whole, hence the cluster's domain.
 */
function collectorFlags({
  collector,
  bridge,
  namespace,
  clusterDomain,
}: InstallValues): Readonly<Record<string, string>> {
  const domain = clusterDomain || 'cluster.local'
  const headless = `${COLLECTOR_HEADLESS}.${namespace}.svc.${domain}:${COLLECTOR_PORTS.otlpGrpc}`
  return {
    ...(collector.replicas > 1 && { 'collector-address': headless }),
    ...(!bridge.enabled && { 'opencensus-address': '' }),
  }
}

function optional(flag: string, value: string): Readonly<Record<string, string>> {
  return value === '' ? {} : { [flag]: value }
}
