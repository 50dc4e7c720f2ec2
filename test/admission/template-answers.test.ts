import { expect, test } from 'vitest'
import type { AdmitPorts } from '../../src/admission/admit-pod.ts'
import type { AnsweredReview } from '../../src/admission/answered-review.ts'
import { createTemplateAnswers, type KeepableAnswer } from '../../src/admission/template-answers.ts'
import { createReviewAnswerer } from '../../src/http/answer-review.ts'
import type { NamespaceMeta } from '../../src/injection/pod-request.ts'
import { reviewOf } from '../golden-harness/case-folder.ts'
import { INSTALL, meshedPod } from '../injection/samples.ts'

const OPTED_IN: NamespaceMeta = { labels: { 'tracing.linkerd.io/inject': 'enabled' }, annotations: {} }
const OPTED_OUT: NamespaceMeta = { labels: { 'tracing.linkerd.io/inject': 'disabled' }, annotations: {} }
const OWNER = { kind: 'ReplicaSet', name: 'web-1', uid: 'owner-1', controller: true }

function start(ports: Partial<AdmitPorts> = {}) {
  const told: AnsweredReview[] = []
  const answer = createReviewAnswerer({
    readNamespace: () => OPTED_IN,
    settings: () => INSTALL,
    ...ports,
    report: (answered) => void told.push(answered),
  })
  let last = 0
  /** Whether the next Pod is answered as one before. */
  const ask = async ({ owner = OWNER as object | null, request = {}, pod = meshedPod() as object } = {}) => {
    const { metadata } = pod as { metadata: object }
    const owned = { ...pod, metadata: { ...metadata, ownerReferences: owner === null ? [] : [owner] } }
    const uid = `00000000-0000-4000-8000-${String(++last).padStart(12, '0')}`
    const body = Buffer.from(JSON.stringify(reviewOf(owned, { ...request, uid })))
    const text = await answer(body)
    // The server gives its memory back.
    body.fill(0)
    const { response } = JSON.parse(text) as { response: { uid: string; auditAnnotations: { outcome: string } } }
    expect(response.uid).toBe(uid)
    const latest = told.at(-1)
    expect(latest).toMatchObject({ uid, outcome: response.auditAnnotations.outcome })
    return { outcome: latest?.outcome, isRepeated: latest?.isRepeated }
  }
  return { answer, ask, told }
}

const ANEW = { outcome: 'traced', isRepeated: false }
const REPEATED = { outcome: 'traced', isRepeated: true }

test('from the third Pod of a template on the answer is known', async () => {
  const { ask, told } = start()
  for (const wanted of [ANEW, ANEW, REPEATED, REPEATED]) expect(await ask()).toEqual(wanted)
  expect(told.map(({ owner }) => owner)).toEqual(Array(4).fill('ReplicaSet/web-1'))
})

test.each([
  ['no owner', null],
  ['an owner that does not manage it', { ...OWNER, controller: false }],
  ['an owner without uid', { ...OWNER, uid: undefined }],
  ['an owner whose uid is too long to be remembered', { ...OWNER, uid: 'u'.repeat(65) }],
])('a Pod with %s is answered anew each time', async (_what, owner) => {
  const { ask } = start()
  for (let count = 0; count < 5; count += 1) expect(await ask({ owner })).toEqual(ANEW)
})

test('of owners that did not come for a long time nothing is known', async () => {
  const { ask } = start()
  await ask()
  for (let other = 0; other < 1000; other += 1) await ask({ owner: { ...OWNER, uid: `other-${other}` } })
  for (const wanted of [ANEW, ANEW, REPEATED]) expect(await ask()).toEqual(wanted)
})

test('another template of the same owner is another one', async () => {
  const { ask } = start()
  for (let count = 0; count < 3; count += 1) await ask()
  const pod = meshedPod({ annotations: { 'tracing.linkerd.io/inject': 'disabled' } })
  expect(await ask({ pod })).toEqual({ outcome: 'skipped', isRepeated: false })
  expect(await ask()).toEqual(REPEATED)
})

test('a Namespace that has changed counts at once, and is remembered in the end', async () => {
  let namespace = OPTED_IN
  const { ask } = start({ readNamespace: () => namespace })
  for (let count = 0; count < 3; count += 1) await ask()
  namespace = OPTED_OUT
  const answers = [await ask(), await ask(), await ask()]
  expect(answers.map(({ outcome }) => outcome)).toEqual(Array(3).fill('skipped'))
  expect(answers.map(({ isRepeated }) => isRepeated)).toEqual([false, false, true])
  namespace = OPTED_IN
  expect(await ask()).toEqual(ANEW)
})

test('settings that have changed count at once', async () => {
  let settings = INSTALL
  const { ask } = start({ settings: () => settings })
  for (let count = 0; count < 3; count += 1) await ask()
  settings = { ...INSTALL }
  expect(await ask()).toEqual(ANEW)
})

