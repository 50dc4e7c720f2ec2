import { type AddressFault, type CollectorAddress, parseCollectorAddress } from './collector-address.ts'
import { installAddress } from './collector-setting.ts'
import { DNS_NAME_RULE, isKubernetesLabel, isProxyDnsName } from './dns-name.ts'
import { type InstallSettings, TRACE_PROTOCOLS, type TraceProtocol } from './install-settings.ts'
import {
  meshIdentity,
  NAMESPACE_OF_HOST_RULE,
  namespaceOfHost,
  parseServiceAccount,
  SERVICE_ACCOUNT_RULE,
} from './mesh-identity.ts'
import { isTraceProtocol, PROTOCOL_RULE } from './protocol.ts'
import { MAX_SERVICE_NAME_BYTES, textFault } from './text-limits.ts'

/** An installation's setting that no Pod could be traced with. */
export interface SettingMistake {
  readonly setting: keyof InstallSettings
  readonly value: string
  /** The rule that the value breaks, as the end of a sentence. */
  readonly rule: string
}

const NAMESPACE_RULE = 'must be the name of a Namespace: at most 63 lower-case letters, digits and "-"'

/** Finds all mistakes in an installation's settings, by the rules that hold for a Pod's own. */
export function validateInstallSettings(settings: InstallSettings): SettingMistake[] {
  return withoutRepeats(allMistakes(settings))
}

/** The two default addresses are made of the same settings, and have the same to say of them. */
function withoutRepeats(mistakes: readonly SettingMistake[]): SettingMistake[] {
  return [...new Map(mistakes.map((each) => [`${each.setting} ${each.rule}`, each])).values()]
}

function allMistakes(settings: InstallSettings): SettingMistake[] {
  const { linkerdNamespace, collectorNamespace, trustDomain, clusterDomain, protocol } = settings
  return [
    ...mistake('linkerdNamespace', linkerdNamespace, isKubernetesLabel(linkerdNamespace) ? undefined : NAMESPACE_RULE),
    ...mistake(
      'collectorNamespace',
      collectorNamespace,
      isKubernetesLabel(collectorNamespace) ? undefined : NAMESPACE_RULE,
    ),
    ...mistake('trustDomain', trustDomain, isProxyDnsName(trustDomain) ? undefined : DNS_NAME_RULE),
    ...mistake('clusterDomain', clusterDomain, isProxyDnsName(clusterDomain) ? undefined : DNS_NAME_RULE),
    ...mistake('protocol', protocol, isTraceProtocol(protocol) ? undefined : PROTOCOL_RULE),
    ...serviceNameMistakes(settings),
    ...serviceAccountMistakes(settings),
    ...TRACE_PROTOCOLS.flatMap((each) => collectorMistakes(settings, each)),
  ]
}

function mistake(setting: keyof InstallSettings, value: string, rule: string | undefined): SettingMistake[] {
  return rule === undefined ? [] : [{ setting, value, rule }]
}

function serviceNameMistakes({ serviceName }: InstallSettings): SettingMistake[] {
  if (serviceName === undefined) return []
  return mistake('serviceName', serviceName, textFault(serviceName, MAX_SERVICE_NAME_BYTES))
}

function serviceAccountMistakes({ collectorServiceAccount }: InstallSettings): SettingMistake[] {
  const isValid = parseServiceAccount(collectorServiceAccount) !== undefined
  return mistake('collectorServiceAccount', collectorServiceAccount, isValid ? undefined : SERVICE_ACCOUNT_RULE)
}

function collectorMistakes(settings: InstallSettings, protocol: TraceProtocol): SettingMistake[] {
  const setting = protocol === 'opentelemetry' ? 'collectorAddress' : 'opencensusAddress'
  const { clusterDomain } = settings
  const value = installAddress({ install: settings, protocol, clusterDomain })
  if (value === '' && protocol === 'opencensus') return []
  const address = parseCollectorAddress(value)
  // a default address is made of other settings: one of those is to blame, unless it has been told already
  if (settings[setting] === undefined) return defaultMistakes(settings, address)
  return mistake(setting, value, 'rule' in address ? address.rule : identityFault(settings, address))
}

function defaultMistakes(settings: InstallSettings, address: CollectorAddress | AddressFault): SettingMistake[] {
  const { clusterDomain, trustDomain, collectorNamespace, linkerdNamespace } = settings
  const areDomains = isProxyDnsName(clusterDomain) && isProxyDnsName(trustDomain)
  if (!areDomains || !isKubernetesLabel(collectorNamespace) || !isKubernetesLabel(linkerdNamespace)) return []
  if ('rule' in address)
    return mistake('clusterDomain', clusterDomain, 'leads to a collector address above 253 characters')
  return mistake('trustDomain', trustDomain, identityFault(settings, address))
}

/** Whether an identity can be made of address and ServiceAccount; a host of one label lies in each Pod's own namespace. */
function identityFault(settings: InstallSettings, address: CollectorAddress): string | undefined {
  const account = parseServiceAccount(settings.collectorServiceAccount)
  if (address.loopback || account === undefined) return undefined
  const place = { podNamespace: settings.collectorNamespace, clusterDomain: settings.clusterDomain }
  const namespace = account.namespace ?? namespaceOfHost(address, place)
  if (namespace === undefined) return NAMESPACE_OF_HOST_RULE
  const { linkerdNamespace: controlPlaneNamespace, trustDomain } = settings
  const name = meshIdentity({ serviceAccount: account.name, namespace, controlPlaneNamespace, trustDomain })
  return isProxyDnsName(name)
    ? undefined
    : `leads to a mesh identity of ${name.length} characters, which ${DNS_NAME_RULE}`
}
