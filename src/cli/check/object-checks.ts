import { textOf } from '../../injection/json.ts'
import { injectorManifests } from '../../install/injector-manifests.ts'
import { INJECTOR, MARK_CONFIGURATION, TRACE_CONFIGURATION } from '../../install/object-names.ts'
import { type Check, type CheckOutcome, failure, failureUnlessEmpty } from './check.ts'
import { type CheckContext, CONFIGURATIONS } from './check-context.ts'
import { entriesOf } from './entries.ts'
import { leadsToService, portProblem } from './injector-service.ts'
import { demandLayout } from './installed-layout.ts'
import { APPLY_AGAIN, problemsOf } from './wanted-objects.ts'

const RIGHTS = ['ServiceAccount', 'ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding']
const POLICY = ['ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding']

/** What the injector needs besides its webhook configurations. */
export const OBJECT_CHECKS: readonly Check<CheckContext>[] = [
  {
    description: 'webhook entries lead to a Service that is there',
    hint: 'webhook-entries-lead-to-a-service-that-is-there',
    run: async (context) => {
      const { namespace } = await demandLayout(context)
      const service = await context.cluster.get({ root: '/api/v1', plural: 'services', namespace }, INJECTOR)
      if (service === undefined) return failure(`Service ${namespace}/${INJECTOR} is missing; ${APPLY_AGAIN}`)
      const own = [MARK_CONFIGURATION, TRACE_CONFIGURATION]
      const live = await Promise.all(own.map((name) => context.cluster.get(CONFIGURATIONS, name)))
      const entries = live.flatMap(entriesOf).filter((entry) => leadsToService(entry, INJECTOR))
      return failureUnlessEmpty(entries.flatMap((entry) => portProblem(entry, service)))
    },
  },
  {
    description: 'the injector has its rights',
    hint: 'the-injector-has-its-rights',
    run: (context) => compareObjects(context, RIGHTS),
  },
  {
    description: 'the policy that limits the injector is in place',
    hint: 'the-policy-that-limits-the-injector-is-in-place',
    run: (context) => compareObjects(context, POLICY),
  },
]

async function compareObjects(context: CheckContext, kinds: readonly string[]): Promise<CheckOutcome> {
  const manifests = injectorManifests(await demandLayout(context))
  const wanted = manifests.filter((one) => kinds.includes(textOf(one, 'kind') ?? ''))
  const problems = await problemsOf(context.cluster, wanted)
  return failureUnlessEmpty(problems.length === 0 ? [] : [...problems, APPLY_AGAIN])
}
