import fastJsonPatch from 'fast-json-patch'
import { decideInjection } from '../../src/injection/decide-injection.ts'
import type { InjectionDecision } from '../../src/injection/decision.ts'
import type { InstallSettings } from '../../src/injection/install-settings.ts'
import { type PatchOperation, podPatch } from '../../src/injection/pod-patch.ts'
import type { NamespaceMeta, PodRequest } from '../../src/injection/pod-request.ts'

// biome-ignore lint/suspicious/noExplicitAny: tests walk through raw JSON
export type Raw = any

export const INSTALL: InstallSettings = {
  collectorServiceAccount: 'linkerd-collector',
  collectorNamespace: 'linkerd-tracing',
  allNamespaces: false,
  controlPlane: true,
  allowCollectorAnnotations: true,
  linkerdNamespace: 'linkerd',
  trustDomain: 'cluster.local',
  clusterDomain: 'cluster.local',
  protocol: 'opentelemetry',
}

export function proxyContainer(overrides: Record<string, unknown> = {}): Raw {
  return {
    name: 'linkerd-proxy',
    image: 'cr.l5d.io/linkerd/proxy:edge-26.8.3',
    env: [
      { name: '_pod_name', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
      { name: '_pod_ns', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
      { name: '_l5d_ns', value: 'linkerd' },
      { name: '_l5d_trustdomain', value: 'cluster.local' },
    ],
    volumeMounts: [{ name: 'linkerd-identity-end-entity', mountPath: '/var/run/linkerd/identity/end-entity' }],
    ...overrides,
  }
}

export interface PodParts {
  readonly annotations?: Record<string, unknown>
  readonly labels?: Record<string, unknown>
  readonly spec?: Record<string, unknown>
  readonly proxy?: Record<string, unknown>
}

export function meshedPod({ annotations = {}, labels = {}, spec = {}, proxy = {} }: PodParts = {}): Raw {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { generateName: 'web-', annotations, labels },
    spec: {
      containers: [{ name: 'app', image: 'web:1' }, proxyContainer(proxy)],
      volumes: [{ name: 'linkerd-identity-end-entity', emptyDir: { medium: 'Memory' } }],
      serviceAccountName: 'web',
      ...spec,
    },
  }
}

export function podRequest(object: unknown, overrides: Partial<PodRequest> = {}): PodRequest {
  return {
    uid: '705ab4f5-6393-11e8-b7cc-42010a800002',
    kind: { group: '', version: 'v1', kind: 'Pod' },
    resource: 'pods',
    subResource: '',
    operation: 'CREATE',
    namespace: 'shop',
    name: '',
    dryRun: false,
    object,
    ...overrides,
  }
}

export interface Decided {
  readonly decision: InjectionDecision
  readonly patch: PatchOperation[]
  readonly patched: Raw
}

export interface Context {
  readonly namespace?: NamespaceMeta
  readonly settings?: Partial<InstallSettings>
  readonly request?: Partial<PodRequest>
}

/** Decides, patches and applies the patch with a library that checks each operation. */
export function decide(pod: unknown, { namespace, settings = {}, request = {} }: Context = {}): Decided {
  const decision = decideInjection({
    request: podRequest(pod, request),
    namespace,
    settings: { ...INSTALL, ...settings },
  })
  const patch = podPatch(pod, decision)
  const { newDocument } = fastJsonPatch.applyPatch(structuredClone(pod), structuredClone(patch) as Raw, true)
  return { decision, patch, patched: newDocument }
}

export function proxyOf(pod: Raw): Raw {
  const { containers, initContainers = [] } = pod.spec
  return [...containers, ...initContainers].find((container: Raw) => container?.name === 'linkerd-proxy')
}

/** The proxy's literal variables by name; fails on a name that stands twice. */
export function envOf(pod: Raw): Record<string, string | undefined> {
  const names = (proxyOf(pod).env ?? [])
    .map((entry: Raw) => entry?.name)
    .filter((name: string) => name?.includes('_TRACE_'))
  if (new Set(names).size !== names.length) throw new Error(`a variable stands twice: ${names}`)
  return Object.fromEntries((proxyOf(pod).env ?? []).map((entry: Raw) => [entry?.name, entry?.value]))
}

export const ADDRESS = 'LINKERD2_PROXY_TRACE_COLLECTOR_SVC_ADDR'
export const NAME = 'LINKERD2_PROXY_TRACE_COLLECTOR_SVC_NAME'
export const PROTOCOL = 'LINKERD2_PROXY_TRACE_PROTOCOL'
export const SERVICE_NAME = 'LINKERD2_PROXY_TRACE_SERVICE_NAME'
export const ATTRIBUTES_PATH = 'LINKERD2_PROXY_TRACE_ATTRIBUTES_PATH'
export const EXTRA_ATTRIBUTES = 'LINKERD2_PROXY_TRACE_EXTRA_ATTRIBUTES'
