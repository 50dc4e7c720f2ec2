import { expect, test } from 'vitest'
import type { Admission } from '../../src/admission/admit-pod.ts'
import { answeredReview } from '../../src/admission/answered-review.ts'
import type { PodRequest } from '../../src/injection/pod-request.ts'
import { logDecision } from '../../src/runtime/decision-log.ts'
import { createLogger } from '../../src/runtime/logger.ts'

const OWNED = {
  metadata: {
    generateName: 'web-1-',
    ownerReferences: [
      { kind: 'Other', name: 'x' },
      { kind: 'ReplicaSet', name: 'web-1', controller: true },
    ],
  },
  spec: { containers: [{ name: 'secret-container' }] },
}

function requestOf(object: unknown, more: Partial<PodRequest> = {}): PodRequest {
  return { uid: 'u-1', namespace: 'shop', name: '', dryRun: false, object, ...more } as PodRequest
}

function logged(request: PodRequest, admission: Pick<Admission, 'decision'> & { fault?: unknown }) {
  const lines: string[] = []
  const log = createLogger('info', { write: (line: string) => void lines.push(line) })
  logDecision(log, answeredReview(request, admission as Admission))
  expect(lines).toHaveLength(1)
  return JSON.parse(lines[0] ?? '') as Record<string, unknown>
}

const MARKED = { decision: { outcome: 'marked', warnings: [] } } as const

test('one line: where, whose, what, why, uid, dry run, warnings; and nothing of the Pod', () => {
  const decision = { outcome: 'skipped', reason: 'not-meshed', warnings: ['a', 'b'] } as const
  const line = logged(requestOf(OWNED, { dryRun: true }), { decision })
  expect(line).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-.*Z$/),
    msg: 'decision',
    namespace: 'shop',
    owner: 'ReplicaSet/web-1',
    outcome: 'skipped',
    reason: 'not-meshed',
    uid: 'u-1',
    dryRun: true,
    warnings: 2,
  })
})

test('a Pod that was not skipped has no reason', () => {
  expect(logged(requestOf(OWNED), MARKED)).not.toHaveProperty('reason')
})

test.each([
  { by: 'the request’s name', more: { name: 'asked' }, object: { metadata: { name: 'web' } }, owner: 'asked' },
  { by: 'the Pod’s name', more: {}, object: { metadata: { name: 'web', generateName: 'web-' } }, owner: 'web' },
  { by: 'the beginning of its name', more: {}, object: { metadata: { generateName: 'web-' } }, owner: 'web-' },
  { by: 'nothing (no Pod)', more: {}, object: null, owner: '' },
  { by: 'nothing (odd types)', more: {}, object: { metadata: { ownerReferences: 'x', name: 7 } }, owner: '' },
  {
    by: 'an odd owner',
    more: {},
    object: { metadata: { ownerReferences: [null, { controller: true, kind: 7 }] } },
    owner: '/',
  },
])('a Pod is called by $by', ({ more, object, owner }) => {
  expect(logged(requestOf(object, more), MARKED)['owner']).toBe(owner)
})

test('names that are none are cut', () => {
  const line = logged(requestOf({ metadata: { name: 'x'.repeat(1e6) } }, { uid: 'y'.repeat(1e6) }), MARKED)
  expect(String(line['owner'])).toHaveLength(254)
  expect(String(line['uid'])).toHaveLength(254)
})

test('a fault of ours is an error, with its stack', () => {
  const decision = { outcome: 'skipped', reason: 'internal-error', warnings: [] } as const
  const line = logged(requestOf(OWNED), { decision, fault: new Error('boom') })
  expect(line).toMatchObject({ level: 'error', reason: 'internal-error', err: { message: 'boom' } })
})
