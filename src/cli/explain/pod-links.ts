import { decisionSentence } from '../../admission/decision-sentence.ts'
import type { InjectionDecision } from '../../injection/decision.ts'
import { type JsonObject, objectOf, textOf } from '../../injection/json.ts'
import { INJECT, LINKERD_INJECT } from '../../injection/metadata-names.ts'
import { isOptedIn } from '../../injection/opt-in.ts'
import { SYSTEM_NAMESPACES } from '../../injection/own-places.ts'
import { quote } from '../../injection/quote.ts'
import { SKIP_REASONS } from '../../injection/skip-reason.ts'
import { reduceNamespace } from '../../kubernetes/namespace-meta.ts'
import { decideLivePod, proxyOfPod } from '../check/live-pod.ts'
import type { ExplainFacts } from './facts.ts'
import { broken, type Link, type LinkOutcome, odd, ok, unchecked } from './link.ts'
import { remakeAdvice } from './remake-advice.ts'

/** Takes what was found, gives what the webhook would decide on the Pod as it is now. Pure. */
export function decisionOf({ pod, podNamespace, namespace, install }: ExplainFacts): InjectionDecision {
  const meta = namespace === undefined ? undefined : reduceNamespace(namespace)
  return decideLivePod({ pod, podNamespace, namespace: meta, install })
}

/** Whether the Pod is to be traced, and can be. */
export const POD_LINKS: readonly Link<ExplainFacts>[] = [
  { name: 'opt-in', title: 'the Namespace is opted in', judge: judgeOptIn },
  { name: 'opt-out', title: 'the Pod may be traced', judge: judgeOptOut },
  { name: 'meshed', title: 'the Pod has Linkerd’s proxy', judge: judgeMeshed },
  { name: 'settings', title: 'the settings are valid', judge: judgeSettings },
]

function judgeOptIn({ pod, podNamespace, namespace, install }: ExplainFacts): LinkOutcome {
  if (SYSTEM_NAMESPACES.includes(podNamespace))
    return broken(`system-namespace: ${SKIP_REASONS['system-namespace']}`, 'nothing: its Pods are never traced')
  if (namespace === undefined) return unchecked(`Namespace ${podNamespace} could not be read`)
  const label = textOf(labelsOf(namespace), INJECT)
  if (isOptedIn({ podNamespace, namespace: reduceNamespace(namespace), install }))
    return ok(label === 'enabled' ? `${INJECT}=enabled` : 'by the settings of the installation')
  if (podNamespace === install.linkerdNamespace && label !== 'disabled')
    return broken('the installation does not trace the control plane', 'install without --no-control-plane')
  const is = label === undefined ? 'has no label' : `says ${quote(label)} with its label`
  const own = textOf(labelsOf(pod), INJECT) === 'enabled' ? '; the Pod’s own enabled does nothing then' : ''
  return broken(
    `not-opted-in: Namespace ${podNamespace} ${is} ${INJECT}${own}`,
    `kubectl label namespace ${podNamespace} ${INJECT}=enabled --overwrite; then ${remakeAdvice(pod)}`,
  )
}

function judgeOptOut(facts: ExplainFacts): LinkOutcome {
  const decision = decisionOf(facts)
  if (decision.outcome === 'marked') return broken(`own-component: ${SKIP_REASONS['own-component']}`, NOTHING)
  if (decision.outcome !== 'skipped') return ok()
  const told = `${decision.reason}: ${SKIP_REASONS[decision.reason]}`
  if (decision.reason === 'opted-out')
    return broken(told, `remove the label or annotation ${INJECT} from the workload’s template`)
  return NEVER_TRACED.includes(decision.reason) ? broken(told, NOTHING) : ok()
}

const NEVER_TRACED: readonly string[] = ['not-pod-create', 'static-pod', 'own-component']
const NOTHING = 'nothing: such a Pod is never traced'

function judgeMeshed({ pod, podNamespace, namespace }: ExplainFacts): LinkOutcome {
  const proxy = proxyOfPod(pod)
  if (proxy !== undefined) return ok(textOf(proxy.container, 'image'))
  const restart = remakeAdvice(pod)
  if (objectOf(pod, 'spec')?.['hostNetwork'] === true)
    return broken('not-meshed: the Pod is in its node’s network, where Linkerd adds no proxy', NOTHING)
  const own = textOf(annotationsOf(pod), LINKERD_INJECT)
  const wish = own ?? textOf(annotationsOf(namespace), LINKERD_INJECT)
  if (wish === 'enabled' || wish === 'ingress')
    return broken(
      `not-meshed: ${LINKERD_INJECT} is ${wish}, and Linkerd’s injector added no proxy when the Pod was made`,
      `linkerd check; then ${restart}`,
    )
  if (own !== undefined)
    return broken(
      `not-meshed: the Pod says ${LINKERD_INJECT}: ${quote(own)}`,
      `remove it from the workload’s template, or set it to enabled`,
    )
  const is = wish === undefined ? 'does not say' : `says ${quote(wish)} for`
  return broken(
    `not-meshed: Namespace ${podNamespace} ${is} ${LINKERD_INJECT}`,
    `kubectl annotate namespace ${podNamespace} ${LINKERD_INJECT}=enabled --overwrite; then ${restart}`,
  )
}

function judgeSettings(facts: ExplainFacts): LinkOutcome {
  const decision = decisionOf(facts)
  if (decision.outcome === 'skipped' && ['invalid-setting', 'unsupported-proxy'].includes(decision.reason))
    return broken(
      decision.warnings.join('\n'),
      `put it right on the workload’s template or the Namespace; then ${remakeAdvice(facts.pod)}`,
    )
  if (!('target' in decision)) return unchecked('the Pod is not to be traced')
  const told = decisionSentence(decision).replace(/^.*: spans go to /, '')
  const ignored = decision.warnings.filter((warning) => !/ is replaced by /.test(warning))
  return ignored.length === 0 ? ok(told) : odd(ignored.join('\n'), 'docs/decisions-on-pods.md says what counts')
}

function labelsOf(object: JsonObject | undefined): JsonObject | undefined {
  return objectOf(objectOf(object, 'metadata'), 'labels')
}

function annotationsOf(object: JsonObject | undefined): JsonObject | undefined {
  return objectOf(objectOf(object, 'metadata'), 'annotations')
}
