import { placeOf } from '../pod-coverage/workload.ts'
import type { AppliedMigration } from './apply-steps.ts'
import type { MigrationPlan, Step } from './migration-plan.ts'
import { described } from './removal.ts'
import { turnOf } from './step-turn.ts'

/** Takes a plan and, where it was applied, what was done, gives it as `-o json` shows it. docs/migrate.md lists the members. Pure. */
export function planReport(
  { findings, steps }: MigrationPlan,
  applied?: AppliedMigration & { readonly backup?: string | undefined },
): object {
  return {
    findings,
    steps: steps.map((step) => ({
      ...stepReport(step),
      ...(applied !== undefined && { done: applied.done.includes(step) }),
    })),
    ...(applied !== undefined && { backup: applied.backup ?? null, notes: applied.notes }),
  }
}

function stepReport(step: Step): object {
  const { phase, title, action, owner } = step
  return { phase, who: turnOf(step), owner: owner?.text ?? null, title, action: action.do, ...membersOf(step) }
}

function membersOf({ action }: Step): object {
  if (action.do === 'by-hand') return { commands: action.commands }
  if (action.do === 'restart') return { object: placeOf(action.workload) }
  return { object: described(action.target), ...(action.do === 'change' && { merge: action.merge }) }
}
