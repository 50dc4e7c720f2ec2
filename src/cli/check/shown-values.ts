import { type JsonObject, listOf, objectOf } from '../../injection/json.ts'
import type { InstallLayout } from '../../install/layout.ts'
import { JAEGER } from '../../install/object-names.ts'
import { defaultValues } from '../../install/values/read-values.ts'
import type { InstallValues } from '../../install/values/values-schema.ts'
import type { CheckContext } from './check-context.ts'
import { readComponent, templateContainer } from './component-state.ts'

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
  return {
    ...defaults,
    ...layout,
    bridge: {
      ...defaults.bridge,
      enabled: collector !== undefined && templateContainer(collector.deployment, 'bridge') !== undefined,
    },
    collector: { ...defaults.collector, replicas: replicasOf(collector?.deployment) },
    jaeger: {
      ...defaults.jaeger,
      ...(jaeger === undefined && { storage: 'none' }),
      uiClients: await uiClients(context, namespace),
    },
  }
}

/** Takes a Deployment, gives how many Pods it is to have. Pure. */
export function replicasOf(deployment: JsonObject | undefined): number {
  const replicas = objectOf(deployment, 'spec')?.['replicas']
  return typeof replicas === 'number' ? replicas : 1
}

/** Who may read Jaeger's page is the user's choice: as it is, it is right. */
async function uiClients({ cluster }: CheckContext, namespace: string): Promise<InstallValues['jaeger']['uiClients']> {
  const place = { root: '/apis/policy.linkerd.io/v1beta1', plural: 'serverauthorizations', namespace }
  const found = await cluster.get(place, `${JAEGER}-ui`)
  const accounts = listOf(objectOf(objectOf(objectOf(found, 'spec'), 'client'), 'meshTLS'), 'serviceAccounts')
  return accounts as InstallValues['jaeger']['uiClients']
}
