import { COLLECTOR_PORTS } from '../collector/collector-settings.ts'
import { imageAt } from '../values/images.ts'
import type { InstallValues } from '../values/values-schema.ts'
import type { Manifest } from '../webhook-configurations.ts'
import {
  containerPorts,
  healthProbes,
  httpGet,
  MESHED_READINESS,
  OWN_USER,
  resourcesOf,
  restrictedContext,
} from './containers.ts'
import { OPENCENSUS_PORT } from './services.ts'

/** Health and metrics of the bridge. */
export const BRIDGE_ADMIN_PORT = 9_990

/** Takes the values, gives the bridge's container: it hands spans to the collector in its own Pod, and needs no rights. */
export function bridgeContainer(values: InstallValues): Manifest {
  const { bridge, registry, logLevel } = values
  const flags = {
    host: '::',
    port: OPENCENSUS_PORT,
    'admin-port': BRIDGE_ADMIN_PORT,
    'collector-address': `127.0.0.1:${COLLECTOR_PORTS.otlpGrpc}`,
    'log-level': logLevel,
  }
  return {
    name: 'bridge',
    image: imageAt(bridge.image, registry),
    imagePullPolicy: 'IfNotPresent',
    args: ['bridge', ...Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`)],
    ports: containerPorts([
      { name: 'opencensus', port: OPENCENSUS_PORT },
      { name: 'bridge-admin', port: BRIDGE_ADMIN_PORT },
    ]),
    ...healthProbes(httpGet('/live', 'bridge-admin')),
    readinessProbe: MESHED_READINESS,
    resources: resourcesOf(bridge.resources),
    securityContext: restrictedContext(OWN_USER),
    terminationMessagePolicy: 'FallbackToLogsOnError',
  }
}
