import { LINKERD_INJECT } from '../../injection/metadata-names.ts'
import { type JaegerConfig, jaegerConfig } from '../jaeger/jaeger-config.ts'
import { JAEGER_PORTS } from '../jaeger/jaeger-settings.ts'
import { JAEGER, JAEGER_CONFIG, labelsOf } from '../object-names.ts'
import { imageAt } from '../values/images.ts'
import { jaegerSettingsOf } from '../values/jaeger-settings-of.ts'
import type { InstallValues } from '../values/values-schema.ts'
import type { Manifest } from '../webhook-configurations.ts'
import { jaegerAccount } from './collector-roles.ts'
import { CONFIG_DIRECTORY, CONFIG_FILE, configAnnotation, configMap } from './config-map.ts'
import {
  COLLECTOR_USER,
  containerPorts,
  healthProbes,
  httpGet,
  MESHED_READINESS,
  resourcesOf,
  restrictedContext,
} from './containers.ts'
import { deployment } from './deployment.ts'
import { jaegerService } from './services.ts'

/** Takes the values, gives all of Jaeger but its policies; nothing where traces go elsewhere. */
export function jaegerObjects(values: InstallValues): Manifest[] {
  const config = jaegerConfig(jaegerSettingsOf(values))
  if (config === undefined) return []
  const { namespace } = values
  return [
    jaegerAccount(values),
    configMap({ component: 'jaeger', name: JAEGER_CONFIG, namespace, config }),
    ...volumeClaims(values),
    jaegerService(values),
    jaegerDeployment(values, config),
  ]
}

function jaegerDeployment(values: InstallValues, config: JaegerConfig): Manifest {
  const { jaeger } = values
  return deployment(values, {
    component: 'jaeger',
    name: JAEGER,
    replicas: 1,
    // two at once would each have half of the traces, and only one can have the volume
    strategy: { type: 'Recreate' },
    annotations: { [LINKERD_INJECT]: 'enabled', ...configAnnotation(config) },
    pod: jaeger.storage === 'badger' ? { securityContext: { fsGroup: COLLECTOR_USER } } : {},
    containers: [container(values)],
    volumes: [{ name: 'config', configMap: { name: JAEGER_CONFIG } }, ...storageVolumes(values)],
  })
}

function container(values: InstallValues): Manifest {
  const { jaeger, registry } = values
  return {
    name: 'jaeger',
    image: imageAt(jaeger.image, registry),
    imagePullPolicy: 'IfNotPresent',
    args: [`--config=${CONFIG_DIRECTORY}/${CONFIG_FILE}`],
    ports: containerPorts([
      { name: 'ui', port: JAEGER_PORTS.query },
      { name: 'otlp-grpc', port: JAEGER_PORTS.otlpGrpc },
      { name: 'health', port: JAEGER_PORTS.health },
      { name: 'metrics', port: JAEGER_PORTS.metrics },
    ]),
    ...healthProbes(httpGet('/status', 'health')),
    readinessProbe: MESHED_READINESS,
    resources: resourcesOf(jaeger.resources),
    securityContext: restrictedContext(COLLECTOR_USER),
    terminationMessagePolicy: 'FallbackToLogsOnError',
    volumeMounts: [
      { name: 'config', mountPath: CONFIG_DIRECTORY, readOnly: true },
      ...storageVolumes(values).map(({ name }) => ({ name, mountPath: directoryOf(values) })),
    ],
  }
}

function directoryOf(values: InstallValues): string {
  const { storage } = jaegerSettingsOf(values)
  return storage.kind === 'badger' ? storage.directory : ''
}

function storageVolumes({ jaeger }: InstallValues): Manifest[] {
  return jaeger.storage === 'badger' ? [{ name: 'traces', persistentVolumeClaim: { claimName: JAEGER } }] : []
}

function volumeClaims({ jaeger, namespace }: InstallValues): Manifest[] {
  if (jaeger.storage !== 'badger') return []
  const { storageClassName, volumeSize } = jaeger
  return [
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: JAEGER, namespace, labels: labelsOf('jaeger') },
      spec: {
        accessModes: ['ReadWriteOnce'],
        ...(storageClassName !== '' && { storageClassName }),
        resources: { requests: { storage: volumeSize } },
      },
    },
  ]
}
