import type { Manifest } from '../webhook-configurations.ts'

/** User and group of our own image (distroless: `nonroot`). */
export const OWN_USER = 65_532
/** User of the images of collector and Jaeger, as their Dockerfiles have it. */
export const COLLECTOR_USER = 10_001

/**
 * Takes a user, gives a container's security context: all that the Pod Security level `restricted` asks for, and a root
 * that cannot be written.
 */
export function restrictedContext(user: number): Manifest {
  return {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    readOnlyRootFilesystem: true,
    runAsGroup: user,
    runAsNonRoot: true,
    runAsUser: user,
    seccompProfile: { type: 'RuntimeDefault' },
  }
}

interface Resources {
  readonly requests: { readonly cpu: string; readonly memory: string }
  readonly limits: { readonly cpu: string; readonly memory: string }
}

/** Takes requests and limits, gives them as Kubernetes has them: an empty amount is left out. */
export function resourcesOf({ requests, limits }: Resources): Manifest {
  const filled = (amounts: Resources['limits']) =>
    Object.fromEntries(Object.entries(amounts).filter(([, amount]) => amount !== ''))
  return { requests: filled(requests), limits: filled(limits) }
}

/** A port of a container, by its name. */
export interface NamedPort {
  readonly name: string
  readonly port: number
}

/** Takes ports, gives a container's. Every field is written out: port and protocol are the key of the list. */
export function containerPorts(ports: readonly NamedPort[]): Manifest[] {
  return ports.map(({ name, port }) => ({ name, containerPort: port, protocol: 'TCP' }))
}

/** Takes path and port, gives a probe over HTTP. */
export function httpGet(path: string, port: number | string): Manifest {
  return { httpGet: { path, port, scheme: 'HTTP' } }
}

/** Admin port of Linkerd's proxy, and the path that says whether it is ready. */
export const PROXY_ADMIN_PORT = 4191

/**
 * Ready when the Pod's proxy is. A Pod without one never becomes ready, and gets no spans: they would travel in plaintext.
 * The kubelet asks the Pod's address, and Linkerd's init container leads this port past the proxy's own rules, as it must
 * for the probes of `linkerd-proxy` itself. It is also right in time: the proxy is ready when it has its certificate.
 */
export const MESHED_READINESS: Manifest = { ...httpGet('/ready', PROXY_ADMIN_PORT), periodSeconds: 5 }

/** Takes the probe of a container's own health, gives what ends a start that takes above a minute, and a container that hangs. */
export function healthProbes(probe: Manifest): Manifest {
  return {
    startupProbe: { ...probe, periodSeconds: 1, failureThreshold: 60 },
    livenessProbe: { ...probe, periodSeconds: 10, timeoutSeconds: 5 },
  }
}
