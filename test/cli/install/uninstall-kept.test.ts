// `uninstall` names what was installed, whatever flags that was given.
import { afterEach, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { collectionOf } from '../../../src/cli/check/wanted-objects.ts'
import type { Raw } from '../../injection/samples.ts'
import { type ServedCluster, serveCluster } from '../check/served-cluster.ts'
import { runInProcess } from '../cli-run.ts'

let cluster: ServedCluster
afterEach(() => cluster.close())

async function run(...words: string[]) {
  const one = runInProcess([...words, '--policy', 'off', '--kubeconfig', cluster.kubeconfig])
  expect(await one.returned, one.stderr()).toBe(0)
  return parseAllDocuments(one.stdout()).map((document) => document.toJS() as Raw)
}

const namesOf = (objects: readonly Raw[]) =>
  objects.map(({ kind, metadata }) => [kind, metadata.namespace, metadata.name].filter(Boolean).join(' ')).toSorted()

/** A cluster in which nothing else was applied. */
async function installed(...flags: string[]): Promise<readonly string[]> {
  cluster = await serveCluster()
  cluster.objects.clear()
  const objects = await run('install', ...flags)
  for (const object of objects) {
    const { root, namespace, plural } = collectionOf(object)
    const scope = namespace === undefined ? '' : `/namespaces/${namespace}`
    cluster.objects.set(`${root}${scope}/${plural}/${object.metadata.name}`, object)
  }
  return namesOf(objects)
}

const LAYOUTS: ReadonlyArray<readonly string[]> = [
  ['-n', 'linkerd', '--jaeger', 'badger', '--set', 'collector.replicas=2'],
  ['-n', 'tracing', '--certs', 'cert-manager'],
]

test.each(LAYOUTS)('of %s %s …: nothing is left, though no flag is said again', async (...flags) => {
  const names = await installed(...flags)
  expect(namesOf(await run('uninstall'))).toEqual(names)
})

test('flags lie above what is kept; another Namespace is another installation', async () => {
  await installed('-n', 'linkerd', '--jaeger', 'badger')
  expect(namesOf(await run('uninstall', '--jaeger', 'memory')).join()).not.toContain('PersistentVolumeClaim')
  const other = namesOf(await run('uninstall', '-n', 'elsewhere'))
  expect(other).toContain('Namespace elsewhere')
  expect(other.join()).not.toContain('PersistentVolumeClaim')
})

test('what cannot be read counts for nothing', async () => {
  const names = await installed('-n', 'linkerd')
  const kept = '/api/v1/namespaces/linkerd/configmaps/linkerd-tracing-config'
  cluster.objects.get(kept).data['values.yaml'] = 'collector: { replica: 2 }'
  expect(namesOf(await run('uninstall', '-n', 'linkerd'))).toEqual(names)
  cluster.refusals.set(kept, { status: 403, message: 'forbidden' })
  expect(namesOf(await run('uninstall', '-n', 'linkerd'))).toEqual(names)
})
