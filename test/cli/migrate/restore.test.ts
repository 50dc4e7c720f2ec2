// `--restore` beside a scripted API server: what it shows, makes first, and leaves.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type BackedUpChange, backupText } from '../../../src/cli/migrate/backup.ts'
import { answer, refuse } from '../../kubernetes/scripted-api.ts'
import { newFolder, runInProcess } from '../cli-run.ts'
import { DEPLOYMENTS, type ScriptedCluster, startScriptedCluster } from '../pod-coverage/scripted-cluster.ts'
import { JAEGERS } from './found.ts'

const ROLES = { root: '/apis/rbac.authorization.k8s.io/v1', plural: 'roles', namespace: 'linkerd-jaeger' }
const NAMESPACE = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'linkerd-jaeger', labels: { a: 'b' } } }
const ROLE = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'Role',
  // Names of roles are paths, not names of hosts: they may have this.
  metadata: { name: 'psp\u001b[2J', namespace: 'linkerd-jaeger' },
  rules: [],
}
const DELETION: BackedUpChange = { do: 'delete', kind: 'Role', collection: ROLES, object: ROLE }

let cluster: ScriptedCluster
let file: string
beforeEach(async () => {
  cluster = await startScriptedCluster()
  file = join(await newFolder(), 'backup.json')
  cluster.putNamespace('kube-system', { uid: 'this-cluster', labels: {} })
  cluster.api.intercepts.unshift(({ method, path, body }, response) => {
    if (method !== 'POST') return false
    if (path.endsWith('/selfsubjectaccessreviews')) return answer(response, { status: { allowed: true } })
    const object = JSON.parse(body)
    if (cluster.api.get(path, object.metadata.name) !== undefined) return refuse(response, 409, 'AlreadyExists')
    cluster.api.put(path, object)
    return answer(response, object)
  })
})
afterEach(() => cluster.stop())

async function restore(changes: readonly BackedUpChange[], ...words: string[]) {
  await writeFile(file, backupText({ cluster: 'this-cluster', changes, namespaces: [NAMESPACE] }))
  cluster.api.requests.length = 0
  return cluster.run('migrate', '--restore', file, ...words)
}

const made = () =>
  cluster.api.requests
    .filter(({ method, path }) => method === 'POST' && !path.endsWith('/selfsubjectaccessreviews'))
    .map(({ path }) => path.split('/').at(-1))

describe('a Namespace that was deleted by hand since', () => {
  test('is made before what was in it', async () => {
    const { code, stdout } = await restore([DELETION], '--yes')
    expect({ code, made: made() }).toEqual({ code: 0, made: ['namespaces', 'roles'] })
    expect(stdout).toMatch(/^Namespace linkerd-jaeger is as before\nRole linkerd-jaeger\/psp\\u001b\[2J is as before\n/)
    expect(cluster.api.get('/api/v1/namespaces', 'linkerd-jaeger')).toMatchObject({ metadata: { labels: { a: 'b' } } })
  })

  test('cannot have a dry run of what goes into it, which is told', async () => {
    const { code, stderr } = await restore([DELETION], '--dry-run')
    expect({ code, made: made() }).toEqual({ code: 0, made: ['namespaces'] })
    expect(stderr).toBe('warning: what goes into Namespace linkerd-jaeger cannot be tried before that is there\n')
  })

  test('is left alone while it is there', async () => {
    cluster.putNamespace('linkerd-jaeger')
    await restore([DELETION], '--yes')
    expect(made()).toEqual(['roles'])
  })
})

test('whoever is asked sees what comes back', async () => {
  await restore([DELETION], '--dry-run')
  const ran = runInProcess(['migrate', '--restore', file, '--kubeconfig', cluster.kubeconfig], {}, { typed: 'n\n' })
  expect(await ran.returned).toBe(2)
  expect(ran.stdout()).toMatch(/^ {2}Role linkerd-jaeger\/psp\\u001b\[2J\nnothing was changed\n$/)
})

test('what somebody has made in its place is left, and is not told for what was before', async () => {
  cluster.putNamespace('linkerd-jaeger')
  await restore([DELETION], '--yes')
  expect((await restore([DELETION], '--yes')).stdout).toContain('was as before already\n')
  const other = { ...ROLE, rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] }
  expect(await restore([{ ...DELETION, object: other }], '--yes')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^warning: Role .* was changed since by somebody else, and is left as it is\n$/),
  })
})

describe('what was changed', () => {
  const annotations = (value: string | null) => ({
    spec: { template: { metadata: { annotations: { 'config.linkerd.io/trace-collector': value } } } },
  })
  const object = { metadata: { name: 'web', namespace: 'shop' } }
  const change: BackedUpChange = {
    ...{ do: 'change', kind: 'Deployment', collection: { ...DEPLOYMENTS, namespace: 'shop' }, object },
    ...{ merge: annotations(null), undo: annotations(JAEGERS) },
  }

  test('of a template has its Pods made anew, which is told', async () => {
    cluster.put(DEPLOYMENTS, { ...object, spec: { template: {} } })
    expect((await restore([change], '--yes')).stdout).toContain(
      'Deployment shop/web is as before, and its Pods are being made anew\n',
    )
  })

  test('is not as before where it is gone', async () => {
    const gone = { ...change, merge: annotations(JAEGERS), undo: annotations(null) }
    cluster.api.change('/apis/apps/v1/namespaces/shop/deployments', () => {})
    expect(await restore([gone], '--yes')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('warning: Deployment shop/web was changed since'),
    })
  })
})
