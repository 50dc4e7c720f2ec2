import { isJsonObject, listOf, textOf } from '../../injection/json.ts'
import { TRACE_VARIABLES } from '../../injection/trace-variables.ts'
import type { InstallLayout } from '../../install/layout.ts'
import type { CheckContext } from '../check/check-context.ts'
import { nameOf } from '../check/entries.ts'
import { proxyOfPod } from '../check/live-pod.ts'
import { findSpans } from '../traces/jaeger-query.ts'
import { reachJaeger } from '../traces/reach-pod.ts'
import type { ExplainFacts, SpanFacts } from './facts.ts'
import { verdictOf } from './proxy-links.ts'

const HOUR_MS = 3_600_000

interface Place extends Pick<ExplainFacts, 'pod'> {
  readonly layout: InstallLayout | undefined
}

/** Takes a Pod, asks Jaeger for spans of its proxy in the last hour. */
export async function gatherSpans(context: CheckContext, { pod, layout }: Place): Promise<SpanFacts> {
  if (verdictOf({ pod })?.kind !== 'accepted') return { kind: 'unchecked', because: 'the proxy sends no spans' }
  if (layout === undefined && context.asked.jaegerUrl === undefined) return { kind: 'unchecked', because: NO_JAEGER }
  const service = serviceOf(pod)
  try {
    const jaeger = await reachJaeger(context, layout?.namespace ?? '')
    try {
      const query = { service, since: new Date(context.now.getTime() - HOUR_MS), until: context.now }
      const own = await findSpans(jaeger.url, { ...query, pod: nameOf(pod) })
      return { kind: 'asked', service, own, all: own.spans > 0 ? own : await findSpans(jaeger.url, query) }
    } finally {
      await jaeger.close()
    }
  } catch (error) {
    return { kind: 'unchecked', because: (error as Error).message }
  }
}

const NO_JAEGER = 'no installation was found that could have a Jaeger; --jaeger-url says where one is'

/** As the proxy is told; older ones know no other name than their own. */
function serviceOf(pod: ExplainFacts['pod']): string {
  const entries = listOf(proxyOfPod(pod)?.container, 'env').filter(isJsonObject)
  const entry = entries.findLast((one) => textOf(one, 'name') === TRACE_VARIABLES.serviceName)
  return textOf(entry, 'value')?.replaceAll('$$', '$') ?? 'linkerd-proxy'
}
