import { isOptedIn } from '../../injection/opt-in.ts'
import { ENTRIES } from '../../install/object-names.ts'
import { reduceNamespace } from '../../kubernetes/namespace-meta.ts'
import { BUNDLE_CHECKS } from '../check/bundle-checks.ts'
import type { Check } from '../check/check.ts'
import type { CheckContext } from '../check/check-context.ts'
import { type CheckLine, runChecks } from '../check/run-checks.ts'
import { TRACING_CONFIG } from '../check/tracing-config.ts'
import { tracedOutcome, WEBHOOK_REACHED } from '../check/webhook-reached.ts'
import type { ExplainFacts } from './facts.ts'

type Place = Pick<ExplainFacts, 'podNamespace' | 'namespace' | 'install'>

/** Takes where the Pod is, gives what `check` says of the webhook, and whether a new Pod in its place comes back traced. */
export async function gatherWebhook(
  context: CheckContext,
  place: Place,
): Promise<Pick<ExplainFacts, 'configured' | 'reached'>> {
  const configured = await linesOf(
    context,
    TRACING_CONFIG.checks.filter(({ hint }) => !BESIDE.includes(hint)),
  )
  const trust = BUNDLE_CHECKS.filter(({ hint }) => hint === 'api-servers-trust-the-serving-certificate')
  const reach = WEBHOOK_REACHED.checks.filter(({ hint }) => hint === 'the-api-server-reaches-the-injector')
  return { configured, reached: await linesOf(context, [...trust, ...reach, ...probeOf(place)]) }
}

/** What is wrong with an installation without a Pod being traced the less. */
const BESIDE = ['webhook-entries-fail-open', 'the-policy-that-limits-the-injector-is-in-place']

/** The webhook is not called for a Namespace that is not opted in. */
function probeOf({ podNamespace, namespace, install }: Place): Check<CheckContext>[] {
  const meta = namespace === undefined ? undefined : reduceNamespace(namespace)
  if (!isOptedIn({ podNamespace, namespace: meta, install })) return []
  const entry = podNamespace === install.linkerdNamespace ? ENTRIES.controlPlane : ENTRIES.workloads
  const description = `a new Pod of Namespace ${podNamespace} is traced`
  return [{ description, hint: '', run: (context) => tracedOutcome(context, podNamespace, entry) }]
}

async function linesOf(context: CheckContext, checks: readonly Check<CheckContext>[]): Promise<readonly CheckLine[]> {
  const { categories } = await runChecks({
    categories: [{ name: 'explain', checks }],
    context,
    renew: (same) => same,
    waitMs: 0,
    clock: { now: () => 0, pause: async () => {} },
    onLine: () => {},
    onWaiting: () => {},
  })
  return categories.flatMap(({ lines }) => lines)
}
