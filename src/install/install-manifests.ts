import { injectorManifests } from './injector-manifests.ts'
import type { InstallLayout } from './layout.ts'
import { COLLECTOR, COLLECTOR_CONFIG, INJECTOR } from './object-names.ts'
import { collectorDeployment } from './objects/collector-deployment.ts'
import { collectorRoles } from './objects/collector-roles.ts'
import { configMap } from './objects/config-map.ts'
import { disruptionBudget } from './objects/disruption.ts'
import { injectorDeployment } from './objects/injector-deployment.ts'
import { jaegerObjects } from './objects/jaeger-deployment.ts'
import { linkerdPolicies } from './objects/linkerd-policy.ts'
import { ownNamespace } from './objects/namespace.ts'
import { networkPolicies } from './objects/network-policies.ts'
import { collectorServices, injectorService } from './objects/services.ts'
import { collectorConfigOf } from './values/collector-config-of.ts'
import type { InstallValues } from './values/values-schema.ts'
import type { Manifest } from './webhook-configurations.ts'

/** Takes the values, gives what the cluster-wide objects depend on. */
export function layoutOf({
  namespace,
  linkerdNamespace,
  allNamespaces,
  controlPlane,
  certs,
}: InstallValues): InstallLayout {
  return { namespace, linkerdNamespace, allNamespaces, controlPlane, certs }
}

/** Values with the question answered whether Linkerd's policy objects can be applied. */
export type DecidedValues = InstallValues & { readonly policy: 'on' | 'off' }

/**
 * Takes the values, gives all objects of an installation, in an order that one `kubectl apply -f -` can take: the Namespace
 * first, what Pods need before the Pods, the webhook configurations last: until then nothing calls a server that may not
 * run yet. Throws LayoutError for what cannot be installed.
 */
export function installManifests(values: DecidedValues): Manifest[] {
  const clusterWide = injectorManifests(layoutOf(values))
  const { namespace } = values
  const objects = [
    ...clusterWide.filter((manifest) => !isConfiguration(manifest)),
    ...collectorRoles(values),
    configMap({
      component: 'collector',
      name: COLLECTOR_CONFIG,
      namespace,
      config: collectorConfigOf(values),
    }),
    injectorService(values),
    ...collectorServices(values),
    ...(values.policy === 'on' ? linkerdPolicies(values) : []),
    ...networkPolicies(values),
    ...jaegerObjects(values),
    collectorDeployment(values),
    disruptionBudget({ component: 'collector', name: COLLECTOR, namespace }),
    injectorDeployment(values),
    disruptionBudget({ component: 'injector', name: INJECTOR, namespace }),
  ]
  return [...ownNamespace(values), ...objects, ...clusterWide.filter(isConfiguration)]
}

function isConfiguration({ kind }: Manifest): boolean {
  return kind === 'MutatingWebhookConfiguration'
}
