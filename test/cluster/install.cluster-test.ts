// What `install` prints, on a real API server: taken at once and strictly, without drift, with Pods that are admitted; and
// nothing is left of it after `uninstall`.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { runInProcess } from '../cli/cli-run.ts'
import { root } from '../source-files.ts'
import { accessCluster } from './cluster-access.ts'
import { waitUntil } from './control-plane/wait-until.ts'
import type { LivePod } from './pods.ts'

const cluster = accessCluster(inject('cluster'))
const POLICY_CRDS = join(root, 'test/fixtures/linkerd-policy/crds.yaml')
const CERT_MANAGER_CRDS = join(root, 'test/fixtures/cert-manager/crds.yaml')
/** Stands for the control plane's: whatever happens, it must stay as it is. */
const LINKERD = 'installed-linkerd'

/** Runs a command of ours against the cluster; gives what it printed. */
async function printed(...words: string[]): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const run = runInProcess([...words, '--kubeconfig', cluster.kubeconfig, '-L', LINKERD])
  const code = await run.returned
  if (code !== 0) throw new Error(run.stderr())
  return { stdout: run.stdout(), stderr: run.stderr() }
}

const parsed = (text: string) => parseAllDocuments(text).map((document) => document.toJS() as LivePod)

async function differences(text: string, ...flags: string[]): Promise<string> {
  return cluster.kubectlWith(text, 'diff', ...flags, '-f', '-').then(
    ({ stdout }) => stdout,
    (error) => {
      if (error.exitCode !== 1) throw error
      return String(error.stdout)
    },
  )
}

async function generations(text: string): Promise<number[]> {
  const budgets = parsed(text).filter(({ kind }) => kind === 'PodDisruptionBudget')
  const live = budgets.map(async ({ metadata: { name, namespace } }) => {
    const { stdout } = await cluster.kubectl('get', 'poddisruptionbudget', name, '-n', namespace, '-o', 'json')
    return JSON.parse(stdout).metadata.generation as number
  })
  return Promise.all(live)
}

const apply = (text: string, ...flags: string[]) => cluster.kubectlWith(text, 'apply', ...flags, '-f', '-')

async function uninstall(...words: string[]): Promise<void> {
  const { stdout } = await printed('uninstall', ...words)
  await cluster.kubectlWith(stdout, 'delete', '--ignore-not-found', '--wait=false', '-f', '-')
  // its controller, which would do this, has no volumes here and does not run
  for (const { kind, metadata } of parsed(stdout)) {
    if (kind !== 'PersistentVolumeClaim') continue
    const patch = ['--type=merge', '-p', '{"metadata":{"finalizers":null}}']
    await cluster.kubectl('patch', 'pvc', metadata.name, '-n', metadata.namespace, ...patch)
  }
}

/** Everything of a kind that was printed, or that controllers make of it, as `kubectl get` takes it. */
function kinds(text: string): string {
  const names = parsed(text).map(({ apiVersion, kind }) => {
    const [version, group] = apiVersion.split('/').reverse()
    return group === undefined ? kind : `${kind}.${version}.${group}`
  })
  return [...new Set(names), 'replicasets', 'pods'].join(',')
}

async function linkerdNamespace(): Promise<unknown> {
  const { stdout } = await cluster.kubectl('get', 'namespace', LINKERD, '-o', 'json')
  return JSON.parse(stdout)
}

let untouched: unknown
beforeAll(async () => {
  await cluster.kubectl('apply', '-f', CERT_MANAGER_CRDS)
  await cluster.createNamespace({ name: LINKERD, labels: { 'linkerd.io/is-control-plane': 'true' } })
  untouched = await linkerdNamespace()
})
afterAll(async () => {
  expect(await linkerdNamespace()).toEqual(untouched)
  await cluster.kubectl('delete', 'namespace', LINKERD, '--wait=false')
  await cluster.kubectl('delete', '--ignore-not-found', '-f', CERT_MANAGER_CRDS, '-f', POLICY_CRDS)
})

const OWN = 'installed-tracing'
const LAYOUTS: ReadonlyArray<readonly [string, readonly string[]]> = [
  ['default', ['-n', OWN]],
  ['in Linkerd’s own namespace', ['-n', LINKERD]],
  ['all that there is to say', everything()],
  ['cert-manager, badger', ['-n', OWN, '--certs', 'cert-manager', '--jaeger', 'badger', '--linkerd-cni']],
]

function everything(): string[] {
  const values = {
    'pods.tolerations': '[{operator: Exists, effect: NoExecute, tolerationSeconds: 5}]',
    'injector.affinity':
      '{nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: a, operator: Exists}]}]}}}',
    'collector.tailSampling.enabled': 'true',
    'collector.replicas': '1',
    backends:
      '[{endpoint: "otel.example.com:4317", headers: [{name: authorization, secret: {name: s, key: k}}], caSecret: {name: ca, key: ca.crt}}]',
  }
  const flags = ['-n', OWN, '--ha', '--all-namespaces', '--no-control-plane', '--certs', 'files', '--jaeger', 'none']
  const more = ['--host-network', '--registry', 'r.example.com', '--image-pull-secret', 'pull', '--label', 'team=x']
  const sets = Object.entries(values).flatMap(([path, value]) => ['--set', `${path}=${value}`])
  return [...flags, ...more, '--node-selector', 'kubernetes.io/os=linux', '--annotation', 'a=b', ...sets]
}

