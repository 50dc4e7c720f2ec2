import type { JsonObject } from '../../injection/json.ts'
import { type CheckContext, NAMESPACES } from '../check/check-context.ts'
import { findLayout } from '../check/installed-layout.ts'
import { readInstallation } from '../pod-coverage/read-installation.ts'
import type { ExplainFacts } from './facts.ts'
import { gatherCollector } from './gather-collector.ts'
import { gatherSpans } from './gather-spans.ts'
import { gatherWebhook } from './gather-webhook.ts'

/** A Pod to look at, and who is told what is being looked at. */
export interface LookedAt {
  readonly podNamespace: string
  readonly pod: JsonObject
  readonly onStep: (text: string) => void
}

/**
 * Takes a live Pod, gives all that its explanation depends on. What cannot be read is said in its place and is no error; only
 * a cluster that does not answer is.
 */
export async function gatherFacts(
  context: CheckContext,
  { podNamespace, pod, onStep }: LookedAt,
): Promise<ExplainFacts> {
  onStep('reading the installation')
  const namespace = await context.cluster.get(NAMESPACES, podNamespace).catch(() => undefined)
  const layout = await findLayout(context).catch(() => undefined)
  // Where nothing is installed, or may be read, Pods are judged by the defaults.
  const { settings: install } = await readInstallation(context)
  const place = { podNamespace, namespace, install, pod }
  onStep('asking the webhook by way of the API server')
  const webhook = await gatherWebhook(context, place)
  onStep('looking at the collector')
  const collector = await gatherCollector(context, place)
  onStep('asking Jaeger')
  return { ...place, ...webhook, collector, spans: await gatherSpans(context, { ...place, layout }) }
}
