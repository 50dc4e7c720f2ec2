import { listOf, objectOf } from '../../injection/json.ts'
import type { InstallLayout } from '../../install/layout.ts'
import { COLLECTOR_HEADLESS, JAEGER } from '../../install/object-names.ts'
import { defaultValues } from '../../install/values/read-values.ts'
import type { InstallValues } from '../../install/values/values-schema.ts'
import type { CheckContext } from './check-context.ts'
import { readComponent, templateContainer } from './component-state.ts'
import { injectorArguments } from './injector-arguments.ts'

/**
 * Takes the layout, gives the values of the installation as far as Services and policies depend on them and they show in the
 * cluster. What does not show is as by default.
 */
export async function shownValues(context: CheckContext, layout: InstallLayout): Promise<InstallValues> {
  const { namespace } = layout
  const [collector, jaeger] = await Promise.all([
    readComponent(context, namespace, 'collector'),
    readComponent(context, namespace, 'jaeger'),
  ])
  const defaults = defaultValues()
  // However many Pods there are now: only an injector that sends proxies to it needs the Service for several.
  const address = (await injectorArguments(context.cluster, namespace))('collector-address') ?? ''
  const isHeadless = address.startsWith(`${COLLECTOR_HEADLESS}.`)
  return {
    ...defaults,
    ...layout,
    bridge: {
      ...defaults.bridge,
      enabled: collector !== undefined && templateContainer(collector.deployment, 'bridge') !== undefined,
    },
    collector: { ...defaults.collector, replicas: isHeadless ? 2 : 1 },
    jaeger: {
      ...defaults.jaeger,
      ...(jaeger === undefined && { storage: 'none' }),
      uiClients: await uiClients(context, namespace),
    },
  }
}

/** Who may read Jaeger's page is the user's choice: as it is, it is right. */
async function uiClients({ cluster }: CheckContext, namespace: string): Promise<InstallValues['jaeger']['uiClients']> {
  const place = { root: '/apis/policy.linkerd.io/v1beta1', plural: 'serverauthorizations', namespace }
  const found = await cluster.get(place, `${JAEGER}-ui`)
  const accounts = listOf(objectOf(objectOf(objectOf(found, 'spec'), 'client'), 'meshTLS'), 'serviceAccounts')
  return accounts as InstallValues['jaeger']['uiClients']
}
