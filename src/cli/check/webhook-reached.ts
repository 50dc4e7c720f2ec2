import { objectOf, textOf } from '../../injection/json.ts'
import { INJECT } from '../../injection/metadata-names.ts'
import { SYSTEM_NAMESPACES } from '../../injection/own-places.ts'
import { type InstallLayout, isSeedLayout } from '../../install/layout.ts'
import { ENTRIES, MARK_CONFIGURATION, TRACE_CONFIGURATION } from '../../install/object-names.ts'
import { parseLinkerdConfig } from '../../kubernetes/linkerd-config.ts'
import { type CheckCategory, type CheckOutcome, failureForNow, omitted, success, unchecked, warning } from './check.ts'
import { type CheckContext, NAMESPACES } from './check-context.ts'
import { sendProbe, whyNoAnswer } from './dry-run.ts'
import { nameOf } from './entries.ts'
import { demandLayout } from './installed-layout.ts'
import { collectorProbe, meshedProbe } from './probe-pod.ts'

/**
 * Whether the API server gets an answer. Only a Pod can show it: the webhook fails open, so that nobody complains. It is
 * sent as a dry run, which keeps nothing.
 */
export const WEBHOOK_REACHED: CheckCategory<CheckContext> = {
  name: 'linkerd-tracing-webhook',
  checks: [
    {
      description: 'the API server reaches the injector',
      hint: 'the-api-server-reaches-the-injector',
      run: async (context) => {
        // Our own namespace is always there, and what the collector's Pods get may be asked at any time.
        const { namespace } = await demandLayout(context)
        const { summary } = await sendProbe(context, namespace, collectorProbe(namespace))
        if (summary !== undefined) return success()
        const called = { namespace, configuration: MARK_CONFIGURATION, entry: ENTRIES.mark } as const
        return failureForNow(`${NO_ANSWER}\n${await whyNoAnswer(context, called)}`)
      },
    },
    {
      description: 'collector Pods get Linkerd’s proxy',
      hint: 'collector-pods-get-linkerds-proxy',
      run: async (context) => {
        const { namespace } = await demandLayout(context)
        const { summary, hasProxy } = await sendProbe(context, namespace, collectorProbe(namespace))
        if (hasProxy) return success()
        if (summary === undefined) return unchecked('the injector did not answer')
        return failureForNow(`${summary}, and it added none: do its injector’s Pods run? linkerd check tells`)
      },
    },
    {
      description: 'Pods of the control plane are traced',
      hint: 'pods-of-the-control-plane-are-traced',
      run: async (context) => {
        const { controlPlane } = await demandLayout(context)
        const { cluster, linkerdNamespace } = context
        const namespace = await cluster.get(NAMESPACES, linkerdNamespace)
        if (!controlPlane || injectLabel(namespace) === 'disabled') return omitted()
        if (namespace === undefined)
          return unchecked(`Namespace ${linkerdNamespace} is not there: -L names that of Linkerd`)
        return tracedOutcome(context, linkerdNamespace, ENTRIES.controlPlane)
      },
    },
    {
      description: 'Pods of opted-in Namespaces are traced',
      hint: 'pods-of-opted-in-namespaces-are-traced',
      run: async (context) => {
        const namespace = await findOptedIn(context, await demandLayout(context))
        return namespace === undefined ? unchecked(NOBODY) : tracedOutcome(context, namespace, ENTRIES.workloads)
      },
    },
  ],
}

const NO_ANSWER = 'a Pod came through unchanged: the API server got no answer from the injector, and goes on without'
const NOBODY = `no Namespace is opted in yet: kubectl label namespace NAME ${INJECT}=enabled`

/** Takes a Namespace and the entry that is called for it, gives whether a Pod that is sent there as a dry run comes back traced. */
export async function tracedOutcome(context: CheckContext, probed: string, entry: string): Promise<CheckOutcome> {
  const { cluster, linkerdNamespace } = context
  const config = await cluster.get(
    { root: '/api/v1', plural: 'configmaps', namespace: linkerdNamespace },
    'linkerd-config',
  )
  const pod = meshedProbe(probed, linkerdNamespace, parseLinkerdConfig(config).facts)
  const { summary, isTraced } = await sendProbe(context, probed, pod)
  if (isTraced && summary !== undefined) return success(`in ${probed}`)
  if (summary !== undefined) return warning(`a Pod of Namespace ${probed} is ${summary}`)
  const { namespace } = await demandLayout(context)
  const why = await whyNoAnswer(context, { namespace, configuration: TRACE_CONFIGURATION, entry })
  return failureForNow(`Namespace ${probed}: ${NO_ANSWER}\n${why}`)
}

/** The first by name, so that the same one is asked again; with all of them in, our own. */
async function findOptedIn(
  { cluster, linkerdNamespace }: CheckContext,
  layout: InstallLayout,
): Promise<string | undefined> {
  const labels = layout.allNamespaces ? undefined : `${INJECT}=enabled`
  const found = ((await cluster.list(NAMESPACES, labels)) ?? [])
    .filter((namespace) => injectLabel(namespace) !== 'disabled')
    .filter((namespace) => textOf(objectOf(namespace, 'status'), 'phase') !== 'Terminating')
    .map(nameOf)
    .filter((name) => name !== linkerdNamespace && !SYSTEM_NAMESPACES.includes(name))
    .sort()
  return !isSeedLayout(layout) && found.includes(layout.namespace) ? layout.namespace : found[0]
}

function injectLabel(namespace: Parameters<typeof nameOf>[0]): string | undefined {
  return textOf(objectOf(objectOf(namespace, 'metadata'), 'labels'), INJECT)
}
