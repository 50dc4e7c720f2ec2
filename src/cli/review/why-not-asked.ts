import { resolveSettings } from '../../config/resolve-settings.ts'
import { decideInjection } from '../../injection/decide-injection.ts'
import type { JsonObject } from '../../injection/json.ts'
import { INJECT } from '../../injection/metadata-names.ts'
import { SKIP_REASONS } from '../../injection/skip-reason.ts'
import type { InstallLayout } from '../../install/layout.ts'
import { reduceNamespace } from '../../kubernetes/namespace-meta.ts'
import { NAMESPACES } from '../check/check-context.ts'
import { findLayout, NOT_INSTALLED } from '../check/installed-layout.ts'
import type { ReviewContext, Reviewed } from './reviewed.ts'

/** What the selectors of the webhook configurations keep from us; the words are those of our own decision. */
const NEVER_ASKED = ['static-pod', 'system-namespace', 'not-opted-in', 'not-meshed'] as const

/**
 * Takes a Pod that was created as a dry run and on which we said nothing, gives why: the API server does not ask about it,
 * or there was no answer. By the same rules, with the settings that show in the cluster.
 */
export async function whyNotAsked(
  pod: JsonObject,
  context: ReviewContext,
): Promise<Pick<Reviewed, 'decision' | 'error'>> {
  try {
    const layout = await findLayout(context)
    if (layout === undefined) return failed(NOT_INSTALLED)
    const reason = await reasonFor(pod, layout, context)
    if (reason === undefined) return failed(NO_ANSWER)
    const optIn = reason === 'not-opted-in' ? `; kubectl label namespace NAME ${INJECT}=enabled opts it in` : ''
    return { decision: `skipped (${reason}): ${SKIP_REASONS[reason]}${optIn}` }
  } catch (error) {
    return failed(`linkerd-tracing said nothing, and why cannot be told: ${(error as Error).message}`)
  }
}

const NO_ANSWER =
  'linkerd-tracing gave no answer, and the API server goes on without: linkerd-tracing check says what is broken'

function failed(sentence: string): Pick<Reviewed, 'decision' | 'error'> {
  return { decision: sentence, error: sentence }
}

async function reasonFor(pod: JsonObject, layout: InstallLayout, { cluster }: ReviewContext) {
  const { namespace: name = '' } = pod['metadata'] as { namespace?: string }
  const namespace = await cluster.get(NAMESPACES, name)
  const decision = decideInjection({
    request: {
      uid: '',
      kind: { group: '', version: 'v1', kind: 'Pod' },
      resource: 'pods',
      subResource: '',
      operation: 'CREATE',
      namespace: name,
      name: '',
      dryRun: true,
      object: { ...pod, apiVersion: 'v1', kind: 'Pod' },
    },
    namespace: namespace && reduceNamespace(namespace),
    settings: settingsOf(layout),
  })
  return decision.outcome === 'skipped' ? NEVER_ASKED.find((reason) => reason === decision.reason) : undefined
}

function settingsOf({ namespace, linkerdNamespace, allNamespaces, controlPlane }: InstallLayout) {
  const flags = {
    collectorNamespace: namespace,
    linkerdNamespace,
    allNamespaces: String(allNamespaces),
    controlPlane: String(controlPlane),
  }
  return resolveSettings({ command: 'inject', flags, env: {} }).install
}
