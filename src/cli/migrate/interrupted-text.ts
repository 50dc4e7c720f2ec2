import { goingSentence } from '../opt-in/going-sentence.ts'
import type { WorkloadName } from '../pod-coverage/workload.ts'
import { printable } from '../printable.ts'
import { type Applying, doneText } from './apply-steps.ts'
import { howToGoOn, type WayOn } from './how-to-go-on.ts'
import type { Step } from './migration-plan.ts'

/** A migration at the moment at which somebody ends it. */
export interface Interrupted extends Omit<WayOn, 'once'> {
  readonly applying: Applying
  /** Its Pods are being made anew. */
  readonly going: WorkloadName | undefined
}

/** Takes a migration, gives what of it is done, what is not, and how to go on, for who ends it now. Pure. */
export function interruptedText({ applying: { done, begun, left }, going, ...way }: Interrupted): string {
  const states = [goingSentence(going)]
  if (begun === undefined || going !== undefined) states.push(doneText({ done, left }))
  // Before its rollout is going nothing of such a step is done.
  else if (isRollout(begun)) states.push(doneText({ done, left: [begun, ...left] }))
  else states.push(`not known whether done: ${begun.title}`, doneText({ done, left }))
  return [states.join('; '), howToGoOn(way)].map(printable).join('\n')
}

function isRollout({ action }: Step): boolean {
  return action.do === 'restart' || (action.do === 'change' && action.rollout !== undefined)
}
