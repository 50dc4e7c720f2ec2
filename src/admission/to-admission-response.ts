import type { InjectionDecision } from '../injection/decision.ts'
import type { PatchOperation } from '../injection/pod-patch.ts'
import type { PodRequest } from '../injection/pod-request.ts'
import type { AdmissionResponse, AdmissionReviewAnswer, ReviewVersion } from './admission-review.ts'
import { decisionSentence } from './decision-sentence.ts'
import { boundWarnings } from './warnings.ts'

/** Puts a decision into the protocol's terms. The answer is always `allowed: true`. */
export function toAdmissionResponse(
  { uid, dryRun }: PodRequest,
  decision: InjectionDecision,
  patch: readonly PatchOperation[],
): AdmissionResponse {
  // kubectl prints the warnings, so that a dry run becomes a review
  const summary = dryRun ? [`dry run: ${decisionSentence(decision)}`] : []
  const warnings = boundWarnings([...summary, ...decision.warnings])
  return {
    uid,
    allowed: true,
    ...(patch.length > 0 && { patchType: 'JSONPatch', patch: Buffer.from(JSON.stringify(patch)).toString('base64') }),
    ...(warnings.length > 0 && { warnings }),
    auditAnnotations: auditAnnotations(decision),
  }
}

/** Keys without a slash (the API server puts the webhook's name before them); all values are strings. */
function auditAnnotations(decision: InjectionDecision): Record<string, string> {
  const reason = decision.outcome === 'skipped' ? decision.reason : ''
  const collector = 'target' in decision ? decision.target.collector : ''
  return { outcome: decision.outcome, reason, collector }
}

/** Wraps a response into an AdmissionReview of the version that was asked. */
export function toAdmissionReview(apiVersion: ReviewVersion, response: AdmissionResponse): AdmissionReviewAnswer {
  return { apiVersion, kind: 'AdmissionReview', response }
}
