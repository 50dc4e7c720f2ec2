import { installSettings } from '../../config/install-settings-of.ts'
import { readSettings } from '../../config/read-settings.ts'
import type { InstallSettings } from '../../injection/install-settings.ts'
import type { JsonObject } from '../../injection/json.ts'
import type { InstallLayout } from '../../install/layout.ts'
import { type CheckContext, NAMESPACES } from '../check/check-context.ts'
import { findLayout } from '../check/installed-layout.ts'
import { installedSettings } from '../check/installed-settings.ts'
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
  const install = await settingsOf(context, layout)
  const place = { podNamespace, namespace, install, pod }
  return {
    ...place,
    ...(await gatherWebhook(context, place)),
    collector: await gatherCollector(context, place),
    spans: await gatherSpans(context, { ...place, layout }),
  }
}

/** Where nothing is installed, or may be read, Pods are judged by the defaults. */
async function settingsOf(context: CheckContext, layout: InstallLayout | undefined): Promise<InstallSettings> {
  const { linkerdNamespace } = context
  const { values } = readSettings({ command: 'inject', flags: { linkerdNamespace }, env: {} })
  if (layout === undefined) return installSettings(values)
  return installedSettings(context, layout).catch(() => installSettings(values))
}
