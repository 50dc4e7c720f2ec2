import { type AdmitPorts, admitPod } from '../admission/admit-pod.ts'
import { type AnsweredReview, answeredReview } from '../admission/answered-review.ts'
import { InvalidReviewError, parseAdmissionReview } from '../admission/parse-admission-review.ts'
import { createTemplateAnswers, type ReviewAnswer, type TemplateAnswers } from '../admission/template-answers.ts'
import { toAdmissionReview } from '../admission/to-admission-response.ts'
import type { JsonObject } from '../injection/json.ts'
import { RequestError } from './error-answers.ts'
import { parseJsonBody } from './json-body.ts'

export interface ReviewPorts extends AdmitPorts {
  /** Told of each answer, for log and metrics. What it throws is nobody's business but its own. */
  readonly report: (answered: AnsweredReview) => void
}

/**
 * Takes a body, gives the text of the AdmissionReview to answer with; at once when the Pod's template is known. Throws RequestError
 * 400 for what is no review; once it is one, the answer always comes, and always allows the Pod
 * (docs/decisions/0005-fail-open.md). It keeps no part of the body.
 */
export type ReviewAnswerer = (body: Buffer) => string | Promise<string>

/** Takes what is known beside the Pods, gives what answers reviews. */
export function createReviewAnswerer(ports: ReviewPorts): ReviewAnswerer {
  const answers = createTemplateAnswers()
  return (body) => {
    const known = findKnown(answers, body, ports)
    if (known === undefined) return answerAnew(body, ports, answers)
    report(known, ports)
    return known.text
  }
}

function findKnown(answers: TemplateAnswers, body: Buffer, ports: ReviewPorts): ReviewAnswer | undefined {
  try {
    return answers.find(body, ports)
  } catch {
    // It is answered anew, where faults have their warning, metric and log line.
    return undefined
  }
}

async function answerAnew(body: Buffer, ports: ReviewPorts, answers: TemplateAnswers): Promise<string> {
  const parsed = parseJsonBody(body)
  const { apiVersion, request } = parseReview(parsed)
  const admission = await admitPod(request, ports)
  const answered = answeredReview(request, admission)
  const text = JSON.stringify(toAdmissionReview(apiVersion, admission.response))
  report({ text, answered }, ports)
  const { facts, response } = admission
  if (facts === undefined) return text
  try {
    answers.keep(body, { review: parsed as JsonObject, text, answered, patch: response.patch, facts })
  } catch {
    // A body as no API server writes it (template-text.ts), or nested deeper than it can be written: answered anew each time.
  }
  return text
}

function report({ answered }: ReviewAnswer, ports: ReviewPorts): void {
  try {
    ports.report(answered)
  } catch {
    // A log that cannot be written must not cost a Pod its answer; there is nowhere left to tell it.
  }
}

function parseReview(body: unknown): ReturnType<typeof parseAdmissionReview> {
  try {
    return parseAdmissionReview(body)
  } catch (error) {
    if (error instanceof InvalidReviewError) throw new RequestError(400, error.message, { cause: error })
    throw error
  }
}
