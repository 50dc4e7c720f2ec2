import { controllerOf } from '../injection/controller-of.ts'
import type { InjectionDecision } from '../injection/decision.ts'
import { isJsonObject, objectOf, textOf } from '../injection/json.ts'
import type { PodRequest } from '../injection/pod-request.ts'
import type { SkipReason } from '../injection/skip-reason.ts'
import type { Admission } from './admit-pod.ts'

/** What log and metrics are told of an answered review; of the Pod itself no more than whose it is. */
export interface AnsweredReview {
  readonly uid: string
  readonly namespace: string
  /** The Pod's controller as `kind/name`; of a Pod without one its name, or the beginning of the name it will get. */
  readonly owner: string
  readonly outcome: InjectionDecision['outcome']
  /** Present when the Pod was skipped. */
  readonly reason?: SkipReason
  readonly dryRun: boolean
  /** How many. */
  readonly warnings: number
  /** Whether it was decided before, for another Pod of the same template. */
  readonly isRepeated: boolean
  /** What went wrong with us; the Pod was admitted as it is. */
  readonly fault?: unknown
}

/** Takes a review's request and what was made of it, gives what is told of both. */
export function answeredReview(request: PodRequest, { decision, fault }: Admission): AnsweredReview {
  return {
    uid: request.uid,
    namespace: request.namespace,
    owner: ownerOf(request),
    outcome: decision.outcome,
    ...(decision.outcome === 'skipped' && { reason: decision.reason }),
    dryRun: request.dryRun,
    warnings: decision.warnings.length,
    isRepeated: false,
    ...(fault !== undefined && { fault }),
  }
}

function ownerOf({ object, name }: PodRequest): string {
  const metadata = isJsonObject(object) ? objectOf(object, 'metadata') : undefined
  const controller = controllerOf(metadata)
  if (controller !== undefined) return `${textOf(controller, 'kind') ?? ''}/${textOf(controller, 'name') ?? ''}`
  return name || textOf(metadata, 'name') || (textOf(metadata, 'generateName') ?? '')
}
