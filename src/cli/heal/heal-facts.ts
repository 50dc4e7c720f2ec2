import type { JsonObject } from '../../injection/json.ts'
import type { PodState } from '../pod-coverage/pod-state.ts'
import type { WorkloadName } from '../pod-coverage/workload.ts'

/** A Pod of a workload, as far as healing looks at it. */
export interface SeenPod {
  readonly name: string
  readonly labels: JsonObject | undefined
  readonly state: PodState
}

/** What is known of a workload at a moment. */
export interface HealFacts {
  readonly workload: WorkloadName
  /** In which of them a Pod is to be made anew. */
  readonly states: readonly PodState[]
  /** As the API server has it; undefined: it is gone, or of a kind that is not rolled. */
  readonly object: JsonObject | undefined
  /** Those that have not ended, nor are ending. */
  readonly pods: readonly SeenPod[]
  /** All of its Namespace. */
  readonly budgets: readonly JsonObject[]
  readonly autoscalers: readonly JsonObject[]
}
