import type { Collection } from '../../kubernetes/cluster-view.ts'
import { type Check, type CheckCategory, success, warning } from './check.ts'
import { type CheckContext, CLUSTER_ROLE_BINDINGS, CLUSTER_ROLES, CONFIGURATIONS, NAMESPACES } from './check-context.ts'
import { nameOf } from './entries.ts'

/** The webhook configuration of linkerd-jaeger. */
export const INJECTOR_CONFIGURATION = 'linkerd-jaeger-injector-webhook-config'
const LABEL = 'linkerd.io/extension=jaeger'

/** What Linkerd's former extension may have left: deleting its Namespace leaves what belongs to the whole cluster. */
export const LINKERD_JAEGER: CheckCategory<CheckContext> = {
  name: 'pre-linkerd-jaeger',
  checks: [
    {
      description: 'the webhook of linkerd-jaeger is gone',
      hint: 'the-webhook-of-linkerd-jaeger-is-gone',
      run: async ({ cluster }) => {
        const found = await cluster.get(CONFIGURATIONS, INJECTOR_CONFIGURATION)
        if (found === undefined) return success()
        return warning(
          `${INJECTOR_CONFIGURATION} would write trace settings beside ours\nkubectl delete mutatingwebhookconfiguration ${INJECTOR_CONFIGURATION}`,
        )
      },
    },
    noneLeft('Namespaces', NAMESPACES),
    noneLeft('ClusterRoles', CLUSTER_ROLES),
    noneLeft('ClusterRoleBindings', CLUSTER_ROLE_BINDINGS),
  ],
}

function noneLeft(kinds: string, collection: Collection): Check<CheckContext> {
  return {
    description: `no ${kinds} of linkerd-jaeger are left`,
    hint: 'nothing-of-linkerd-jaeger-is-left',
    run: async ({ cluster }) => {
      const names = ((await cluster.list(collection, LABEL)) ?? []).map(nameOf)
      if (names.length === 0) return success()
      return warning(`there are: ${names.join(', ')}\nkubectl delete ${collection.plural} -l ${LABEL}`)
    },
  }
}