test('a Namespace that has to be asked for is asked for, and a failure has its warning', async () => {
  let read: AdmitPorts['readNamespace'] = () => OPTED_IN
  const { ask } = start({ readNamespace: (name) => read(name) })
  for (let count = 0; count < 3; count += 1) await ask()
  read = async () => OPTED_OUT
  expect(await ask()).toEqual({ outcome: 'skipped', isRepeated: false })
  read = () => Promise.reject(new Error('broken on purpose'))
  expect(await ask()).toEqual({ outcome: 'skipped', isRepeated: false })
})

test('what came of a fault is not remembered', async () => {
  let isBroken = true
  const settings = () => {
    if (isBroken) throw new Error('broken on purpose')
    return INSTALL
  }
  const { ask } = start({ settings })
  for (let count = 0; count < 3; count += 1) expect(await ask()).toEqual({ outcome: 'skipped', isRepeated: false })
  isBroken = false
  expect(await ask()).toMatchObject({ outcome: 'traced' })
  // Known, and then the settings fail: answered anew, as a fault.
  for (let count = 0; count < 8; count += 1) await ask()
  expect(await ask()).toEqual(REPEATED)
  isBroken = true
  expect(await ask()).toEqual({ outcome: 'skipped', isRepeated: false })
})

test('a request without Namespace asks for none', async () => {
  const { ask } = start({ readNamespace: () => Promise.reject(new Error('asked')) })
  const answers = []
  for (let count = 0; count < 3; count += 1) answers.push(await ask({ request: { namespace: '' } }))
  expect(answers.at(-1)?.isRepeated).toBe(true)
})

test('a dry run is no other’s template', async () => {
  const { ask } = start()
  for (let count = 0; count < 3; count += 1) await ask()
  expect((await ask({ request: { dryRun: true } })).isRepeated).toBe(false)
})

test('a review whose uid is written with escapes is answered anew each time', async () => {
  const { answer, told } = start()
  // The same uid where no decision reads it, without escapes, and another one there in the last Pod.
  const managedFields = [{ manager: UID }]
  const pod = { ...meshedPod(), metadata: { ownerReferences: [OWNER], managedFields } }
  const text = JSON.stringify(reviewOf(pod, { uid: UID })).replace(UID, `7\\u0030${UID.slice(2)}`)
  for (const body of [text, text, text.replace(UID, UID.replace('7', '8'))]) {
    expect(await answer(Buffer.from(body))).toContain(UID)
  }
  expect(told.map(({ isRepeated }) => isRepeated)).toEqual([false, false, false])
})

const UID = '705ab4f5-6393-41e8-b7cc-42010a800002'
const TOKEN = 'kube-api-access-7hx2k'
const base64 = (text: string) => Buffer.from(text).toString('base64')

/** Offers an answer twice, so that it is its owner's turn; tells whether it is known then. */
function isKept(answer: Partial<KeepableAnswer> = {}, padding = 0): boolean {
  const object = {
    metadata: { ownerReferences: [OWNER] },
    spec: { volumes: [{ name: TOKEN }] },
    padding: ' '.repeat(padding),
  }
  const review = { request: { uid: UID, object } }
  const body = Buffer.from(JSON.stringify(review))
  const ports: AdmitPorts = { readNamespace: () => OPTED_IN, settings: () => INSTALL }
  const answers = createTemplateAnswers()
  const answered: AnsweredReview = {
    uid: UID,
    namespace: 'shop',
    owner: 'ReplicaSet/web-1',
    outcome: 'marked',
    dryRun: false,
    warnings: 0,
    isRepeated: false,
  }
  const facts = { found: OPTED_IN, settings: INSTALL }
  for (let count = 0; count < 2; count += 1) {
    answers.keep(body, { review, text: `{"uid":"${UID}"}`, answered, patch: undefined, facts, ...answer })
  }
  return answers.find(body, ports) !== undefined
}

test('an answer is remembered that holds the uid once', () => {
  expect(isKept()).toBe(true)
  expect(isKept({ patch: base64('[{"op":"add"}]') })).toBe(true)
})

test.each([
  ['does not hold the uid', { text: '{}' }],
  ['holds the uid twice', { text: `${UID}, ${UID}` }],
  ['holds the name of the token’s volume', { text: `${UID}: ${TOKEN}` }],
  ['holds it before the uid', { text: `${TOKEN}: ${UID}` }],
  ['is larger than all room', { text: UID + ' '.repeat(4 * 1024 * 1024) }],
  ['is larger before the uid', { text: ' '.repeat(4 * 1024 * 1024) + UID }],
  ['has it in its patch', { patch: base64(`[{"value":"${TOKEN}"}]`) }],
  ['has the uid in its patch', { patch: base64(`[{"value":"${UID}"}]`) }],
])('an answer is not that %s', (_what, answer) => {
  expect(isKept(answer)).toBe(false)
})

test('bodies above half a MiB are not remembered', () => {
  expect(isKept({}, 500 * 1024)).toBe(true)
  expect(isKept({}, 512 * 1024)).toBe(false)
})
