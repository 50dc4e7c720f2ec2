import { PROXY_NAME } from '../../injection/proxy-container.ts'
import { nameOf } from '../check/entries.ts'
import { proxyOfPod } from '../check/live-pod.ts'
import { containerStatus, exitCodeOf } from '../check/pod-readiness.ts'
import { type ProxyVerdict, proxyVerdict } from '../check/proxy-verdict.ts'
import type { ExplainFacts } from './facts.ts'
import { broken, type Link, type LinkOutcome, odd, ok, unchecked } from './link.ts'
import { decisionOf } from './pod-links.ts'
import { remakeAdvice } from './remake-advice.ts'

/** Whether this very Pod's proxy has what the webhook writes. */
export const PROXY_LINKS: readonly Link<ExplainFacts>[] = [
  { name: 'proxy-settings', title: 'the proxy has the settings', judge: judgeSettings },
  { name: 'proxy-accepts', title: 'the proxy accepts them', judge: judgeAccepted },
]

/** Takes what was found, gives what the Pod's proxy does with its settings; undefined when it has no proxy. Pure. */
export function verdictOf({ pod }: Pick<ExplainFacts, 'pod'>): ProxyVerdict | undefined {
  const proxy = proxyOfPod(pod)
  return proxy === undefined ? undefined : proxyVerdict(proxy.container)
}

function judgeSettings(facts: ExplainFacts): LinkOutcome {
  const verdict = verdictOf(facts)
  if (verdict === undefined) return unchecked('the Pod has no proxy')
  const decision = decisionOf(facts)
  if (verdict.kind === 'off')
    return decision.outcome === 'traced'
      ? broken(OLDER, remakeAdvice(facts.pod))
      : unchecked('the proxy has none, as the links above say')
  if (decision.outcome !== 'traced') return ok()
  return odd(
    `a new Pod would get other ones: ${[`spans to ${decision.target.collector}`, ...decision.warnings].join('\n')}`,
    remakeAdvice(facts.pod),
  )
}

const OLDER =
  'it has none, and a new Pod would get them: this one was made before the opt-in, or while the API server did not reach the injector'

/** The proxy's own code for settings that it refuses (EX_USAGE). */
const REFUSED = 64

function judgeAccepted(facts: ExplainFacts): LinkOutcome {
  const verdict = verdictOf(facts)
  const status = containerStatus(facts.pod, PROXY_NAME)
  if (verdict === undefined || verdict.kind === 'off') return unchecked('the proxy has none')
  if (verdict.kind === 'refused') return broken(verdict.because, healed(facts))
  if (exitCodeOf(status) === REFUSED)
    return broken(`the proxy has ended with exit code ${REFUSED}: it refuses a setting`, logs(facts))
  if (verdict.kind === 'unknown') return unchecked(verdict.because)
  return status?.['ready'] === false ? odd('the proxy is not ready', logs(facts)) : ok()
}

/** The webhook writes no such settings, and replaces what it finds. */
function healed(facts: ExplainFacts): string {
  const { outcome } = decisionOf(facts)
  const where = 'look in the workload’s template for who wrote them'
  return outcome === 'traced' ? `${remakeAdvice(facts.pod)}: a new Pod gets settings that are checked` : where
}

function logs({ pod, podNamespace }: ExplainFacts): string {
  return `kubectl logs -n ${podNamespace} ${nameOf(pod)} -c ${PROXY_NAME} tells`
}
