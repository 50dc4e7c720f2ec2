// How steps are done, beside an API server that is scripted to be in the way.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type ApplyParts, applySteps } from '../../../src/cli/migrate/apply-steps.ts'
import type { FoundObject } from '../../../src/cli/migrate/migration-facts.ts'
import type { Need, Step } from '../../../src/cli/migrate/migration-plan.ts'
import { answer, refuse, type ScriptedApi } from '../../kubernetes/scripted-api.ts'
import { startScriptedChanges } from '../../kubernetes/scripted-changes.ts'

const ROLES = { root: '/apis/rbac.authorization.k8s.io/v1', plural: 'clusterroles' }
const PATH = `${ROLES.root}/${ROLES.plural}`

let api: ScriptedApi
let parts: ApplyParts
let told: string[]
/** Done, begun and left. */
let applying: string[]
let stop: () => Promise<void>
beforeEach(async () => {
  const { cluster, changes, ...scripted } = await startScriptedChanges()
  ;[api, stop, told, applying] = [scripted.api, scripted.stop, [], []]
  for (const name of ['a', 'b', 'c']) api.put(PATH, { metadata: { name, uid: `uid-${name}` }, rules: [] })
  api.intercepts.push(({ method, path }, response) => {
    if (method !== 'DELETE') return false
    api.change(PATH, (objects) => objects.delete(path.split('/').at(-1) ?? ''))
    return answer(response, { kind: 'Status' })
  })
  parts = {
    ...{ cluster, changes, timeoutMs: 0, isDryRun: false },
    clock: { now: () => 0, pause: () => Promise.resolve() },
    awaitDecision: () => Promise.resolve(),
    removalObstacle: () => Promise.resolve(undefined),
    tell: (line) => told.push(line),
    onProgress: () => {},
    onGoing: () => {},
    onApplying: ({ done, begun, left }) =>
      applying.push([titlesOf(done), begun?.title ?? '-', titlesOf(left)].join(' | ')),
  }
})
afterEach(() => stop())

function found(name: string): FoundObject {
  const object = structuredClone(api.get(PATH, name) ?? {})
  return { kind: 'ClusterRole', collection: ROLES, object }
}

function deletion(name: string, needs: readonly Need[] = []): Step {
  return { phase: 'remove', title: `delete ${name}`, needs, action: { do: 'delete', target: found(name) } }
}

const titlesOf = (steps: readonly Step[]) => steps.map(({ title }) => title).join(', ')
const deleted = () => api.requests.filter(({ method }) => method === 'DELETE').map(({ path }) => path.split('/').at(-1))

test('one after the other, each told when it is done, and how far it is for who ends it', async () => {
  const steps = [deletion('b'), deletion('a')]
  expect(await applySteps(steps, parts)).toEqual({ done: steps, notes: [] })
  expect(applying).toEqual([
    ' | - | delete b, delete a',
    ' | delete b | delete a',
    'delete b | - | delete a',
    'delete b | delete a | ',
    'delete b, delete a | - | ',
  ])
  expect(deleted()).toEqual(['b', 'a'])
  expect(told).toEqual(['done: delete b', 'done: delete a'])
})

test('the first that is refused stops the rest, and the message says what was done and what was not', async () => {
  api.intercepts.unshift(
    ({ method, path }, response) => method === 'DELETE' && path.endsWith('/b') && refuse(response, 500, 'no'),
  )
  await expect(applySteps([deletion('a'), deletion('b'), deletion('c')], parts)).rejects.toThrow(
    'failed to delete b: cannot delete clusterroles "b": HTTP 500 (no); done before: delete a; not done: delete c',
  )
  expect(deleted()).toEqual(['a', 'b'])
})

test('what was changed since it was kept is not deleted: the backup would bring back another', async () => {
  const step = deletion('a')
  api.put(PATH, { metadata: { name: 'a', uid: 'uid-a' }, rules: [{ verbs: ['get'] }] })
  await expect(applySteps([step], parts)).rejects.toThrow('ClusterRole a was changed meanwhile by somebody else')
  expect(deleted()).toEqual([])
})

test('it is deleted as it is now, whatever its status has become', async () => {
  const step = deletion('a')
  api.put(PATH, { metadata: { name: 'a', uid: 'uid-a' }, rules: [], status: { seen: true } })
  await applySteps([step], parts)
  const { body } = api.requests.find(({ method }) => method === 'DELETE') ?? { body: '{}' }
  expect(JSON.parse(body).preconditions).toEqual({ uid: 'uid-a', resourceVersion: expect.stringMatching(/^\d+$/) })
})

