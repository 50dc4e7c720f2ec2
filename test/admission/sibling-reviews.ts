/** Reviews of the Pods of one template, as an API server sends them: what differs, differs at random. */

import type { Random } from '../fuzz/random.ts'
import { list, mapping, type Raw } from '../golden-harness/raw-pod.ts'

const UID = '11111111-2222-4333-8444-555555555555'
const TOKEN = 'kube-api-access-zzzzz'
const TIME = '2026-01-01T00:00:00Z'
/** The token's volume of some siblings. */
const MET_TOKEN = 'kube-api-access-bbbbb'

/** Takes a review and a Pod, gives the text of the review with that Pod as a ReplicaSet's: with owner, token volume and field times. */
export function templateOf(review: object, pod: unknown): string {
  const whole = mapping(pod)
  const metadata = { ...mapping(whole['metadata']), managedFields: managedFields() }
  const owner = { kind: 'ReplicaSet', name: 'web-1', uid: '99999999-2222-4333-8444-555555555555', controller: true }
  const spec = mapping(whole['spec'])
  const mount = { name: TOKEN, readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' }
  const hasToken = list(spec['volumes']).some((volume) => mapping(volume)['name'] === TOKEN)
  const object: Raw = {
    ...whole,
    metadata: { ...metadata, ownerReferences: [owner] },
    spec: {
      ...spec,
      volumes: hasToken ? spec['volumes'] : [...list(spec['volumes']), { name: TOKEN, projected: { sources: [] } }],
      containers: withMount(spec, mount),
    },
  }
  return JSON.stringify({ ...review, request: { ...mapping(mapping(review)['request']), uid: UID, object } })
}

/** The containers of a Pod, each with one more mount. */
function withMount(spec: Raw, mount: Raw): Raw[] {
  return list(spec['containers']).map((container) => {
    const raw = mapping(container)
    return { ...raw, volumeMounts: [...list(raw['volumeMounts']), mount] }
  })
}

function managedFields(): unknown[] {
  const fieldsV1 = { 'f:spec': { 'f:volumes': { [`k:{"name":"${TOKEN}"}`]: {} } } }
  // A uid where no decision reads it: who writes fields may call himself as he likes.
  return [{ manager: UID, operation: 'Update', time: TIME, fieldsType: 'FieldsV1', fieldsV1 }]
}

/**
 * Takes a Pod, gives it with a volume of labels that is called like the token's, and mounts that are called like that of some
 * sibling: which of them are mounts of that volume differs from sibling to sibling.
 */
export function withNamesThatMeet(pod: unknown): unknown {
  const whole = mapping(pod)
  const spec = mapping(whole['spec'])
  const items = [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }]
  const labels = { name: TOKEN, downwardAPI: { items } }
  const containers = withMount(spec, { name: MET_TOKEN, mountPath: '/var/run/met' })
  return { ...whole, spec: { ...spec, volumes: [...list(spec['volumes']), labels], containers } }
}

/** Takes the text of a template, gives it with a character of these values written with an escape somewhere, as JSON may be. */
export function escaped(template: string, random: Random): string {
  const value = random.oneOf([UID, TOKEN, TIME])
  const places = [...template.matchAll(new RegExp(value, 'g'))].map(({ index }) => index)
  const at = random.oneOf(places) + (random.part() < 0.3 ? 0 : random.below(value.length))
  const code = template.charCodeAt(at).toString(16).padStart(4, '0')
  return `${template.slice(0, at)}\\u${code}${template.slice(at + 1)}`
}

/** Takes the text of a template, gives that of a Pod of it. */
export function siblingOf(template: string, random: Random): string {
  const some = (alphabet: string, count: number) =>
    Array.from({ length: count }, () => random.oneOf([...alphabet])).join('')
  const hex = (count: number) => some('0123456789abcdef', count)
  const uid = `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`
  const token = `kube-api-access-${some('bcdfghjklmnpqrstvwxz2456789', 5)}`
  const time = `2026-11-${10 + random.below(20)}T1${random.below(10)}:00:0${random.below(10)}Z`
  // Now and then what the template has written with an escape, or one that others meet.
  const mostly = (value: string, seldom: readonly string[]) => (random.part() < 0.7 ? value : random.oneOf(seldom))
  return template
    .replaceAll(UID, mostly(uid, [UID]))
    .replaceAll(TOKEN, mostly(token, [TOKEN, MET_TOKEN]))
    .replaceAll(TIME, time)
}

/** Takes the text of a review, gives it with some bytes changed, mostly in what differs between Pods, and just beside. */
export function spoiled(text: string, random: Random): Buffer {
  const body = Buffer.from(text)
  const places = ['"uid":"', 'kube-api-access-', '"time":"'].map((place) => body.indexOf(place) + place.length)
  for (let count = 1 + random.below(2); count > 0; count -= 1) {
    const at = random.part() < 0.8 ? random.oneOf(places) - 2 + random.below(40) : random.below(body.length)
    body[Math.min(at, body.length - 1)] = random.oneOf([0x22, 0x5c, 0x80, 0x0a, 0x2d, 0x61, 0x7a, random.below(256)])
  }
  return body
}
