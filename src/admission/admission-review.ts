import type { PodRequest } from '../injection/pod-request.ts'

/** The versions of the protocol that are answered, each in kind. Source: k8s.io/api/admission. */
export const REVIEW_VERSIONS = ['admission.k8s.io/v1', 'admission.k8s.io/v1beta1'] as const
export type ReviewVersion = (typeof REVIEW_VERSIONS)[number]

/** An AdmissionReview as it came in, checked. */
export interface AdmissionReviewRequest {
  readonly apiVersion: ReviewVersion
  readonly request: PodRequest
}

/** What the API server is told about one request. */
export interface AdmissionResponse {
  readonly uid: string
  readonly allowed: true
  /** Present together with `patch`, and only when something is to change. */
  readonly patchType?: 'JSONPatch'
  /** The JSON Patch in base64. */
  readonly patch?: string
  readonly warnings?: readonly string[]
  readonly auditAnnotations: Readonly<Record<string, string>>
}

/** The whole answer. The request is not echoed. */
export interface AdmissionReviewAnswer {
  readonly apiVersion: ReviewVersion
  readonly kind: 'AdmissionReview'
  readonly response: AdmissionResponse
}
