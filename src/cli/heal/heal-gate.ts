import { type JsonObject, numberOf, objectOf, textOf } from '../../injection/json.ts'
import { nameOf } from '../check/entries.ts'
import { type RolledObject, rolloutObstacle, rolloutProgress } from '../opt-in/rollout.ts'
import { isRolled, restartAdvice } from '../pod-coverage/restart-advice.ts'
import { type BudgetAllowance, budgetAllowance } from './budget-allowance.ts'
import type { HealFacts } from './heal-facts.ts'
import { commandInstead } from './other-commands.ts'
import { podsAway } from './pods-away.ts'
import { selectorMatches } from './selector-matches.ts'

/** Nothing is in the way of a workload as it was then. */
export interface OpenGate {
  readonly state: 'open'
  /** By it the API server knows the object that was looked at from a later one. */
  readonly version?: string
}

/** Whether a workload may be restarted at this moment. */
export type HealGate =
  | OpenGate
  /** What is in the way may go by itself. */
  | { readonly state: 'waits'; readonly because: string }
  /** Somebody has to decide, who has the command for it. */
  | { readonly state: 'closed'; readonly because: string; readonly command?: string }
  /** None of its Pods is to be made anew any more. */
  | { readonly state: 'healed' }

/** Takes what is known of a workload that was missed, gives whether it may be restarted now. Pure. */
export function healGate(facts: HealFacts): HealGate {
  const { workload, object } = facts
  if (!isRolled(workload)) return closed(facts, otherReason(facts))
  if (object === undefined) return { state: 'healed' }
  if (!facts.pods.some(({ state }) => facts.states.includes(state))) return { state: 'healed' }
  const rolled = { kind: workload.kind, object }
  const reason = closingReason(rolled)
  if (reason !== undefined) return closed(facts, reason)
  const budgets = allowances(facts, rolled)
  const never = budgets.find(({ room }) => room === 'never')
  if (never !== undefined && 'because' in never) return closed(facts, never.because)
  const because = waitingReason(facts, rolled) ?? becauseOf(budgets)
  return because === undefined ? opened(object) : { state: 'waits', because }
}

function opened(object: JsonObject): OpenGate {
  const version = textOf(objectOf(object, 'metadata'), 'resourceVersion')
  return { state: 'open', ...(version !== undefined && { version }) }
}

function closed(facts: HealFacts, because: string): HealGate {
  const command = commandInstead(facts)
  return { state: 'closed', because, ...(command !== undefined && { command }) }
}

/** Of its sentence the end: who it is about is said beside it. */
function otherReason({ workload }: HealFacts): string {
  const [sentence = ''] = restartAdvice([workload]).sentences
  return sentence.slice(sentence.indexOf(': ') + 2)
}

function closingReason(rolled: RolledObject): string | undefined {
  const { object } = rolled
  if (textOf(objectOf(object, 'metadata'), 'deletionTimestamp') !== undefined) return 'it is being deleted'
  const progress = rolloutProgress(rolled)
  if (progress.state === 'failed') return `its last rollout has failed: ${progress.because}`
  return rolloutObstacle(rolled) ?? partitionObstacle(rolled) ?? outage(rolled)
}

function partitionObstacle({ kind, object }: RolledObject): string | undefined {
  const rolling = objectOf(objectOf(objectOf(object, 'spec'), 'updateStrategy'), 'rollingUpdate')
  const partition = kind === 'StatefulSet' ? numberOf(rolling, 'partition') : 0
  return partition === 0 ? undefined : `its partition ${partition} keeps the Pods below it as they are`
}

/** Traces that are lacking are no reason for an outage. */
function outage(rolled: RolledObject): string | undefined {
  const { away, all } = podsAway(rolled)
  if (all === 0 || away < all) return undefined
  return all === 1 ? 'its only Pod would be away meanwhile' : `all of its ${all} Pods would be away at a time`
}

function allowances({ budgets, pods, object }: HealFacts, rolled: RolledObject): BudgetAllowance[] {
  const template = objectOf(objectOf(objectOf(objectOf(object, 'spec'), 'template'), 'metadata'), 'labels')
  const labels = [template, ...pods.map((pod) => pod.labels)]
  const { away } = podsAway(rolled)
  return budgets
    .filter((budget) => labels.some((one) => selectorMatches(objectOf(objectOf(budget, 'spec'), 'selector'), one)))
    .map((budget) => budgetAllowance(budget, away))
}

function becauseOf(budgets: readonly BudgetAllowance[]): string | undefined {
  return budgets.flatMap((one) => ('because' in one ? [one.because] : []))[0]
}

function waitingReason({ workload, autoscalers }: HealFacts, rolled: RolledObject): string | undefined {
  const progress = rolloutProgress(rolled)
  if (progress.state === 'going') return `a rollout is under way: ${progress.because}`
  const scaling = autoscalers.find((one) => isFor(one, workload) && isScaling(one))
  if (scaling === undefined) return undefined
  const { from, to } = scaleOf(scaling)
  return `HorizontalPodAutoscaler ${nameOf(scaling)} takes it from ${from} to ${to} Pods`
}

function isFor(autoscaler: JsonObject, { kind, name }: HealFacts['workload']): boolean {
  const target = objectOf(objectOf(autoscaler, 'spec'), 'scaleTargetRef')
  const group = (textOf(target, 'apiVersion') ?? '').split('/')[0]
  return group === 'apps' && textOf(target, 'kind') === kind && textOf(target, 'name') === name
}

function isScaling(autoscaler: JsonObject): boolean {
  const { from, to } = scaleOf(autoscaler)
  // Before it has seen any figures it wants nothing yet.
  return to !== 0 && from !== to
}

function scaleOf(autoscaler: JsonObject): { readonly from: number; readonly to: number } {
  const status = objectOf(autoscaler, 'status')
  return { from: numberOf(status, 'currentReplicas'), to: numberOf(status, 'desiredReplicas') }
}
