import type { Right } from '../../kubernetes/cluster-view.ts'
import { type Check, type CheckCategory, failureUnlessEmpty } from './check.ts'
import type { CheckContext } from './check-context.ts'

interface InstalledKind {
  readonly kind: string
  readonly group: string
  readonly resource: string
  /** Where; nowhere for what belongs to the whole cluster. */
  readonly places?: readonly ('own' | 'linkerd')[]
}

const RBAC = 'rbac.authorization.k8s.io'
const ADMISSION = 'admissionregistration.k8s.io'
const OWN = ['own'] as const

/** What an installation creates in any layout, in the order in which it is applied. */
export const INSTALLED_KINDS: readonly InstalledKind[] = [
  { kind: 'Namespace', group: '', resource: 'namespaces' },
  { kind: 'ServiceAccount', group: '', resource: 'serviceaccounts', places: OWN },
  { kind: 'ClusterRole', group: RBAC, resource: 'clusterroles' },
  { kind: 'ClusterRoleBinding', group: RBAC, resource: 'clusterrolebindings' },
  { kind: 'Role', group: RBAC, resource: 'roles', places: ['own', 'linkerd'] },
  { kind: 'RoleBinding', group: RBAC, resource: 'rolebindings', places: ['own', 'linkerd'] },
  { kind: 'Secret', group: '', resource: 'secrets', places: OWN },
  { kind: 'ConfigMap', group: '', resource: 'configmaps', places: OWN },
  { kind: 'Service', group: '', resource: 'services', places: OWN },
  { kind: 'Deployment', group: 'apps', resource: 'deployments', places: OWN },
  { kind: 'PodDisruptionBudget', group: 'policy', resource: 'poddisruptionbudgets', places: OWN },
  { kind: 'NetworkPolicy', group: 'networking.k8s.io', resource: 'networkpolicies', places: OWN },
  { kind: 'ValidatingAdmissionPolicy', group: ADMISSION, resource: 'validatingadmissionpolicies' },
  { kind: 'ValidatingAdmissionPolicyBinding', group: ADMISSION, resource: 'validatingadmissionpolicybindings' },
  { kind: 'MutatingWebhookConfiguration', group: ADMISSION, resource: 'mutatingwebhookconfigurations' },
]

/** Where nothing is installed, it will be here, unless told otherwise. */
const OWN_NAMESPACE = 'linkerd-tracing'

/** Whether whoever asks may install. */
export const PRE_INSTALL: CheckCategory<CheckContext> = {
  name: 'pre-kubernetes-setup',
  checks: INSTALLED_KINDS.map(mayCreate),
}

function mayCreate(installed: InstalledKind): Check<CheckContext> {
  const { kind } = installed
  return {
    description: `can create ${kind.endsWith('y') ? `${kind.slice(0, -1)}ies` : `${kind}s`}`,
    hint: 'can-create-kubernetes-resources',
    run: async ({ cluster, linkerdNamespace }) => {
      const rights = rightsOf(installed, linkerdNamespace)
      const answers = await Promise.all(
        rights.map(async (right) => ((await cluster.may(right)) ? [] : [missing(right)])),
      )
      return failureUnlessEmpty(answers.flat())
    },
  }
}

function rightsOf({ group, resource, places }: InstalledKind, linkerdNamespace: string): Right[] {
  const right = { verb: 'create', group, resource }
  const namespaces = { own: OWN_NAMESPACE, linkerd: linkerdNamespace }
  return places === undefined ? [right] : places.map((place) => ({ ...right, namespace: namespaces[place] }))
}

function missing({ verb, group, resource, namespace }: Right): string {
  const where = namespace === undefined ? '' : ` in namespace ${namespace}`
  return `the right to ${verb} ${resource}${group === '' ? '' : `.${group}`}${where} is missing`
}
