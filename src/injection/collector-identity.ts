import type { CollectorSetting } from './collector-setting.ts'
import { isProxyDnsName } from './dns-name.ts'
import type { InstallSettings } from './install-settings.ts'
import {
  meshIdentity,
  NAMESPACE_OF_HOST_RULE,
  namespaceOfHost,
  parseServiceAccount,
  SERVICE_ACCOUNT_RULE,
  type ServiceAccountName,
} from './mesh-identity.ts'
import { COLLECTOR_SERVICE_ACCOUNT } from './metadata-names.ts'
import { invalidSetting, type SettingFault } from './setting-fault.ts'
import { type AnnotationSources, faultSentence, findAnnotation, type Setting } from './setting-sources.ts'

/** Whose certificate the proxy demands of the collector. */
export interface CollectorIdentity {
  readonly name: string
  readonly serviceAccount: string
  readonly namespace: string
}

/** The ServiceAccount in effect. */
export interface ServiceAccountSetting {
  readonly account: ServiceAccountName
  readonly setting: Setting
  /** Whether a Pod or Namespace chose it, rather than the installation. */
  readonly fromAnnotation: boolean
}

/** Resolves the collector's ServiceAccount: the annotation where the installation allows it, else the installation's. */
export function resolveServiceAccount(
  annotations: AnnotationSources,
  install: InstallSettings,
): ServiceAccountSetting | SettingFault {
  const annotation = install.allowCollectorAnnotations
    ? findAnnotation(annotations, COLLECTOR_SERVICE_ACCOUNT)
    : undefined
  const setting = annotation ?? {
    text: install.collectorServiceAccount,
    source: 'install setting --collector-service-account',
  }
  const account = parseServiceAccount(setting.text)
  if (account === undefined) return invalidSetting(faultSentence(setting, SERVICE_ACCOUNT_RULE))
  return { account, setting, fromAnnotation: annotation !== undefined }
}

export interface CollectorIdentitySources {
  readonly serviceAccount: ServiceAccountSetting
  readonly collector: CollectorSetting
  readonly podNamespace: string
  readonly clusterDomain: string
  readonly controlPlaneNamespace: string
  readonly trustDomain: string
}

/**
 * Resolves the collector's mesh identity.
 * @returns undefined beside a loopback address, which is reached without TLS
 */
export function resolveIdentity(sources: CollectorIdentitySources): CollectorIdentity | undefined | SettingFault {
  const { collector, serviceAccount } = sources
  if (collector.address.loopback) return undefined
  const { account, setting } = serviceAccount
  // the installation's namespace belongs to the installation's address, not to one that a Pod names
  const own = collector.fromAnnotation && !serviceAccount.fromAnnotation ? undefined : account.namespace
  const namespace = own ?? namespaceOfHost(collector.address, sources)
  if (namespace === undefined) return invalidSetting(faultSentence(collector.setting, NAMESPACE_OF_HOST_RULE))
  const name = meshIdentity({ ...sources, serviceAccount: account.name, namespace })
  // every part has been checked, so that only their sum can be wrong
  if (!isProxyDnsName(name)) {
    const rule = `and ${collector.setting.source} make a mesh identity of ${name.length} characters, above the limit of 253`
    return invalidSetting(faultSentence(setting, rule))
  }
  return { name, serviceAccount: account.name, namespace }
}
