import type { JsonObject } from '../../injection/json.ts'
import { type CheckContext, NAMESPACES } from '../check/check-context.ts'
import { findLayout } from '../check/installed-layout.ts'
import { readInstallation } from '../pod-coverage/read-installation.ts'
import type { ExplainFacts } from './facts.ts'
import { gatherCollector } from './gather-collector.ts'
import { gatherSpans } from './gather-spans.ts'
import { gatherWebhook } from './gather-webhook.ts'

/**
 * Takes a live Pod, gives all that its explanation depends on. What cannot be read is said in its place and is no error; only
 * a cluster that does not answer is.
 */
export async function gatherFacts(context: CheckContext, podNamespace: string, pod: JsonObject): Promise<ExplainFacts> {
  const namespace = await context.cluster.get(NAMESPACES, podNamespace).catch(() => undefined)
  const layout = await findLayout(context).catch(() => undefined)
  // Where nothing is installed, or may be read, Pods are judged by the defaults.
  const { settings: install } = await readInstallation(context)
  const place = { podNamespace, namespace, install, pod }
  return {
    ...place,
    ...(await gatherWebhook(context, place)),
    collector: await gatherCollector(context, place),
    spans: await gatherSpans(context, { ...place, layout }),
  }
}
