import { isJsonObject, type JsonObject, listOf, objectOf } from '../injection/json.ts'

/** A text that differs from Pod to Pod of one template. */
export interface PerPodValue {
  readonly text: string
  /** Where in the text it begins to differ; it does to its end. */
  readonly from: number
  /** The characters that may stand there; none of them ends a text in JSON, or is more than one byte. */
  readonly alphabet: string
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz'
const DIGITS = '0123456789'

/** The uid of an admission request. Source: k8s.io/apimachinery/pkg/util/uuid. */
const UID = { pattern: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, from: 0, alphabet: `${DIGITS}abcdef-` }

/**
 * The volume with the ServiceAccount's token, which the API server adds with five random characters in its name.
 * Source: k8s.io/kubernetes/plugin/pkg/admission/serviceaccount, ServiceAccountVolumeName.
 */
const TOKEN_VOLUME = {
  pattern: /^kube-api-access-[a-z0-9]{5}$/,
  from: 'kube-api-access-'.length,
  alphabet: LETTERS + DIGITS,
}

/** A Pod of a template has three. Each one is looked for in all of the text. */
const MOST_VALUES = 8

/** When the object was made, and each field set, to the second. Source: k8s.io/apimachinery/pkg/apis/meta/v1, Time. */
const TIME = { pattern: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, from: 0, alphabet: `${DIGITS}-:TZ` }

/**
 * Takes a parsed AdmissionReview, gives what in it differs between the Pods of one template, the request's uid first: by
 * what a real API server sends for the Pods of a ReplicaSet (test/cluster/template-answers.cluster-test.ts). No decision
 * depends on these values (test/admission/per-pod-values.test.ts). Gives undefined where one of them also stands in a place that
 * a decision may read.
 */
export function perPodValues(review: JsonObject): readonly PerPodValue[] | undefined {
  const request = objectOf(review, 'request') ?? {}
  const pod = objectOf(request, 'object') ?? {}
  const uids = valuesOf(UID, [request['uid']])
  const tokenVolumes = valuesOf(TOKEN_VOLUME, namesOf(objectOf(pod, 'spec'), 'volumes'))
  const values = [...uids, ...tokenVolumes, ...valuesOf(TIME, timesOf(objectOf(pod, 'metadata')))]
  if (uids.length !== 1 || values.length > MOST_VALUES) return undefined
  const rest = JSON.stringify({
    ...review,
    request: { ...request, uid: null, object: restOf(pod, tokenVolumes[0]?.text) },
  })
  return values.some((value) => rest.includes(beginning(value))) ? undefined : values
}

/** What the value begins with in every Pod: a second text that begins so, and is no value here, may be the value of the next Pod. */
function beginning({ text, from }: PerPodValue): string {
  return from === 0 ? text : text.slice(0, from)
}

function valuesOf({ pattern, ...how }: typeof UID, texts: readonly unknown[]): PerPodValue[] {
  const found = texts.filter((text) => typeof text === 'string').filter((text) => pattern.test(text))
  return [...new Set(found)].map((text) => ({ text, ...how }))
}

function namesOf(object: JsonObject | undefined, key: string): unknown[] {
  return listOf(object, key)
    .filter(isJsonObject)
    .map(({ name }) => name)
}

function timesOf(metadata: JsonObject | undefined): unknown[] {
  const fields = listOf(metadata, 'managedFields').filter(isJsonObject)
  return [metadata?.['creationTimestamp'], ...fields.map(({ time }) => time)]
}

/** The Pod without the places where the values are known to stand; what is of another type than it should be stays. */
function restOf(pod: JsonObject, tokenName: string | undefined): JsonObject {
  const metadata = objectOf(pod, 'metadata')
  const spec = objectOf(pod, 'spec')
  return {
    ...pod,
    ...(metadata && { metadata: { ...metadata, managedFields: null, creationTimestamp: null } }),
    ...(spec && { spec: withoutName(spec, tokenName) }),
  }
}

function withoutName(spec: JsonObject, tokenName: string | undefined): JsonObject {
  const inEntry = (entry: JsonObject) => (entry['name'] === tokenName ? { ...entry, name: null } : entry)
  const inContainer = (container: JsonObject) => mapList(container, 'volumeMounts', inEntry)
  const inVolumes = mapList(spec, 'volumes', inEntry)
  return mapList(mapList(inVolumes, 'containers', inContainer), 'initContainers', inContainer)
}

/** The same object, with each object in a list of it changed; the same when there is no list. */
function mapList(object: JsonObject, key: string, change: (entry: JsonObject) => JsonObject): JsonObject {
  const list = object[key]
  if (!Array.isArray(list)) return object
  return { ...object, [key]: list.map((entry) => (isJsonObject(entry) ? change(entry) : entry)) }
}
