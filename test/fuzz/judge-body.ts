import { isUtf8 } from 'node:buffer'
import { mapping, type Raw } from '../golden-harness/raw-pod.ts'

/** A body that is a review, as far as it matters to its answer. */
export interface JudgedReview {
  readonly apiVersion: unknown
  readonly request: Raw
}

/**
 * Takes a body, gives the review in it; undefined when it is none, which alone may be refused. Written from the protocol, with
 * no use of the implementation's own rules: what it is quick about must come to the same.
 */
export function judgeBody(body: Buffer): JudgedReview | undefined {
  const review = mapping(parsed(body))
  const request = review['request']
  const isVersion = ['admission.k8s.io/v1', 'admission.k8s.io/v1beta1'].includes(review['apiVersion'] as string)
  if (!isVersion || review['kind'] !== 'AdmissionReview' || !isObject(request)) return undefined
  const isRequest = isText(request['uid']) && request['uid'] !== '' && areTexts(request, 'subResource', 'operation')
  const isPlaced = areTexts(request, 'namespace', 'name') && isObjectOrNothing(request['object'])
  return isRequest && isPlaced && areKindAndResource(request) && isFlag(request['dryRun'])
    ? { apiVersion: review['apiVersion'], request }
    : undefined
}

function parsed(body: Buffer): unknown {
  try {
    return isUtf8(body) ? JSON.parse(body.toString('utf8')) : undefined
  } catch {
    return undefined
  }
}

function areKindAndResource({ kind, resource }: Raw): boolean {
  const isKind = isObjectOrNothing(kind) && areTexts(mapping(kind), 'group', 'version', 'kind')
  return isKind && isObjectOrNothing(resource) && areTexts(mapping(resource), 'resource')
}

/** As Go reads them: null is as if absent. */
function areTexts(holder: Raw, ...keys: readonly string[]): boolean {
  return keys.every((key) => isNothing(holder[key]) || isText(holder[key]))
}

const isNothing = (value: unknown) => value === undefined || value === null
const isText = (value: unknown) => typeof value === 'string'
const isFlag = (value: unknown) => isNothing(value) || typeof value === 'boolean'
const isObject = (value: unknown): value is Raw => typeof value === 'object' && value !== null && !Array.isArray(value)
const isObjectOrNothing = (value: unknown) => isNothing(value) || isObject(value)
