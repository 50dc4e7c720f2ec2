import { LINKERD_INJECT } from '../../injection/metadata-names.ts'
import { collectorArguments, collectorEnvironment } from '../collector/collector-environment.ts'
import { COLLECTOR_PORTS } from '../collector/collector-settings.ts'
import { COLLECTOR, COLLECTOR_CONFIG } from '../object-names.ts'
import { collectorConfigOf } from '../values/collector-config-of.ts'
import {
  BACKEND_CA_DIRECTORY,
  BACKEND_CA_FILE,
  backendName,
  collectorSettingsOf,
} from '../values/collector-settings-of.ts'
import { imageAt } from '../values/images.ts'
import type { InstallValues } from '../values/values-schema.ts'
import type { Manifest } from '../webhook-configurations.ts'
import { API_ACCESS_MOUNT, API_ACCESS_VOLUME } from './api-access.ts'
import { bridgeContainer } from './bridge-container.ts'
import { CONFIG_DIRECTORY, CONFIG_FILE, configAnnotation } from './config-map.ts'
import {
  COLLECTOR_USER,
  containerPorts,
  healthProbes,
  httpGet,
  MESHED_READINESS,
  resourcesOf,
  restrictedContext,
} from './containers.ts'
import { deployment, rollingStrategy } from './deployment.ts'

/**
 * How long the collector serves on when its Pod is told to end: as long as the bridge beside it may take to hand over what
 * it has, and for proxies until they have heard of another collector. By the kubelet, as there is no shell in the image;
 * Kubernetes does it by itself from 1.30 on. A proxy that is a native sidecar ends last; a plain one takes nothing new from
 * the beginning, so nothing comes of it there.
 */
const SERVE_ON_SECONDS = 10

/** Takes the values, gives the collector's Deployment, with the bridge beside the collector. Meshed: spans come by mTLS. */
export function collectorDeployment(values: InstallValues): Manifest {
  const { collector, bridge } = values
  return deployment(values, {
    component: 'collector',
    name: COLLECTOR,
    replicas: collector.replicas,
    strategy: rollingStrategy(collector.antiAffinity === 'required'),
    annotations: { [LINKERD_INJECT]: 'enabled', ...configAnnotation(collectorConfigOf(values)) },
    containers: [collectorContainer(values), ...(bridge.enabled ? [bridgeContainer(values)] : [])],
    volumes: [
      { name: 'config', configMap: { name: COLLECTOR_CONFIG } },
      ...(collector.kubernetesAttributes ? [API_ACCESS_VOLUME] : []),
      ...caVolumes(values).map(({ volume }) => volume),
    ],
  })
}

function collectorContainer(values: InstallValues): Manifest {
  const { collector, registry } = values
  return {
    name: 'collector',
    image: imageAt(collector.image, registry),
    imagePullPolicy: 'IfNotPresent',
    args: [`--config=${CONFIG_DIRECTORY}/${CONFIG_FILE}`, ...collectorArguments(collectorSettingsOf(values))],
    env: collectorEnvironment(collectorSettingsOf(values)),
    ports: containerPorts([
      { name: 'otlp-grpc', port: COLLECTOR_PORTS.otlpGrpc },
      { name: 'otlp-http', port: COLLECTOR_PORTS.otlpHttp },
      { name: 'health', port: COLLECTOR_PORTS.health },
      { name: 'metrics', port: COLLECTOR_PORTS.metrics },
    ]),
    ...healthProbes(httpGet('/', 'health')),
    readinessProbe: MESHED_READINESS,
    lifecycle: { preStop: { sleep: { seconds: SERVE_ON_SECONDS } } },
    resources: resourcesOf(collector.resources),
    securityContext: restrictedContext(COLLECTOR_USER),
    terminationMessagePolicy: 'FallbackToLogsOnError',
    volumeMounts: [
      { name: 'config', mountPath: CONFIG_DIRECTORY, readOnly: true },
      ...(collector.kubernetesAttributes ? [API_ACCESS_MOUNT] : []),
      ...caVolumes(values).map(({ mount }) => mount),
    ],
  }
}

/** A folder for each backend whose CA is not one of the image's. */
function caVolumes({
  backends,
}: InstallValues): ReadonlyArray<{ readonly volume: Manifest; readonly mount: Manifest }> {
  return backends.flatMap((backend, index) => {
    const { caSecret } = backend
    if (caSecret === undefined) return []
    const name = `backend-ca-${index + 1}`
    const items = [{ key: caSecret.key, path: BACKEND_CA_FILE }]
    return [
      {
        volume: { name, secret: { secretName: caSecret.name, items } },
        mount: { name, mountPath: `${BACKEND_CA_DIRECTORY}/${backendName(backend, index)}`, readOnly: true },
      },
    ]
  })
}
