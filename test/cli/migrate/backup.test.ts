import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { backupOf } from '../../../src/cli/migrate/backup.ts'
import { backupName, readBackup, writeBackup } from '../../../src/cli/migrate/backup-file.ts'
import { planMigration } from '../../../src/cli/migrate/plan-migration.ts'
import { restorable } from '../../../src/cli/migrate/restorable.ts'
import type { Raw } from '../../injection/samples.ts'
import { newFolder } from '../cli-run.ts'
import { WHOLE } from './found.ts'

const { steps } = planMigration(WHOLE)
const SERVICES = { root: '/api/v1', plural: 'services', namespace: 'n' }

describe('a backup', () => {
  test('has what each step deletes or changes, and nothing of restarts and what is done by hand', () => {
    const { changes } = backupOf({ steps, cluster: 'uid', facts: WHOLE })
    expect(changes.map(({ do: what, kind }) => `${what} ${kind}`)).toEqual([
      'change Namespace',
      'delete MutatingWebhookConfiguration',
      ...['Deployment', 'Deployment', 'Deployment', 'Secret', 'ClusterRoleBinding', 'ClusterRole'].map(
        (kind) => `delete ${kind}`,
      ),
    ])
  })

  test('has the Namespaces of linkerd-jaeger that it empties, for they are deleted by hand', () => {
    const { namespaces } = backupOf({ steps, cluster: 'uid', facts: WHOLE })
    const labels = { 'linkerd.io/extension': 'jaeger' }
    expect(namespaces).toEqual([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'linkerd-jaeger', labels } }])
    expect(backupOf({ steps: steps.slice(0, 2), cluster: 'uid', facts: WHOLE }).namespaces).toEqual([])
  })

  test('is read as it was written, for its owner alone', async () => {
    const file = join(await newFolder(), 'backup.json')
    const backup = backupOf({ steps, cluster: 'uid', facts: WHOLE })
    await writeBackup(file, backup)
    expect(await readBackup(file)).toEqual({ ...backup })
    if (process.platform !== 'win32') expect((await stat(file)).mode & 0o777).toBe(0o600)
  })

  test('does not take the place of a file, nor of a folder that is not there', async () => {
    const folder = await newFolder()
    const file = join(folder, 'backup.json')
    await writeFile(file, 'mine')
    const write = (name: string) => writeBackup(name, backupOf({ steps, cluster: 'uid', facts: WHOLE }))
    await expect(write(file)).rejects.toThrow('it is there already, and is not overwritten; nothing was changed')
    expect(await readFile(file, 'utf8')).toBe('mine')
    await expect(write(join(folder, 'none', 'backup.json'))).rejects.toThrow(
      /^--backup .*ENOENT.*; nothing was changed$/,
    )
    await mkdir(join(folder, 'folder'))
    await expect(write(join(folder, 'folder'))).rejects.toThrow('nothing was changed')
  })

  test('has a name that sorts by time, and that every file system takes', () => {
    expect(backupName(new Date('2026-11-28T12:16:47.5Z'))).toBe('linkerd-tracing-migrate-2026-11-28T12-16-47Z.json')
  })
})

test.each<[string, string, string]>([
  ['no JSON', 'x', 'format is null, and must be "linkerd-tracing/migrate/v1"'],
  ['of another format', '{"format":"v2"}', 'format is "v2", and must be "linkerd-tracing/migrate/v1"'],
  ['without its cluster', '{"format":"linkerd-tracing/migrate/v1"}', 'cluster is absent'],
  [
    'with a change that is none',
    '{"format":"linkerd-tracing/migrate/v1","cluster":"u","changes":[{"do":"delete"}]}',
    'changes[0] must be',
  ],
  // What stands behind the server's address could turn it into another one, which credentials would go to.
  ...[
    { collection: { root: '@elsewhere.example/api/v1', plural: 'services' } },
    { collection: { root: '/api/v1', plural: '../secrets' } },
    { collection: { root: '/api/v1', plural: 'services', namespace: 7 } },
    { object: { metadata: { name: '' } } },
  ].map((wrong): [string, string, string] => {
    const change = {
      do: 'delete',
      kind: 'Service',
      collection: SERVICES,
      object: { metadata: { name: 'a' } },
      ...wrong,
    }
    const backup = { format: 'linkerd-tracing/migrate/v1', cluster: 'u', changes: [change] }
    return [`with ${JSON.stringify(wrong)}`, JSON.stringify(backup), 'changes[0] must be']
  }),
])('a backup %s is refused with the file and what is wrong', async (_what, text, said) => {
  const file = join(await newFolder(), 'backup.json')
  await writeFile(file, text)
  await expect(readBackup(file)).rejects.toThrow(`--restore ${file}: ${said}`)
})

describe('an object that is made again', () => {
  const again = (kind: string, object: Raw): Raw => restorable({ kind, collection: SERVICES, object })

  test('has nothing that the API server gives, and the version that it was read by', () => {
    const metadata = { name: 'a', uid: 'u', resourceVersion: '1', generation: 2, managedFields: [], labels: { x: 'y' } }
    const object = { metadata, spec: { replicas: 1 }, status: { replicas: 1 } }
    expect(
      restorable({ kind: 'Deployment', collection: { root: '/apis/apps/v1', plural: 'deployments' }, object }),
    ).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'a', labels: { x: 'y' } },
      spec: { replicas: 1 },
    })
  })

  test('of a Service it asks for no address, which another may have by now; a headless one stays headless', () => {
    const spec = { clusterIP: '10.0.0.7', clusterIPs: ['10.0.0.7'], ports: [] }
    expect(again('Service', { metadata: {}, spec }).spec).toEqual({ ports: [] })
    const headless = { clusterIP: 'None', clusterIPs: ['None'] }
    expect(again('Service', { metadata: {}, spec: headless }).spec).toEqual(headless)
  })
})
