import type { JsonObject } from '../../injection/json.ts'
import type { WorkloadName } from '../pod-coverage/workload.ts'
import type { FoundObject } from './migration-facts.ts'
import type { Owner } from './owner.ts'

/** The order in which steps are done: what new Pods get comes before Pods are made anew, and what they need goes last. */
export const PHASES = ['install', 'opt-in', 'webhook', 'annotation', 'linkerd', 'restart', 'remove', 'end'] as const
export type Phase = (typeof PHASES)[number]

/** What a step does. */
export type StepAction =
  | { readonly do: 'delete'; readonly target: FoundObject }
  | ChangeAction
  | { readonly do: 'restart'; readonly workload: WorkloadName }
  /** Somebody else's to change: commands for a shell, where there are any. */
  | { readonly do: 'by-hand'; readonly commands: readonly string[] }

export interface ChangeAction {
  readonly do: 'change'
  readonly target: FoundObject
  /** Merge patches (RFC 7396): there, and back again. */
  readonly merge: JsonObject
  readonly undo: JsonObject
  /** The change has Pods made anew. */
  readonly rollout?: WorkloadName
}

/** What has to be so before `--apply` does a step. */
export type Need = 'installed' | 'restart' | 'remove-jaeger'

export interface Step {
  readonly phase: Phase
  /** What is done, in the imperative. */
  readonly title: string
  readonly action: StepAction
  readonly needs: readonly Need[]
  /** Whose it is to do, where that is known and not ours. */
  readonly owner?: Owner
}

/** Something that was found, as a sentence, and what is to be done about it. */
export interface Finding {
  readonly sentence: string
  readonly steps: readonly Step[]
}

export interface MigrationPlan {
  readonly findings: readonly string[]
  /** In the order in which they are done. */
  readonly steps: readonly Step[]
}
