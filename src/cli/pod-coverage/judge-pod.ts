import type { InjectionDecision } from '../../injection/decision.ts'
import type { InstallSettings } from '../../injection/install-settings.ts'
import { type JsonObject, objectOf, textOf } from '../../injection/json.ts'
import type { SkipReason } from '../../injection/skip-reason.ts'
import { INJECTOR_LABELS } from '../../install/object-names.ts'
import { decideLivePod, proxyOfPod } from '../check/live-pod.ts'
import { outdatedSentence } from '../check/outdated-settings.ts'
import { type ProxyVerdict, proxyVerdict } from '../check/proxy-verdict.ts'
import type { KnownNamespace } from './known-namespace.ts'
import { type OptInTime, timeOf } from './opt-in-time.ts'
import type { PodState } from './pod-state.ts'

/** What a Pod is judged by, beside itself. */
export interface PodSurroundings {
  readonly namespace: KnownNamespace
  readonly settings: InstallSettings
}

/** What became of a Pod. */
export interface PodVerdict {
  readonly state: PodState
  /** Why it is not traced, in the word that log, metric and documentation have for it. */
  readonly reason?: SkipReason
  /** Where its proxy sends spans to, as it stands in the proxy's variable. */
  readonly collector?: string
  /** What a person should know besides, each a sentence. */
  readonly sentences: readonly string[]
}

/**
 * Takes a Pod as the API server has it, says what became of it: whether it is traced is read off its proxy's variables, why
 * it is not is what the webhook would decide on it today. Pure.
 */
export function judgePod(pod: JsonObject, { namespace, settings }: PodSurroundings): PodVerdict {
  const decision = decideLivePod({ pod, podNamespace: namespace.name, namespace, install: settings })
  if (isOwn(decision) || isInjector(pod, { namespace, settings }))
    return { state: 'own-component', reason: 'own-component', sentences: decision.warnings }
  const verdict = proxyVerdict(proxyOfPod(pod)?.container ?? {})
  if (verdict.kind === 'refused') {
    const sentence = `invalid-setting: its proxy refuses what it has: ${verdict.because}`
    return { state: 'invalid', reason: 'invalid-setting', sentences: [sentence] }
  }
  if (verdict.kind !== 'off') return tracedVerdict(pod, verdict, decision)
  if (decision.outcome === 'skipped')
    return { state: SKIPPED_STATES[decision.reason], reason: decision.reason, sentences: decision.warnings }
  return { state: untracedState(pod, namespace.optIn), sentences: [] }
}

type FoundSettings = Extract<ProxyVerdict, { readonly kind: 'accepted' | 'unknown' }>

function tracedVerdict(pod: JsonObject, found: FoundSettings, decision: InjectionDecision): PodVerdict {
  const address = found.kind === 'accepted' ? found.address.text : found.address
  const outdated = outdatedSentence(pod, decision)
  return {
    state: 'traced',
    collector: address ?? BY_REFERENCE,
    sentences: outdated === undefined ? [] : [outdated],
  }
}

const BY_REFERENCE = 'an address that only the kubelet knows'

/** What each reason comes to here, where several of them are the same to who looks for traces. */
const SKIPPED_STATES: Readonly<Record<SkipReason, PodState>> = {
  'not-pod-create': 'invalid',
  'static-pod': 'out',
  'system-namespace': 'out',
  'own-component': 'own-component',
  'opted-out': 'opted-out',
  'not-opted-in': 'out',
  'not-meshed': 'not-meshed',
  'invalid-setting': 'invalid',
  'unsupported-proxy': 'invalid',
  'internal-error': 'invalid',
}

/** A collector that was marked when it was made has the annotation by now; one that would be marked now came before us. */
function isOwn(decision: InjectionDecision): boolean {
  return decision.outcome === 'marked' || (decision.outcome === 'skipped' && decision.reason === 'own-component')
}

/** The injector has no proxy on purpose, and no label that decisions go by. */
function isInjector(pod: JsonObject, { namespace, settings }: PodSurroundings): boolean {
  const labels = objectOf(objectOf(pod, 'metadata'), 'labels')
  const isLabelled = Object.entries(INJECTOR_LABELS).every(([name, value]) => textOf(labels, name) === value)
  return isLabelled && namespace.name === settings.collectorNamespace
}

/** Times of the API server are whole seconds: within the same one nobody knows what came first. */
function untracedState(pod: JsonObject, { from, until }: OptInTime): PodState {
  const created = timeOf(objectOf(pod, 'metadata'), 'creationTimestamp')
  if (created === undefined) return 'untraced'
  if (until !== undefined && created > until) return 'missed'
  return from !== undefined && created < from ? 'waiting' : 'untraced'
}
