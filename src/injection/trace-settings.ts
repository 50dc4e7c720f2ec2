import { type CollectorIdentity, resolveIdentity, resolveServiceAccount } from './collector-identity.ts'
import { installAddress, resolveCollector } from './collector-setting.ts'
import type { TraceTarget } from './decision.ts'
import type { InstallSettings } from './install-settings.ts'
import { type MeshFacts, meshFacts } from './mesh-facts.ts'
import { COLLECTOR_ADDRESS, COLLECTOR_SERVICE_ACCOUNT } from './metadata-names.ts'
import type { NamespaceMeta } from './pod-request.ts'
import { type ResolvedProtocol, resolveProtocol } from './protocol.ts'
import { type ProxyContainer, proxyVersion } from './proxy-container.ts'
import type { RawPod } from './raw-pod.ts'
import { resolveAttributes } from './resource-attributes.ts'
import { resolveServiceName } from './service-name.ts'
import { invalidSetting, type SettingFault } from './setting-fault.ts'
import { type AnnotationSources, faultSentence, findAnnotation, type Setting } from './setting-sources.ts'
import { MAX_SERVICE_NAME_BYTES, textFault } from './text-limits.ts'

/** All that a proxy, and the control plane's programs beside it, are to be told. */
export interface TraceSettings {
  readonly target: TraceTarget
  readonly attributes: ReadonlyArray<readonly [key: string, value: string]>
  /** For `-trace-collector`; empty when the installation has no OpenCensus bridge. */
  readonly opencensusAddress: string
}

export interface ResolvedTraceSettings {
  /** Absent when there are faults. */
  readonly settings?: TraceSettings
  /** The collector's own ServiceAccount and namespace, as far as they are known. */
  readonly identity?: CollectorIdentity
  readonly faults: readonly SettingFault[]
  readonly warnings: readonly string[]
}

export interface TraceSettingsSources {
  readonly pod: RawPod
  readonly podNamespace: string
  readonly namespace: NamespaceMeta | undefined
  /** Undefined for a Pod that is not meshed: facts and version then come from the installation. */
  readonly proxy: ProxyContainer | undefined
  readonly install: InstallSettings
}

/** Resolves every setting of a Pod (Pod over Namespace over install) and finds all that is wrong with them. */
export function resolveTraceSettings(sources: TraceSettingsSources): ResolvedTraceSettings {
  const { pod, namespace, proxy, install } = sources
  const annotations: AnnotationSources = { pod: pod.annotations, namespace }
  const facts = factsOf(sources)
  const version = proxyVersion({ pod, proxy, linkerdVersion: install.linkerdVersion })
  const asked = resolveProtocol({ annotations, install, version })
  const endpoint = resolveEndpoint({ sources, annotations, facts, asked })
  const serviceName = resolveServiceName({ pod, namespace, install })
  const attributes = resolveAttributes(annotations)
  const faults = [...endpoint.faults, ...serviceNameFaults(serviceName), ...attributes.faults]
  const warnings = [...ignoredAnnotations(annotations, install), ...attributes.warnings]
  const found = { ...(endpoint.identity && { identity: endpoint.identity }), faults, warnings }
  if (faults.length > 0 || endpoint.target === undefined) return found
  const settings = {
    target: { ...endpoint.target, serviceName: serviceName.text },
    attributes: attributes.attributes,
    opencensusAddress: installAddress({ install, protocol: 'opencensus', clusterDomain: facts.clusterDomain }),
  }
  return { ...found, settings }
}

/** The Pod's own proxy knows best; what it does not say, the installation does. */
function factsOf({ proxy, install }: TraceSettingsSources): Required<MeshFacts> {
  const { linkerdNamespace, trustDomain, clusterDomain } = install
  return { controlPlaneNamespace: linkerdNamespace, trustDomain, clusterDomain, ...(proxy && meshFacts(proxy.env)) }
}

interface EndpointSources {
  readonly sources: TraceSettingsSources
  readonly annotations: AnnotationSources
  readonly facts: Required<MeshFacts>
  readonly asked: ResolvedProtocol
}

interface Endpoint {
  readonly target?: Omit<TraceTarget, 'serviceName'>
  readonly identity?: CollectorIdentity
  readonly faults: readonly SettingFault[]
}

/** Where the spans go, by which protocol, to whom. Each setting is looked at, so that all that is wrong is said at once. */
function resolveEndpoint({ sources, annotations, facts, asked }: EndpointSources): Endpoint {
  const { install, podNamespace } = sources
  const protocol = asked.protocol ?? install.protocol
  const collector = resolveCollector({ annotations, install, protocol, clusterDomain: facts.clusterDomain })
  const serviceAccount = resolveServiceAccount(annotations, install)
  const faults = [asked.fault, faultIn(collector), faultIn(serviceAccount)].filter((fault) => fault !== undefined)
  if ('reason' in collector || 'reason' in serviceAccount) return { faults }
  const identity = resolveIdentity({ collector, serviceAccount, podNamespace, ...facts })
  if (identity !== undefined && 'reason' in identity) return { faults: [...faults, identity] }
  if (asked.protocol === undefined) return { faults }
  const target = { collector: collector.address.text, protocol, ...(identity && { identity: identity.name }) }
  return { target, faults, ...(identity && { identity }) }
}

function faultIn(resolved: object): SettingFault | undefined {
  return 'reason' in resolved ? (resolved as SettingFault) : undefined
}

function serviceNameFaults(serviceName: Setting): SettingFault[] {
  const rule = textFault(serviceName.text, MAX_SERVICE_NAME_BYTES)
  return rule === undefined ? [] : [invalidSetting(faultSentence(serviceName, rule))]
}

function ignoredAnnotations(annotations: AnnotationSources, install: InstallSettings): string[] {
  if (install.allowCollectorAnnotations) return []
  return [COLLECTOR_ADDRESS, COLLECTOR_SERVICE_ACCOUNT].flatMap((name) => {
    const setting = findAnnotation(annotations, name)
    return setting === undefined
      ? []
      : [faultSentence(setting, 'is ignored: this installation does not allow collector annotations')]
  })
}
