import { isJsonObject, type JsonObject, objectOf, textOf } from '../injection/json.ts'
import type { GroupVersionKind, PodRequest } from '../injection/pod-request.ts'
import { quote } from '../injection/quote.ts'
import { type AdmissionReviewRequest, REVIEW_VERSIONS } from './admission-review.ts'

/** A body that is no AdmissionReview. The message is one sentence that names the member, its value and the rule. */
export class InvalidReviewError extends Error {
  override readonly name = 'InvalidReviewError'
}

/**
 * Reads the body of a request to the webhook.
 * @throws InvalidReviewError for anything that is no AdmissionReview of a version that we know
 */
export function parseAdmissionReview(body: unknown): AdmissionReviewRequest {
  if (!isJsonObject(body)) throw invalid('body', body, 'must be an AdmissionReview object')
  if (body['kind'] !== 'AdmissionReview') throw invalid('kind', body['kind'], 'must be AdmissionReview')
  const apiVersion = REVIEW_VERSIONS.find((version) => version === body['apiVersion'])
  if (apiVersion === undefined) throw invalid('apiVersion', body['apiVersion'], VERSION_RULE)
  return { apiVersion, request: parseRequest(body['request']) }
}

const VERSION_RULE = `must be ${REVIEW_VERSIONS.join(' or ')}`

function parseRequest(request: unknown): PodRequest {
  if (!isJsonObject(request)) throw invalid('request', request, 'must be an object')
  const { uid } = request
  if (typeof uid !== 'string' || uid === '') throw invalid('request.uid', uid, 'must be a text that is not empty')
  const object = request['object'] ?? null
  if (object !== null && !isJsonObject(object)) throw invalid('request.object', object, 'must be an object or null')
  return {
    uid,
    kind: parseKind(request['kind'] ?? {}),
    resource: parseResource(request['resource'] ?? {}),
    subResource: optionalText(request, 'subResource'),
    operation: optionalText(request, 'operation'),
    namespace: optionalText(request, 'namespace') || namespaceOf(object),
    name: optionalText(request, 'name'),
    dryRun: parseDryRun(request['dryRun'] ?? false),
    object,
  }
}

/** The API server always names the namespace; a review written by hand may leave it to the object. */
function namespaceOf(object: JsonObject | null): string {
  return textOf(objectOf(object ?? {}, 'metadata'), 'namespace') ?? ''
}

function parseDryRun(dryRun: unknown): boolean {
  if (typeof dryRun !== 'boolean') throw invalid('request.dryRun', dryRun, 'must be true or false')
  return dryRun
}

function parseKind(kind: unknown): GroupVersionKind {
  if (!isJsonObject(kind)) throw invalid('request.kind', kind, 'must be an object')
  const prefix = 'request.kind.'
  return {
    group: optionalText(kind, 'group', prefix),
    version: optionalText(kind, 'version', prefix),
    kind: optionalText(kind, 'kind', prefix),
  }
}

function parseResource(resource: unknown): string {
  if (!isJsonObject(resource)) throw invalid('request.resource', resource, 'must be an object')
  return optionalText(resource, 'resource', 'request.resource.')
}

function optionalText(object: JsonObject, key: string, prefix = 'request.'): string {
  const value = object[key] ?? ''
  if (typeof value !== 'string') throw invalid(prefix + key, value, 'must be a text')
  return value
}

function invalid(member: string, value: unknown, rule: string): InvalidReviewError {
  return new InvalidReviewError(`no AdmissionReview: ${member} ${rule}, but is ${shown(value)}`)
}

function shown(value: unknown): string {
  if (value === undefined) return 'absent'
  if (typeof value === 'string') return quote(value)
  if (Array.isArray(value)) return 'a list'
  return isJsonObject(value) ? 'an object' : String(value)
}