test('what is gone already is done', async () => {
  const step = deletion('a')
  api.change(PATH, (objects) => objects.delete('a'))
  expect((await applySteps([step], parts)).done).toEqual([step])
  expect(deleted()).toEqual([])
})

test('linkerd-jaeger stays while something is in the way, which is asked once and told once', async () => {
  let asked = 0
  const removalObstacle = () => {
    asked++
    return Promise.resolve('somebody sends to it')
  }
  const steps = [deletion('a', ['remove-jaeger']), deletion('b', ['remove-jaeger']), deletion('c')]
  const { done, notes } = await applySteps(steps, { ...parts, removalObstacle })
  expect({ asked, notes, done: done.map(({ title }) => title) }).toEqual({
    asked: 1,
    notes: ['somebody sends to it'],
    done: ['delete c'],
  })
  expect(deleted()).toEqual(['c'])
  expect(applying.at(-1)).toBe('delete c | - | delete a, delete b')
})

test('a workload is told as going from its change until its rollout has ended', async () => {
  const workload = { namespace: 'shop', group: 'apps', kind: 'Deployment', name: 'web' }
  const status = { observedGeneration: 1, updatedReplicas: 1, replicas: 1, availableReplicas: 1 }
  const web = { metadata: { name: 'web', namespace: 'shop', generation: 1 }, spec: { replicas: 1 }, status }
  api.put('/apis/apps/v1/namespaces/shop/deployments', web)
  const seen: string[] = []
  api.intercepts.unshift(({ method }, response) => {
    seen.push(method)
    return method === 'PATCH' && answer(response, web)
  })
  const step: Step = { phase: 'restart', title: 'restart web', needs: [], action: { do: 'restart', workload } }
  await applySteps([step], { ...parts, timeoutMs: 1_000, onGoing: (going) => seen.push(going?.name ?? 'none') })
  expect(seen).toEqual(['GET', 'web', 'PATCH', 'GET', 'none'])
})

test('nothing is restarted before new Pods would be traced', async () => {
  const workload = { namespace: 'shop', group: 'apps', kind: 'Deployment', name: 'web' }
  const step: Step = { phase: 'restart', title: 'restart web', needs: [], action: { do: 'restart', workload } }
  const awaitDecision = () => Promise.reject(new Error('new Pods would not be traced'))
  await expect(applySteps([step], { ...parts, awaitDecision })).rejects.toThrow('failed to restart web: new Pods would')
  expect(api.requests).toEqual([])
})

describe('a change', () => {
  const patch = (value: string | null) => ({ metadata: { labels: { wanted: value } } })
  const step = (): Step => {
    const action = { do: 'change', target: found('a'), merge: patch('new'), undo: patch(null) } as const
    return { phase: 'opt-in', title: 'label a', needs: [], action }
  }
  const patched = () => api.requests.filter(({ method }) => method === 'PATCH')

  test('that somebody has made already is done', async () => {
    api.put(PATH, { metadata: { name: 'a', labels: { wanted: 'new' } } })
    expect((await applySteps([step()], parts)).done).toHaveLength(1)
    expect(patched()).toEqual([])
  })

  test('of what somebody has changed since is not made', async () => {
    api.put(PATH, { metadata: { name: 'a', labels: { wanted: 'other' } } })
    await expect(applySteps([step()], parts)).rejects.toThrow('ClusterRole a was changed meanwhile by somebody else')
    expect(patched()).toEqual([])
  })
})

test('a dry run of a restart asks the API server, and waits for nothing', async () => {
  const workload = { namespace: 'shop', group: 'apps', kind: 'Deployment', name: 'web' }
  api.intercepts.unshift(({ method }, response) => method === 'PATCH' && answer(response, { kind: 'Deployment' }))
  const step: Step = { phase: 'restart', title: 'restart web', needs: [], action: { do: 'restart', workload } }
  const awaitDecision = () => Promise.reject(new Error('asked'))
  await applySteps([step], { ...parts, isDryRun: true, awaitDecision })
  expect(api.requests).toMatchObject([{ method: 'PATCH', query: { dryRun: 'All' } }])
  expect(told).toEqual(['would be done (dry run): restart web'])
})
