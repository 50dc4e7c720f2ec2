import { installSettings } from '../../config/install-settings-of.ts'
import { resolveSettings } from '../../config/resolve-settings.ts'
import { propertyOf } from '../../config/setting.ts'
import { settingsOf } from '../../config/settings-of.ts'
import type { InstallSettings } from '../../injection/install-settings.ts'
import { objectOf } from '../../injection/json.ts'
import { TRACE_CONFIGURATION } from '../../install/object-names.ts'
import type { ClusterView } from '../../kubernetes/cluster-view.ts'
import { type LinkerdFacts, parseLinkerdConfig } from '../../kubernetes/linkerd-config.ts'
import { CONFIGURATIONS } from '../check/check-context.ts'
import { injectorArguments } from '../check/injector-arguments.ts'
import { findLayout } from '../check/installed-layout.ts'
import { timeOf } from './opt-in-time.ts'

/** What Pods of this cluster are decided by. */
export interface Installation {
  readonly isInstalled: boolean
  readonly settings: InstallSettings
  /** When the webhook configuration was made: nothing was traced before. */
  readonly installedAt?: number
  /** What could not be found out, each a sentence. */
  readonly notes: readonly string[]
}

export interface InstallationPlace {
  readonly cluster: ClusterView
  readonly linkerdNamespace: string
}

/** Takes the cluster, gives the installation in it. Where it cannot be read its defaults are taken, and a note says so. */
export async function readInstallation(context: InstallationPlace): Promise<Installation> {
  try {
    return await readInstalled(context)
  } catch (error) {
    const note = `the installation could not be read, so its defaults are assumed: ${(error as Error).message}`
    return { isInstalled: true, settings: settingsBy(defaultFlags(context), {}), notes: [note] }
  }
}

async function readInstalled(context: InstallationPlace): Promise<Installation> {
  const { cluster, linkerdNamespace } = context
  const [layout, configuration, config] = await Promise.all([
    findLayout(context),
    cluster.get(CONFIGURATIONS, TRACE_CONFIGURATION),
    cluster.get({ root: '/api/v1', plural: 'configmaps', namespace: linkerdNamespace }, 'linkerd-config'),
  ])
  const { facts } = parseLinkerdConfig(config)
  if (layout === undefined) {
    const note = 'linkerd-tracing is not installed here: no Pod is traced by it (linkerd-tracing install)'
    return { isInstalled: false, settings: settingsBy(defaultFlags(context), facts), notes: [note] }
  }
  const said = await injectorArguments(cluster, layout.namespace)
  const told = settingsOf('inject').flatMap(({ flag }) => {
    const text = said(flag)
    return text === undefined ? [] : [[propertyOf(flag), text]]
  })
  const flags = {
    ...defaultFlags(context),
    collectorNamespace: layout.namespace,
    allNamespaces: String(layout.allNamespaces),
    controlPlane: String(layout.controlPlane),
    ...Object.fromEntries(told),
  }
  const installedAt = timeOf(objectOf(configuration, 'metadata'), 'creationTimestamp')
  const settings = settingsBy(flags, facts)
  return { isInstalled: true, settings, ...(installedAt !== undefined && { installedAt }), notes: [] }
}

function defaultFlags({ linkerdNamespace }: InstallationPlace): Readonly<Record<string, string>> {
  return { linkerdNamespace }
}

/** By the injector's own rules: flags it could not have started with are told as it would tell them. */
function settingsBy(flags: Readonly<Record<string, string>>, facts: LinkerdFacts): InstallSettings {
  const { values } = resolveSettings({ command: 'inject', flags, env: {} })
  return installSettings(values, facts)
}
