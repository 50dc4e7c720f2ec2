import type { CollectorSetting } from './collector-setting.ts'
import { isProxyDnsName } from './dns-name.ts'
import type { InstallSettings } from './install-settings.ts'
import {
  meshIdentity,
  NAMESPACE_OF_HOST_RULE,
  namespaceOfHost,
  parseServiceAccount,
  SERVICE_ACCOUNT_RULE,
} from './mesh-identity.ts'
import { COLLECTOR_SERVICE_ACCOUNT } from './metadata-names.ts'
import { invalidSetting, type SettingFault } from './setting-fault.ts'
import { type AnnotationSources, faultSentence, findAnnotation } from './setting-sources.ts'

/** Whose certificate the proxy demands of the collector. */
export interface CollectorIdentity {
  readonly name: string
  readonly serviceAccount: string
  readonly namespace: string
}

export interface CollectorIdentitySources {
  readonly annotations: AnnotationSources
  readonly install: InstallSettings
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
  const { annotations, install, collector } = sources
  const annotation = install.allowCollectorAnnotations
    ? findAnnotation(annotations, COLLECTOR_SERVICE_ACCOUNT)
    : undefined
  const setting = annotation ?? {
    text: install.collectorServiceAccount,
    source: 'install setting --collector-service-account',
  }
  const account = parseServiceAccount(setting.text)
  if (account === undefined) return invalidSetting(faultSentence(setting, SERVICE_ACCOUNT_RULE))
  if (collector.address.loopback) return undefined
  // the installation's namespace belongs to the installation's address, not to one that a Pod names
  const own = annotation === undefined && collector.fromAnnotation ? undefined : account.namespace
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
