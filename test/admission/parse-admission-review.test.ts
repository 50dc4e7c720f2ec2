import { describe, expect, test } from 'vitest'
import { InvalidReviewError, parseAdmissionReview } from '../../src/admission/parse-admission-review.ts'

const kind = { group: '', version: 'v1', kind: 'Pod' }
const review = (request: unknown = {}) => ({
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  request:
    typeof request === 'object' && request !== null && !Array.isArray(request) ? { uid: 'u', ...request } : request,
})

describe('an AdmissionReview', () => {
  test.each(['admission.k8s.io/v1', 'admission.k8s.io/v1beta1'])('of %s is read', (apiVersion) => {
    const object = { kind: 'Pod' }
    const request = {
      uid: 'u',
      kind,
      resource: { resource: 'pods' },
      operation: 'CREATE',
      namespace: 'shop',
      name: 'x',
      dryRun: true,
      object,
    }
    expect(parseAdmissionReview({ apiVersion, kind: 'AdmissionReview', request })).toEqual({
      apiVersion,
      request: {
        uid: 'u',
        kind,
        resource: 'pods',
        subResource: '',
        operation: 'CREATE',
        namespace: 'shop',
        name: 'x',
        dryRun: true,
        object,
      },
    })
  })
  test('may leave out what is optional', () => {
    const bare = {
      uid: 'u',
      kind: { group: '', version: '', kind: '' },
      resource: '',
      subResource: '',
      operation: '',
      namespace: '',
      name: '',
    }
    expect(parseAdmissionReview(review()).request).toEqual({ ...bare, dryRun: false, object: null })
    const nulls = { kind: null, resource: null, operation: null, dryRun: null, object: null, namespace: null }
    expect(parseAdmissionReview(review(nulls)).request).toEqual({ ...bare, dryRun: false, object: null })
  })
  test('may leave its namespace to the object', () => {
    const object = { metadata: { namespace: 'shop' } }
    expect(parseAdmissionReview(review({ object })).request.namespace).toBe('shop')
    expect(parseAdmissionReview(review({ object, namespace: 'own' })).request.namespace).toBe('own')
  })
})

describe('what is no AdmissionReview is refused, with the member, its value and the rule', () => {
  test.each<[unknown, string]>([
    [null, 'body must be an AdmissionReview object, but is null'],
    [[], 'body must be an AdmissionReview object, but is a list'],
    [7, 'body must be an AdmissionReview object, but is 7'],
    [{}, 'kind must be AdmissionReview, but is absent'],
    [{ ...review(), kind: 'Pod\n' }, 'kind must be AdmissionReview, but is "Pod\\n"'],
    [
      { ...review(), apiVersion: 'admission.k8s.io/v2' },
      'apiVersion must be admission.k8s.io/v1 or admission.k8s.io/v1beta1, but is "admission.k8s.io/v2"',
    ],
    [{ ...review(), request: undefined }, 'request must be an object, but is absent'],
    [review([]), 'request must be an object, but is a list'],
    [review({ uid: '' }), 'request.uid must be a text that is not empty, but is ""'],
    [review({ uid: {} }), 'request.uid must be a text that is not empty, but is an object'],
    [review({ object: 'x' }), 'request.object must be an object or null, but is "x"'],
    [review({ dryRun: 'yes' }), 'request.dryRun must be true or false, but is "yes"'],
    [review({ kind: 'Pod' }), 'request.kind must be an object, but is "Pod"'],
    [review({ kind: { group: 1 } }), 'request.kind.group must be a text, but is 1'],
    [review({ resource: true }), 'request.resource must be an object, but is true'],
    [review({ resource: { resource: [] } }), 'request.resource.resource must be a text, but is a list'],
    [review({ namespace: 5 }), 'request.namespace must be a text, but is 5'],
    [review({ operation: false }), 'request.operation must be a text, but is false'],
  ])('%j', (body, sentence) => {
    expect(() => parseAdmissionReview(body)).toThrow(InvalidReviewError)
    expect(() => parseAdmissionReview(body)).toThrow(`no AdmissionReview: ${sentence}`)
  })
})
