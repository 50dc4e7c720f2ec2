import { installSettings } from '../../config/install-settings-of.ts'
import { readSettings } from '../../config/read-settings.ts'
import { propertyOf } from '../../config/setting.ts'
import { settingsOf } from '../../config/settings-of.ts'
import type { InstallSettings } from '../../injection/install-settings.ts'
import type { InstallLayout } from '../../install/layout.ts'
import { parseLinkerdConfig } from '../../kubernetes/linkerd-config.ts'
import type { CheckContext } from './check-context.ts'
import { injectorArguments } from './injector-arguments.ts'

/** Takes the layout, gives the settings that the injectors decide by: what they are told, and what `linkerd-config` says. */
export async function installedSettings(
  { cluster }: Pick<CheckContext, 'cluster'>,
  layout: InstallLayout,
): Promise<InstallSettings> {
  const { namespace, linkerdNamespace } = layout
  const said = await injectorArguments(cluster, namespace)
  const told = settingsOf('inject').map(({ flag }) => [propertyOf(flag), said(flag)] as const)
  const flags = Object.fromEntries(told.filter(([, text]) => text !== undefined))
  // Without its Deployment the injector's arguments are what shows in its objects.
  const { allNamespaces, controlPlane } = layout
  const shown = { allNamespaces, controlPlane, linkerdNamespace, collectorNamespace: namespace }
  const { values } = readSettings({ command: 'inject', flags: { ...shown, ...flags }, env: {} })
  const place = { root: '/api/v1', plural: 'configmaps', namespace: linkerdNamespace }
  return installSettings(values, parseLinkerdConfig(await cluster.get(place, 'linkerd-config')).facts)
}
