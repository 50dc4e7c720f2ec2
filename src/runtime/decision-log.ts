import type { Admission } from '../admission/admit-pod.ts'
import { isJsonObject, listOf, objectOf, textOf } from '../injection/json.ts'
import type { PodRequest } from '../injection/pod-request.ts'
import type { Log } from './logger.ts'

/** Names in Kubernetes end at 253 characters; longer ones are no names, and a log line is no place for a megabyte. */
const MAX_NAME_LENGTH = 253

/**
 * Takes a review's request and what was answered, writes one line: where, whose, what, why; never the Pod. A fault of
 * ours is logged as an error, with its stack (docs/decisions/0005-fail-open.md).
 */
export function logDecision(log: Log, request: PodRequest, { decision, fault }: Admission): void {
  const line = {
    namespace: cut(request.namespace),
    owner: cut(ownerOf(request)),
    outcome: decision.outcome,
    ...(decision.outcome === 'skipped' ? { reason: decision.reason } : {}),
    uid: cut(request.uid),
    dryRun: request.dryRun,
    warnings: decision.warnings.length,
  }
  if (fault === undefined) log.info(line, 'decision')
  else log.error({ ...line, err: fault }, 'decision')
}

/** The Pod's controller as `kind/name`; for a Pod without one its name, or the beginning of the name it will get. */
function ownerOf({ object, name }: PodRequest): string {
  const metadata = isJsonObject(object) ? objectOf(object, 'metadata') : undefined
  const controller = listOf(metadata, 'ownerReferences')
    .filter(isJsonObject)
    .find((owner) => owner['controller'] === true)
  if (controller !== undefined) return `${textOf(controller, 'kind') ?? ''}/${textOf(controller, 'name') ?? ''}`
  return name || textOf(metadata, 'name') || (textOf(metadata, 'generateName') ?? '')
}

function cut(text: string): string {
  return text.length > MAX_NAME_LENGTH ? `${text.slice(0, MAX_NAME_LENGTH)}…` : text
}
