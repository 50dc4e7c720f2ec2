import type { AnsweredReview } from '../admission/answered-review.ts'
import type { Log } from './logger.ts'

/** Names in Kubernetes end at 253 characters; longer ones are no names, and a log line is no place for a megabyte. */
const MAX_NAME_LENGTH = 253

/**
 * Takes an answered review, writes one line: where, whose, what, why; never the Pod. A fault of ours is logged as an
 * error, with its stack (docs/decisions/0005-fail-open.md).
 */
export function logDecision(log: Log, answered: AnsweredReview): void {
  const { outcome, reason, dryRun, warnings, fault } = answered
  const line = {
    namespace: cut(answered.namespace),
    owner: cut(answered.owner),
    outcome,
    ...(reason !== undefined && { reason }),
    uid: cut(answered.uid),
    dryRun,
    warnings,
  }
  if (fault === undefined) log.info(line, 'decision')
  else log.error({ ...line, err: fault }, 'decision')
}

function cut(text: string): string {
  return text.length > MAX_NAME_LENGTH ? `${text.slice(0, MAX_NAME_LENGTH)}…` : text
}
