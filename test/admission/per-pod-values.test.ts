import { expect, test } from 'vitest'
import { perPodValues } from '../../src/admission/per-pod-values.ts'

const UID = '705ab4f5-6393-41e8-b7cc-42010a800002'
const TOKEN = 'kube-api-access-7hx2k'
const TIME = '2026-11-28T19:25:11Z'

type Raw = Record<string, unknown>

/** As an API server sends it, with more in Pod, metadata and spec. */
function review({ uid = UID as unknown, metadata = {}, spec = {}, ...pod }: Raw & { metadata?: Raw; spec?: Raw } = {}) {
  const mounts = { volumeMounts: [{ name: 'config' }, { name: TOKEN, readOnly: true }] }
  const object = {
    ...pod,
    metadata: {
      creationTimestamp: TIME,
      managedFields: [{ time: TIME, fieldsV1: { [`k:{"name":"${TOKEN}"}`]: {} } }, null],
      ...metadata,
    },
    spec: {
      volumes: [{ name: 'config' }, { name: TOKEN, projected: {} }],
      containers: [{ name: 'app', ...mounts }, null],
      initContainers: [{ name: 'linkerd-init', ...mounts }],
      ...spec,
    },
  }
  return { kind: 'AdmissionReview', request: { uid, object } }
}

const textsOf = (body: Raw) => perPodValues(body)?.map(({ text }) => text)

test('the uid first, the token’s volume, and times', () => {
  expect(textsOf(review())).toEqual([UID, TOKEN, TIME])
})

test('of the volume’s name what is random, of the others all', () => {
  expect(perPodValues(review())?.map(({ from }) => from)).toEqual([0, 16, 0])
})

test('no alphabet holds what ends or escapes a text, or is no ASCII', () => {
  for (const { alphabet } of perPodValues(review()) ?? []) expect(alphabet).toMatch(/^[\w:-]+$/)
})

test('each time once; what is no time, or to another precision, is part of the template', () => {
  const other = '2026-11-28T19:25:12Z'
  const managedFields = [{ time: TIME }, { time: other }, { time: 7 }, { time: '2026-11-28T19:25:12.5Z' }]
  expect(textsOf(review({ metadata: { managedFields } }))).toEqual([UID, TOKEN, TIME, other])
})

test('more times than a template’s Pod has are not to be compared', () => {
  const times = (count: number) => Array.from({ length: count }, (_, at) => ({ time: `2026-11-28T19:25:1${at}Z` }))
  const textsWith = (managedFields: object[]) =>
    textsOf(review({ metadata: { creationTimestamp: null, managedFields } }))
  expect(textsWith(times(6))).toHaveLength(8)
  expect(textsWith(times(7))).toBeUndefined()
})

test('a volume that is called almost like a token’s is part of the template', () => {
  const spec = { volumes: [{ name: `${TOKEN}x` }, { name: `x-${TOKEN}` }], containers: [], initContainers: [] }
  expect(textsOf(review({ spec, metadata: { managedFields: null } }))).toEqual([UID, TIME])
})

test('a Pod without token and times differs in its uid', () => {
  const bare = { metadata: { creationTimestamp: null, managedFields: null }, spec: { volumes: null, containers: 7 } }
  expect(textsOf(review({ ...bare, spec: { ...bare.spec, initContainers: undefined } }))).toEqual([UID])
  expect(textsOf({ request: { uid: UID, object: { metadata: [], spec: 'x' } } })).toEqual([UID])
  expect(textsOf({ request: { uid: UID } })).toEqual([UID])
})

test.each([
  ['no request', { kind: 'AdmissionReview' }],
  ['a uid that is none', review({ uid: 'u-1' })],
  ['a uid of another type', review({ uid: 7 })],
  ['two volumes with tokens', review({ spec: { volumes: [{ name: TOKEN }, { name: 'kube-api-access-other' }] } })],
  ['a uid that is an annotation too', review({ metadata: { annotations: { 'example.com/by': `x-${UID}` } } })],
  ['a time that is an annotation too', review({ metadata: { annotations: { restartedAt: TIME } } })],
  ['a token’s volume that is an argument too', review({ spec: { containers: [{ args: [`--from=${TOKEN}`] }] } })],
  [
    'a token’s volume whose name another begins with',
    review({ spec: { volumes: [{ name: TOKEN }, { name: `${TOKEN}-2` }] } }),
  ],
  [
    'a token’s volume in a mount that has more of it',
    review({ spec: { containers: [{ volumeMounts: [{ name: TOKEN, mountPath: TOKEN }] }] } }),
  ],
  [
    'a mount whose name another Pod’s volume may have',
    review({ spec: { containers: [{ volumeMounts: [{ name: 'kube-api-access-zzzzz' }, { name: TOKEN }] }] } }),
  ],
  ['containers that are no list', review({ spec: { containers: { volumeMounts: [{ name: TOKEN }] } } })],
  ['a uid that is the Namespace too', { request: { ...review().request, namespace: UID } }],
  ['a token’s volume beside the Pod', { ...review(), note: TOKEN }],
])('%s: not to be compared', (_what, body) => {
  expect(perPodValues(body)).toBeUndefined()
})