describe.each([false, true])('with Linkerd’s policy kinds in the cluster: %s', (hasPolicy) => {
  beforeAll(async () => {
    if (!hasPolicy) return
    await cluster.kubectl('apply', '-f', POLICY_CRDS)
    const wait = { what: 'Linkerd’s policy kinds', limitMs: 30_000 }
    await waitUntil(wait, () =>
      cluster.kubectl('get', 'servers.policy.linkerd.io,serverauthorizations.policy.linkerd.io'),
    )
  })

  // without them nothing is different but that they are left out: one layout will do
  test.each(hasPolicy ? LAYOUTS : LAYOUTS.slice(0, 1))(
    '%s: applied at once, again without a change, and gone without a trace',
    async (_, words) => {
      const { stdout: text, stderr } = await printed('install', ...words)
      if (hasPolicy) expect(stderr).not.toContain('policy')
      else expect(stderr).toContain('policy objects are left out, and plaintext is not refused')
      expect(parsed(text).some(({ kind }) => kind === 'ServerAuthorization')).toBe(hasPolicy)
      try {
        const first = await apply(text, '--validate=strict')
        expect(first.stderr).toBe('')
        const again = await apply(text)
        // kubectl replaces a budget's selector by itself each time and says so, though nothing changes: its generation tells
        const changed = again.stdout
          .trim()
          .split('\n')
          .filter((line) => !line.endsWith(' unchanged'))
        expect(changed.filter((line) => !line.startsWith('poddisruptionbudget'))).toEqual([])
        expect(await generations(text)).toEqual(
          parsed(text).flatMap(({ kind }) => (kind === 'PodDisruptionBudget' ? [1] : [])),
        )
        const asGitOps = ['--server-side', '--field-manager=gitops', '--force-conflicts']
        await apply(text, ...asGitOps)
        expect(await differences(text, ...asGitOps)).toBe('')
      } finally {
        await uninstall(...words)
      }
      let found = ''
      const left = { what: 'everything to be gone', limitMs: 30_000, context: () => found }
      const labels = 'app.kubernetes.io/part-of=linkerd-tracing'
      const all = kinds(text)
      await waitUntil(left, async () => {
        found = (await cluster.kubectl('get', all, '-A', '-l', labels, '-o', 'name', '--ignore-not-found')).stdout
        return found.trim() === ''
      })
    },
  )
})

describe('Pods', () => {
  const RESTRICTED = 'installed-restricted'

  test.skipIf(!cluster.hasControllerManager)(
    'of every Deployment are admitted where Pod Security enforces restricted',
    async () => {
      const words = ['-n', RESTRICTED, '--linkerd-cni', '--ha', '--jaeger', 'badger', '--certs', 'files']
      const { stdout: text } = await printed('install', ...words)
      const deployments = parsed(text).filter(({ kind }) => kind === 'Deployment')
      expect(deployments.map(({ metadata }) => metadata.name)).toHaveLength(3)
      const namespace = parsed(text).find(({ kind }) => kind === 'Namespace')
      expect(namespace.metadata.labels).toMatchObject({
        'pod-security.kubernetes.io/enforce': 'restricted',
        'linkerd.io/extension': 'tracing',
      })
      try {
        await apply(text)
        const wanted = deployments.reduce((sum, { spec }) => sum + spec.replicas, 0)
        let events = ''
        await waitUntil({ what: `${wanted} Pods`, limitMs: 60_000, context: () => events }, async () => {
          events = (await cluster.kubectl('get', 'events', '-n', RESTRICTED)).stdout
          const { stdout } = await cluster.kubectl('get', 'pods', '-n', RESTRICTED, '-o', 'name')
          return stdout.trim().split('\n').length === wanted
        })
      } finally {
        await uninstall(...words)
      }
    },
  )

  test('that are not what restricted asks for are refused there, so the test above can fail', async () => {
    const name = 'installed-restricted-proof'
    await cluster.createNamespace({ name, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } })
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: name } }
    const spec = { containers: [{ name: 'app', image: 'app.invalid/app:1' }] }
    const refused = cluster.kubectlWith(JSON.stringify({ ...pod, spec }), 'create', '-f', '-')
    await expect(refused).rejects.toThrow(/violates PodSecurity "restricted/)
    await cluster.kubectl('delete', 'namespace', name, '--wait=false')
  })
})

test('the stand-ins of Linkerd’s policy refuse fields that are not theirs, so that a wrong one would be found', async () => {
  expect(readFileSync(POLICY_CRDS, 'utf8')).toContain('kind: ServerAuthorization')
  const server = {
    apiVersion: 'policy.linkerd.io/v1beta1',
    kind: 'Server',
    metadata: { name: 's', namespace: LINKERD },
  }
  const spec = { podSelector: {}, port: 1, protocol: 'gRPC' }
  const refused = cluster.kubectlWith(JSON.stringify({ ...server, spec }), 'apply', '--validate=strict', '-f', '-')
  await expect(refused).rejects.toThrow(/unknown field "spec.protocol"/)
})
