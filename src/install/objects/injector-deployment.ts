import { LINKERD_INJECT } from '../../injection/metadata-names.ts'
import { CERT_MANAGER, INJECTOR } from '../object-names.ts'
import { imageAt } from '../values/images.ts'
import type { InstallValues } from '../values/values-schema.ts'
import type { Manifest } from '../webhook-configurations.ts'
import { API_ACCESS_MOUNT, API_ACCESS_VOLUME } from './api-access.ts'
import { containerPorts, healthProbes, httpGet, OWN_USER, resourcesOf, restrictedContext } from './containers.ts'
import { deployment, rollingStrategy } from './deployment.ts'
import { CALLERS_DIRECTORY, CERTIFICATE_DIRECTORY, injectorArguments, injectorPorts } from './injector-arguments.ts'

/**
 * Takes the values, gives the injector's Deployment. It is not meshed: Linkerd's injector need not run for it to start, and
 * API servers are not in the mesh.
 */
export function injectorDeployment(values: InstallValues): Manifest {
  const { injector } = values
  return deployment(values, {
    component: 'injector',
    name: INJECTOR,
    replicas: injector.replicas,
    strategy: rollingStrategy(injector.hostNetwork || injector.antiAffinity === 'required'),
    annotations: { [LINKERD_INJECT]: 'disabled' },
    pod: {
      ...(injector.hostNetwork && { hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet' }),
      // the key is for the group alone
      ...(values.certs !== 'self-managed' && { securityContext: { fsGroup: OWN_USER } }),
    },
    containers: [container(values)],
    volumes: [API_ACCESS_VOLUME, ...certificateVolumes(values), ...callerVolumes(values)],
  })
}

function container(values: InstallValues): Manifest {
  const { injector, registry } = values
  const { port, adminPort } = injectorPorts(values)
  const mounts = [
    ...certificateVolumes(values).map(({ name }) => ({ name, mountPath: CERTIFICATE_DIRECTORY, readOnly: true })),
    ...callerVolumes(values).map(({ name }) => ({ name, mountPath: CALLERS_DIRECTORY, readOnly: true })),
  ]
  return {
    name: 'injector',
    image: imageAt(injector.image, registry),
    imagePullPolicy: 'IfNotPresent',
    args: injectorArguments(values),
    ports: containerPorts([
      { name: 'https', port },
      { name: 'admin', port: adminPort },
    ]),
    ...healthProbes(httpGet('/live', 'admin')),
    // true when API servers trust the certificate, hence when a call is of use
    readinessProbe: { ...httpGet('/ready', 'admin'), periodSeconds: 2 },
    resources: resourcesOf(injector.resources),
    securityContext: restrictedContext(OWN_USER),
    terminationMessagePolicy: 'FallbackToLogsOnError',
    volumeMounts: [API_ACCESS_MOUNT, ...mounts],
  }
}

/** Readable by our group alone; the injector warns of a key that everybody may read. */
function certificateVolumes({ certs, injector }: InstallValues): Manifest[] {
  if (certs === 'self-managed') return []
  const secretName = certs === 'cert-manager' ? CERT_MANAGER.serving : injector.certificateSecret
  return [{ name: 'certs', secret: { secretName, defaultMode: 0o440 } }]
}

function callerVolumes({ injector: { clientCaConfigMap } }: InstallValues): Manifest[] {
  return clientCaConfigMap === ''
    ? []
    : [{ name: 'callers', configMap: { name: clientCaConfigMap, defaultMode: 0o644 } }]
}
