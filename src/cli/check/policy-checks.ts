import { COLLECTOR_PORTS } from '../../install/collector/collector-settings.ts'
import { linkerdPolicies, POLICY_GROUP } from '../../install/objects/linkerd-policy.ts'
import type { PodAnswer } from '../../kubernetes/cluster-view.ts'
import {
  type CheckCategory,
  type CheckOutcome,
  failure,
  failureUnlessEmpty,
  omitted,
  success,
  unchecked,
  warning,
} from './check.ts'
import type { CheckContext } from './check-context.ts'
import { readComponent } from './component-state.ts'
import { demandLayout } from './installed-layout.ts'
import { podReadiness } from './pod-readiness.ts'
import { shownValues } from './shown-values.ts'
import { APPLY_AGAIN, problemsOf } from './wanted-objects.ts'

/** That spans come by TLS or not at all. */
export const POLICY: CheckCategory<CheckContext> = {
  name: 'linkerd-tracing-policy',
  checks: [
    {
      description: 'Linkerd’s policies for collector and Jaeger are as installed',
      hint: 'linkerds-policies-for-collector-and-jaeger-are-as-installed',
      run: async (context) => {
        const layout = await demandLayout(context)
        if ((await readComponent(context, layout.namespace, 'collector')) === undefined) return omitted()
        if ((await context.cluster.read(`apis/${POLICY_GROUP}/v1beta1`)) === undefined) return warning(NO_KINDS)
        const wanted = linkerdPolicies(await shownValues(context, layout))
        const problems = await problemsOf(context.cluster, wanted)
        const areAllMissing = problems.length === wanted.length && problems.every((one) => one.endsWith(' is missing'))
        if (areAllMissing) return warning(NO_POLICIES)
        return failureUnlessEmpty(problems.length === 0 ? [] : [...problems, APPLY_AGAIN])
      },
    },
    {
      description: 'the collector refuses plaintext',
      hint: 'the-collector-refuses-plaintext',
      run: async (context) => {
        const { namespace } = await demandLayout(context)
        const collector = await readComponent(context, namespace, 'collector')
        if (collector === undefined) return omitted()
        const ready = collector.pods.map(podReadiness).find(({ isReady }) => isReady)
        if (ready === undefined) return unchecked('no Pod of the collector is ready')
        const path = { namespace, pod: ready.name, port: COLLECTOR_PORTS.otlpHttp, path: 'v1/traces' }
        return plaintextOutcome(await context.cluster.postToPod(path, { resourceSpans: [] }))
      },
    },
  ],
}

const NO_KINDS = `the cluster does not have Linkerd’s ${POLICY_GROUP}/v1beta1: the collector takes spans in plaintext`
const NO_POLICIES =
  'none of them is there: the collector takes spans in plaintext; linkerd-tracing install --policy on prints them'

/**
 * Takes the answer to an empty export that the API server has sent in plaintext, from outside of the mesh: Linkerd's proxy
 * refuses with 403 and without a word. A refusal by anybody else has words, and says nothing about the collector. Pure.
 */
export function plaintextOutcome({ status, said }: PodAnswer): CheckOutcome {
  if (status === 403 && said === '') return success()
  if (status === 200)
    return failure('it took an export in plaintext, from outside of the mesh: its proxy or its policy is not in force')
  return unchecked(`the API server could not ask the collector: HTTP ${status}${said === '' ? '' : ` (${said})`}`)
}
