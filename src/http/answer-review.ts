import { type Admission, admitPod, type NamespaceReader } from '../admission/admit-pod.ts'
import { InvalidReviewError, parseAdmissionReview } from '../admission/parse-admission-review.ts'
import { toAdmissionReview } from '../admission/to-admission-response.ts'
import type { InstallSettings } from '../injection/install-settings.ts'
import type { PodRequest } from '../injection/pod-request.ts'
import { RequestError } from './error-answers.ts'

export interface ReviewPorts {
  readonly readNamespace: NamespaceReader
  readonly settings: () => InstallSettings
  /** Told of each answer, for log and metrics. What it throws is nobody's business but its own. */
  readonly report: (request: PodRequest, admission: Admission) => void
}

/**
 * Takes a parsed body, gives the AdmissionReview to answer with. Throws RequestError 400 for what is no review; once it
 * is one, the answer always comes, and always allows the Pod (docs/decisions/0005-fail-open.md).
 */
export async function answerReview(body: unknown, ports: ReviewPorts): Promise<object> {
  const review = parseReview(body)
  const admission = await admitPod(review.request, ports)
  try {
    ports.report(review.request, admission)
  } catch {
    // A log that cannot be written must not cost a Pod its answer; there is nowhere left to tell it.
  }
  return toAdmissionReview(review.apiVersion, admission.response)
}

function parseReview(body: unknown): ReturnType<typeof parseAdmissionReview> {
  try {
    return parseAdmissionReview(body)
  } catch (error) {
    if (error instanceof InvalidReviewError) throw new RequestError(400, error.message, { cause: error })
    throw error
  }
}
