// `upgrade` beside a served cluster that has what `install` printed.
import { afterEach, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { collectionOf } from '../../../src/cli/check/wanted-objects.ts'
import type { Raw } from '../../injection/samples.ts'
import { type ServedCluster, serveCluster } from '../check/served-cluster.ts'
import { runInProcess } from '../cli-run.ts'

const clusters: ServedCluster[] = []
afterEach(async () => {
  for (const cluster of clusters.splice(0)) await cluster.close()
})

const parsed = (text: string) => parseAllDocuments(text).map((document) => document.toJS() as Raw)

async function run(cluster: ServedCluster, ...words: string[]) {
  const one = runInProcess([...words, '--kubeconfig', cluster.kubeconfig])
  const code = await one.returned
  return { code, stdout: one.stdout(), stderr: one.stderr() }
}

/** A cluster in which that was applied. */
async function installed(...flags: string[]): Promise<ServedCluster> {
  const cluster = await serveCluster()
  clusters.push(cluster)
  const { code, stdout } = await run(cluster, 'install', '--policy', 'off', ...flags)
  expect(code).toBe(0)
  for (const manifest of parsed(stdout)) {
    const { root, namespace, plural } = collectionOf(manifest)
    const scope = namespace === undefined ? '' : `/namespaces/${namespace}`
    cluster.objects.set(`${root}${scope}/${plural}/${manifest.metadata.name}`, manifest)
  }
  return cluster
}

const find = (text: string, kind: string, name: string): Raw =>
  parsed(text).find((object) => object.kind === kind && object.metadata.name === name)
const KEPT = '/api/v1/namespaces/linkerd-tracing/configmaps/linkerd-tracing-config'

test('nothing said: the same manifests, and nothing changes', async () => {
  const flags = ['--jaeger', 'none', '--backend', 'otel.example.com:4317', '--set', 'injector.replicas=4']
  const cluster = await installed(...flags)
  const { code, stdout, stderr } = await run(cluster, 'upgrade')
  expect({ code, stderr }).toEqual({ code: 0, stderr: 'note: nothing changes\n' })
  expect(stdout).toBe((await run(cluster, 'install', '--policy', 'off', ...flags)).stdout)
})

test('flags lie above what is kept, and are kept in turn', async () => {
  const cluster = await installed('--set', 'collector.replicas=2', '--cluster-domain', 'cluster.local')
  const { stdout, stderr } = await run(cluster, 'upgrade', '--set', 'collector.replicas=3')
  expect(find(stdout, 'Deployment', 'linkerd-collector').spec.replicas).toBe(3)
  expect(find(stdout, 'ConfigMap', 'linkerd-tracing-config').data['values.yaml']).toMatch(/replicas: 3/)
  expect(stderr).toContain(
    'change: Deployment linkerd-tracing/linkerd-collector: spec.replicas is 2, and should be 3\n',
  )
  // A file is not shown whole.
  expect(stderr).toContain('change: ConfigMap linkerd-tracing/linkerd-tracing-config: data.values.yaml changes\n')
})

test('what comes and what is left over is told, with what removes it', async () => {
  const cluster = await installed()
  const { stdout, stderr } = await run(cluster, 'upgrade', '--jaeger', 'none', '--backend', 'otel.example.com:4317')
  expect(find(stdout, 'Deployment', 'linkerd-jaeger')).toBeUndefined()
  expect(stderr).toContain(
    'not needed any more: Deployment linkerd-tracing/linkerd-jaeger; kubectl delete deployment linkerd-jaeger -n linkerd-tracing\n',
  )
  const back = await installed('--jaeger', 'none', '--backend', 'otel.example.com:4317')
  const again = await run(back, 'upgrade', '--jaeger', 'badger')
  expect(again.stderr).toContain('new: PersistentVolumeClaim linkerd-tracing/')
  expect(again.stderr).not.toContain('not needed any more')
})

test('a field that is wanted no more is told, though it is in the cluster as it was', async () => {
  const cluster = await installed('--priority-class', 'high')
  const { stdout, stderr } = await run(cluster, 'upgrade', '--priority-class', '')
  expect(find(stdout, 'Deployment', 'linkerd-jaeger').spec.template.spec).not.toHaveProperty('priorityClassName')
  expect(stderr).toContain(
    'change: Deployment linkerd-tracing/linkerd-jaeger: spec.template.spec.priorityClassName is taken away\n',
  )
})

test('another version is named', async () => {
  const cluster = await installed()
  cluster.objects.get(KEPT).data.version = '0.0.9'
  expect((await run(cluster, 'upgrade')).stderr).toMatch(/^version: 0\.0\.9 → \d+\.\d+\.\d+$/m)
})

test('kept values that this version does not know are told with their place', async () => {
  const cluster = await installed()
  cluster.objects.get(KEPT).data['values.yaml'] = 'collector: { replica: 2 }'
  const { code, stdout, stderr } = await run(cluster, 'upgrade')
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toContain(
    'ConfigMap linkerd-tracing/linkerd-tracing-config: collector.replica = 2: there is no such value; the nearest is replicas',
  )
})

test.each([
  {
    state: 'there is no ConfigMap',
    spoil: (cluster: ServedCluster) => cluster.objects.delete(KEPT),
    flags: [],
    told: /^error: ConfigMap linkerd-tracing\/linkerd-tracing-config is not there: what was installed by Helm/,
  },
  {
    state: 'nothing is installed',
    spoil: (cluster: ServedCluster) => cluster.objects.clear(),
    flags: [],
    told: /^error: nothing of it is in the cluster/,
  },
  {
    state: 'another Namespace is wanted',
    spoil: () => {},
    flags: ['-n', 'elsewhere'],
    told: /^error: the installation is in Namespace linkerd-tracing, and cannot be moved to elsewhere/,
  },
])('$state: a sentence, and nothing is printed', async ({ spoil, flags, told }) => {
  const cluster = await installed()
  spoil(cluster)
  const { code, stdout, stderr } = await run(cluster, 'upgrade', ...flags)
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(told)
})
