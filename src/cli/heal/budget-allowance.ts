import { type JsonObject, numberOf, objectOf } from '../../injection/json.ts'
import { nameOf } from '../check/entries.ts'

/** Whether a PodDisruptionBudget leaves room for a rollout: now, perhaps later, or never as both are. */
export type BudgetAllowance = { readonly room: 'now' } | { readonly room: 'later' | 'never'; readonly because: string }

/**
 * Takes a PodDisruptionBudget and how many Pods a rollout takes away at a time, gives whether it leaves room for that. A
 * rollout does not ask budgets, only evictions do; so we ask, before we begin one. Pure.
 */
export function budgetAllowance(budget: JsonObject, away: number): BudgetAllowance {
  // Where new Pods come before old ones go, as many are there as before.
  if (away === 0) return { room: 'now' }
  const [metadata, status] = [objectOf(budget, 'metadata'), objectOf(budget, 'status')]
  const shown = `PodDisruptionBudget ${nameOf(budget)}`
  if (numberOf(status, 'observedGeneration') < numberOf(metadata, 'generation'))
    return { room: 'later', because: `${shown} is not counted yet` }
  const allowed = numberOf(status, 'disruptionsAllowed')
  if (allowed >= away) return { room: 'now' }
  const most = Math.max(0, numberOf(status, 'expectedPods') - numberOf(status, 'desiredHealthy'))
  const taken = `its rollout takes ${away} away at a time`
  if (most < away) return { room: 'never', because: `${shown} never spares more than ${podsOf(most)}, and ${taken}` }
  return { room: 'later', because: `${shown} spares ${podsOf(allowed)} now, and ${taken}` }
}

function podsOf(count: number): string {
  return `${count} ${count === 1 ? 'Pod' : 'Pods'}`
}
