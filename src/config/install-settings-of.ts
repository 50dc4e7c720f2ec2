import type { InstallSettings } from '../injection/install-settings.ts'
import { validateInstallSettings } from '../injection/validate-install-settings.ts'
import { variableOf } from './setting.ts'
import type { SettingMistake } from './setting-mistake.ts'
import type { InjectionSettingValues } from './setting-values.ts'

/** What Linkerd's ConfigMap `linkerd-config` says, where it is known. */
export interface DiscoveredFacts {
  readonly trustDomain?: string
  readonly clusterDomain?: string
  readonly linkerdVersion?: string
}

/**
 * Takes the values of the flags and what `linkerd-config` says, gives the install settings with every fact resolved:
 * flag over `linkerd-config` over default; without either the trust domain is the cluster domain, as
 * it is in Linkerd's chart. The collector's addresses stay absent: their default depends on the Pod.
 */
export function installSettings(values: InjectionSettingValues, discovered: DiscoveredFacts = {}): InstallSettings {
  const clusterDomain = values.clusterDomain ?? discovered.clusterDomain ?? 'cluster.local'
  return {
    ...(values.collectorAddress === undefined ? {} : { collectorAddress: values.collectorAddress }),
    ...(values.opencensusAddress === undefined ? {} : { opencensusAddress: values.opencensusAddress }),
    // An empty name counts as absent, as it does in annotations.
    ...(values.serviceName ? { serviceName: values.serviceName } : {}),
    ...(discovered.linkerdVersion === undefined ? {} : { linkerdVersion: discovered.linkerdVersion }),
    collectorServiceAccount: values.collectorServiceAccount,
    collectorNamespace: values.collectorNamespace,
    allNamespaces: values.allNamespaces,
    controlPlane: values.controlPlane,
    allowCollectorAnnotations: values.allowCollectorAnnotations,
    linkerdNamespace: values.linkerdNamespace,
    trustDomain: values.trustDomain ?? discovered.trustDomain ?? clusterDomain,
    clusterDomain,
    protocol: values.protocol,
  }
}

/**
 * Takes install settings and where each value came from (by flag), gives what the injection's own rules say against
 * them, as mistakes of flags.
 */
export function installSettingMistakes(
  settings: InstallSettings,
  sources: Readonly<Record<string, SettingMistake['source']>>,
): SettingMistake[] {
  const mistakes = validateInstallSettings(settings).filter(({ setting }) => {
    // A trust domain that was taken over from the cluster domain is the same mistake, told once.
    const isTakenOver = sources['trust-domain'] === 'default' && settings.trustDomain === settings.clusterDomain
    return setting !== 'trustDomain' || !isTakenOver
  })
  return mistakes.map(({ setting, value, rule }) => {
    const flag = setting.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    return { flag, variable: variableOf(flag), source: sources[flag] ?? 'default', value, rule }
  })
}
