// What a command sends when it changes a cluster. test/cluster/migrate.cluster-test.ts has a real API server take it.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { answer, refuse } from './scripted-api.ts'
import { type ScriptedChanges, startScriptedChanges } from './scripted-changes.ts'

const ROLES = { root: '/apis/rbac.authorization.k8s.io/v1', plural: 'clusterroles' }
const SEEN = { uid: 'u', resourceVersion: '7' }

let scripted: ScriptedChanges
beforeEach(async () => {
  scripted = await startScriptedChanges()
})
afterEach(() => scripted.stop())

const sent = () =>
  scripted.api.requests.map(({ method, path, query, body }) => ({
    method,
    path,
    query,
    body: JSON.parse(body) as object,
  }))

test('an object is deleted as it was seen, and what it owns goes in the background', async () => {
  scripted.api.intercepts.push((_request, response) => answer(response, { kind: 'Status' }))
  await scripted.changes.remove({ collection: ROLES, name: 'old', seen: SEEN })
  expect(sent()).toMatchObject([
    {
      method: 'DELETE',
      path: '/apis/rbac.authorization.k8s.io/v1/clusterroles/old',
      body: { kind: 'DeleteOptions', preconditions: SEEN, propagationPolicy: 'Background' },
    },
  ])
  expect(sent()[0]?.body).not.toHaveProperty('dryRun')
  expect(scripted.told).toEqual(['delete clusterroles "old": ok'])
})

test('a dry run of it says so in the body, where alone it is read', async () => {
  scripted.api.intercepts.push((_request, response) => answer(response, { kind: 'Status' }))
  await scripted.changes.remove({ collection: ROLES, name: 'old', seen: SEEN, dryRun: true })
  expect(sent()).toMatchObject([{ body: { dryRun: ['All'] } }])
  expect(scripted.told).toEqual(['delete clusterroles "old" (dry run): ok'])
})

test('without a name nothing is deleted', async () => {
  await expect(scripted.changes.remove({ collection: ROLES, name: '', seen: SEEN })).rejects.toThrow(
    'it would be all of them',
  )
  expect(sent()).toEqual([])
})

test('an object is made', async () => {
  scripted.api.intercepts.push(({ body }, response) => answer(response, JSON.parse(body)))
  const object = { metadata: { name: 'new' } }
  expect(await scripted.changes.create({ collection: ROLES, object })).toEqual(object)
  expect(sent()).toMatchObject([{ method: 'POST', path: '/apis/rbac.authorization.k8s.io/v1/clusterroles' }])
})

test('a refusal names what was asked for, and the right that is missing', async () => {
  scripted.api.intercepts.push((_request, response) => refuse(response, 403, 'no'))
  await expect(scripted.changes.remove({ collection: ROLES, name: 'old', seen: SEEN })).rejects.toThrow(
    'cannot delete clusterroles "old": HTTP 403: the right to delete clusterroles "old" is missing (no)',
  )
})
