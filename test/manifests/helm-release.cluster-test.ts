// The chart as a release on a real API server: what it asks the cluster, what an upgrade leaves alone, and that nothing stays.
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { accessCluster } from '../cluster/cluster-access.ts'
import { waitUntil } from '../cluster/control-plane/wait-until.ts'
import { root } from '../source-files.ts'
import { CHART } from './helm-chart.ts'
import { findManifestProgram } from './programs/manifest-programs.ts'
import { runProgram } from './run-program.ts'

const cluster = accessCluster(inject('cluster'))
const POLICY_CRDS = join(root, 'test/fixtures/linkerd-policy/crds.yaml')
const NAMESPACE = 'released-tracing'
/** Stands for the control plane's. */
const LINKERD = 'released-linkerd'
const RELEASE = ['tracing', '--namespace', NAMESPACE]
const CONFIGURATION = 'linkerd-tracing-injector-webhook-config'

// biome-ignore lint/suspicious/noExplicitAny: objects of the cluster
type Raw = any

const KINDS = [
  ...['deployments', 'services', 'serviceaccounts', 'configmaps', 'secrets', 'poddisruptionbudgets', 'networkpolicies'],
  ...['clusterroles', 'clusterrolebindings', 'roles', 'rolebindings', 'mutatingwebhookconfigurations'],
  ...['validatingadmissionpolicies', 'validatingadmissionpolicybindings'],
].join(',')

let program: string
let before: readonly string[]
beforeAll(async () => {
  program = await findManifestProgram('helm')
  before = await ours(KINDS)
  await cluster.createNamespace({ name: NAMESPACE })
  await cluster.createNamespace({ name: LINKERD })
  const values = 'clusterDomain: corp.example\n'
  await cluster.kubectl('create', 'configmap', 'linkerd-config', '-n', LINKERD, `--from-literal=values=${values}`)
}, 900_000)
afterAll(async () => {
  await helm('uninstall', ...RELEASE, '--ignore-not-found')
  await cluster.kubectl('delete', 'namespace', NAMESPACE, LINKERD, '--wait=false')
  await cluster.kubectl('delete', '--ignore-not-found', '-f', POLICY_CRDS)
})

async function helm(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runProgram(program, [...args, '--kubeconfig', cluster.kubeconfig])
  if (code !== 0) throw new Error(stderr)
  return stdout
}

const withValues = (...sets: string[]) => ['--set', [`linkerdNamespace=${LINKERD}`, ...sets].join(',')]

async function get(kind: string, name: string): Promise<Raw> {
  return JSON.parse((await cluster.kubectl('get', kind, name, '-n', NAMESPACE, '-o', 'json')).stdout)
}

/** Names of our objects: in all Namespaces, or where a flag says. */
async function ours(kinds: string, ...where: string[]): Promise<string[]> {
  const labels = 'app.kubernetes.io/part-of=linkerd-tracing'
  const place = where.length > 0 ? where : ['-A']
  const { stdout } = await cluster.kubectl('get', kinds, ...place, '-l', labels, '-o', 'name', '--ignore-not-found')
  return stdout.trim().split('\n').filter(Boolean)
}

const patch = (kind: string, name: string, operations: readonly object[]) =>
  cluster.kubectl('patch', kind, name, '-n', NAMESPACE, '--type=json', '-p', JSON.stringify(operations))

test('installs where Linkerd’s policy kinds are not there, and says what that means and what to do next', async () => {
  const notes = await helm('install', ...RELEASE, CHART, ...withValues())
  expect(notes).toContain('plaintext is not refused')
  expect(notes).toContain(`kubectl label namespace ${NAMESPACE} linkerd.io/extension=tracing`)
  expect(notes).toContain(`kubectl -n ${NAMESPACE} port-forward svc/linkerd-jaeger 16686:16686`)
  expect(await ours('deployments', '-n', NAMESPACE)).toHaveLength(3)
})

test('an upgrade asks anew, and leaves alone what the injector has written', async () => {
  const bundle = Buffer.from('-----BEGIN CERTIFICATE-----').toString('base64')
  const place = '/webhooks/0/clientConfig/caBundle'
  await patch('mutatingwebhookconfiguration', CONFIGURATION, [{ op: 'add', path: place, value: bundle }])
  await patch('secret', 'linkerd-tracing-injector-certs', [{ op: 'add', path: '/data', value: { 'ca.crt': bundle } }])
  await cluster.kubectl('apply', '-f', POLICY_CRDS)
  const wait = { what: 'Linkerd’s policy kinds', limitMs: 30_000 }
  await waitUntil(wait, () =>
    cluster.kubectl('get', 'servers.policy.linkerd.io,serverauthorizations.policy.linkerd.io'),
  )
  const notes = await helm('upgrade', ...RELEASE, CHART, ...withValues('ha=true', 'allNamespaces=true'))
  expect(notes).not.toContain('plaintext is not refused')
  expect(await ours('servers.policy.linkerd.io', '-n', NAMESPACE)).toHaveLength(7)
  const { spec } = await get('deployment', 'linkerd-tracing-injector')
  expect(spec.replicas).toBe(3)
  expect(spec.template.spec.containers[0].args).toContain(
    `--collector-address=linkerd-collector-headless.${NAMESPACE}.svc.corp.example:4317`,
  )
  const { webhooks } = await get('mutatingwebhookconfiguration', CONFIGURATION)
  expect(webhooks[0].clientConfig.caBundle).toBe(bundle)
  expect(webhooks[1].namespaceSelector.matchExpressions[0].operator).toBe('NotIn')
  expect((await get('secret', 'linkerd-tracing-injector-certs')).data).toEqual({ 'ca.crt': bundle })
})

test('nothing stays after an uninstall', async () => {
  await helm('uninstall', ...RELEASE)
  const policies = 'servers.policy.linkerd.io,serverauthorizations.policy.linkerd.io'
  let found: string[] = []
  await waitUntil({ what: 'everything to be gone', limitMs: 30_000, context: () => found.join(' ') }, async () => {
    found = [
      ...(await ours(KINDS)).filter((name) => !before.includes(name)),
      ...(await ours(policies, '-n', NAMESPACE)),
    ]
    return found.length === 0
  })
})
