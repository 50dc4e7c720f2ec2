import { randomUUID } from 'node:crypto'
import type { Operation } from 'fast-json-patch'

/** What `try` reads of a sample Pod; the rest of it is sent as it is. */
export interface SamplePod {
  readonly metadata: { readonly namespace: string; readonly generateName: string }
}

/** What `try` shows of an answer. */
export interface ReviewAnswer {
  readonly auditAnnotations: Readonly<Record<string, string>>
  readonly warnings: readonly string[]
  readonly patch: readonly Operation[]
}

/** Takes a Pod (and a uid), gives the AdmissionReview of its creation as a dry run, as an API server would send it. */
export function reviewOf(pod: SamplePod, uid: string = randomUUID()): object {
  const kind = { group: '', version: 'v1', kind: 'Pod' }
  const resource = { group: '', version: 'v1', resource: 'pods' }
  const request = {
    uid,
    kind,
    resource,
    requestKind: kind,
    requestResource: resource,
    namespace: pod.metadata.namespace,
    operation: 'CREATE',
    userInfo: { username: 'linkerd-tracing-try' },
    object: pod,
    oldObject: null,
    dryRun: true,
    options: { kind: 'CreateOptions', apiVersion: 'meta.k8s.io/v1' },
  }
  return { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request }
}

/** Takes the text of an answer, gives what `try` shows of it. Throws when it is no AdmissionReview. */
export function parseAnswer(text: string): ReviewAnswer {
  const { response } = JSON.parse(text) as { response?: Partial<Omit<ReviewAnswer, 'patch'>> & { patch?: string } }
  if (response === undefined) throw new Error('there is no response in it')
  const patch = Buffer.from(response.patch ?? '', 'base64').toString('utf8')
  return {
    auditAnnotations: response.auditAnnotations ?? {},
    warnings: response.warnings ?? [],
    patch: patch === '' ? [] : (JSON.parse(patch) as Operation[]),
  }
}
