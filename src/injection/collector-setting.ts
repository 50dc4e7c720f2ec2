import { type CollectorAddress, parseCollectorAddress } from './collector-address.ts'
import type { InstallSettings, TraceProtocol } from './install-settings.ts'
import { COLLECTOR_ADDRESS } from './metadata-names.ts'
import { invalidSetting, type SettingFault, unsupportedProxy } from './setting-fault.ts'
import { type AnnotationSources, faultSentence, findAnnotation, type Setting } from './setting-sources.ts'

/** The collector address in effect. */
export interface CollectorSetting {
  readonly address: CollectorAddress
  readonly setting: Setting
  /** Whether a Pod or Namespace chose it, rather than the installation. */
  readonly fromAnnotation: boolean
}

export interface CollectorSettingSources {
  readonly annotations: AnnotationSources
  readonly install: InstallSettings
  readonly protocol: TraceProtocol
  readonly clusterDomain: string
}

const PORTS = { opentelemetry: 4317, opencensus: 55678 } as const
const FLAGS = { opentelemetry: '--collector-address', opencensus: '--opencensus-address' } as const

/** Resolves the collector address: the annotation as written, else the installation's address of that protocol. */
export function resolveCollector(sources: CollectorSettingSources): CollectorSetting | SettingFault {
  const { annotations, install, protocol } = sources
  const annotation = install.allowCollectorAnnotations ? findAnnotation(annotations, COLLECTOR_ADDRESS) : undefined
  const setting = annotation ?? { text: installAddress(sources), source: `install setting ${FLAGS[protocol]}` }
  if (annotation === undefined && setting.text === '') {
    return unsupportedProxy(
      `the proxy speaks ${protocol}, and the installation has no address for it (${FLAGS[protocol]})`,
    )
  }
  const address = parseCollectorAddress(setting.text)
  if ('rule' in address) return invalidSetting(faultSentence(setting, address.rule))
  return { address, setting, fromAnnotation: annotation !== undefined }
}

/** The installation's address for a protocol; empty when it has none. */
export function installAddress({
  install,
  protocol,
  clusterDomain,
}: Omit<CollectorSettingSources, 'annotations'>): string {
  const given = protocol === 'opentelemetry' ? install.collectorAddress : install.opencensusAddress
  return given ?? `linkerd-collector.${install.collectorNamespace}.svc.${clusterDomain}:${PORTS[protocol]}`
}
