// A scripted API server with an installation, Namespaces, Pods and what made them, for what a real one cannot be brought to in
// a moment: hundreds of Pods, refusals, rollouts that end or do not.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { injectorManifests } from '../../../src/install/injector-manifests.ts'
import { meshedPod, type PodParts, type Raw } from '../../injection/samples.ts'
import { answer, ScriptedApi } from '../../kubernetes/scripted-api.ts'
import { LAYOUT } from '../check/served-cluster.ts'
import { newFolder, runInProcess } from '../cli-run.ts'

const CONFIGURATIONS = '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations'
/** What is read of a cluster: a collection that nobody put anything into is there all the same. */
const READ = [
  CONFIGURATIONS,
  '/apis/rbac.authorization.k8s.io/v1/clusterroles',
  '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
  '/apis/apps/v1/namespaces/linkerd-tracing/deployments',
  '/api/v1/namespaces/linkerd/configmaps',
  '/api/v1/namespaces',
]

export const ADDRESS = 'linkerd-collector.linkerd-tracing.svc.cluster.local:4317'
const IDENTITY = 'linkerd-collector.linkerd-tracing.serviceaccount.identity.linkerd.cluster.local'

export interface ScriptedCluster {
  readonly kubeconfig: string
  readonly api: ScriptedApi
  /** Answers that dry runs of Pods get: whether they come back traced. */
  readonly decides: { traced: boolean }
  /** Puts an object into its own Namespace's collection, and into that of all. */
  put(collection: Collection, object: Raw): void
  putNamespace(name: string, metadata?: object): void
  /** What was changed, `PATH BODY`. */
  changes(): string[]
  run(...words: string[]): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>
  stop(): Promise<void>
}

export interface Collection {
  readonly root: string
  readonly plural: string
}

export const PODS = { root: '/api/v1', plural: 'pods' }
export const REPLICA_SETS = { root: '/apis/apps/v1', plural: 'replicasets' }
export const DEPLOYMENTS = { root: '/apis/apps/v1', plural: 'deployments' }

/** Starts one in which linkerd-tracing was installed at the beginning of 2026. */
export async function startScriptedCluster(): Promise<ScriptedCluster> {
  const api = new ScriptedApi()
  await api.start()
  const decides = { traced: true }
  for (const path of READ) api.change(path, () => {})
  for (const manifest of injectorManifests(LAYOUT) as Raw[]) {
    const metadata = { ...manifest.metadata, creationTimestamp: '2026-01-01T00:00:00Z' }
    if (manifest.kind === 'MutatingWebhookConfiguration') api.put(CONFIGURATIONS, { ...manifest, metadata })
  }
  api.intercepts.push(({ method, path, query, body, headers }, response) => {
    // The label of extensions: nobody here has it.
    if (query['labelSelector'] !== undefined) return answer(response, { metadata: { resourceVersion: '1' }, items: [] })
    if (method === 'POST' && path.endsWith('/pods')) return answer(response, admitted(JSON.parse(body), decides.traced))
    if (method !== 'PATCH' || headers['content-type'] !== 'application/merge-patch+json') return false
    const [parent, name] = [path.slice(0, path.lastIndexOf('/')), path.slice(path.lastIndexOf('/') + 1)]
    const merged = merge(api.get(parent, name), JSON.parse(body)) as Raw
    api.put(parent, merged)
    return answer(response, merged)
  })
  const kubeconfig = join(await newFolder(), 'kubeconfig')
  await writeFile(kubeconfig, api.config().exportConfig())
  return {
    kubeconfig,
    api,
    decides,
    put: ({ root, plural }, object) => {
      const { namespace, name } = object.metadata
      api.put(`${root}/namespaces/${namespace}/${plural}`, object)
      // Objects of two Namespaces may have one name.
      api.change(`${root}/${plural}`, (objects) => objects.set(`${namespace}/${name}`, object))
    },
    putNamespace: (name, metadata = {}) => {
      const labels = { 'kubernetes.io/metadata.name': name, 'tracing.linkerd.io/inject': 'enabled' }
      const fieldsV1 = { 'f:metadata': { 'f:labels': { 'f:tracing.linkerd.io/inject': {} } } }
      const managedFields = [{ manager: 'kubectl-label', time: '2026-02-01T12:00:00Z', fieldsV1 }]
      const written = { creationTimestamp: '2026-01-01T00:00:00Z', name, labels, managedFields, ...metadata }
      api.put('/api/v1/namespaces', { metadata: written })
    },
    changes: () => api.requests.filter(({ method }) => method === 'PATCH').map(({ path, body }) => `${path} ${body}`),
    run: async (...words) => {
      const run = runInProcess([...words, '--kubeconfig', kubeconfig])
      return { code: await run.returned, stdout: run.stdout(), stderr: run.stderr() }
    },
    stop: () => api.stop(),
  }
}

/** A Pod with a proxy; traced, when it has an owner or none. */
export function runningPod(
  name: string,
  parts: PodParts & { readonly traced?: boolean; readonly owner?: Raw } = {},
): Raw {
  const { traced = false, owner, ...more } = parts
  const pod = meshedPod(more)
  if (traced) pod.spec.containers[1].env.push(...traceVariables())
  const ownerReferences = owner === undefined ? [] : [{ controller: true, ...owner }]
  const metadata = {
    ...pod.metadata,
    name,
    namespace: 'shop',
    creationTimestamp: '2026-03-01T00:00:00Z',
    ownerReferences,
  }
  return { ...pod, metadata, status: { phase: 'Running' } }
}

function traceVariables(): object[] {
  return [
    { name: 'LINKERD2_PROXY_TRACE_COLLECTOR_SVC_ADDR', value: ADDRESS },
    { name: 'LINKERD2_PROXY_TRACE_COLLECTOR_SVC_NAME', value: IDENTITY },
  ]
}

function admitted(pod: Raw, traced: boolean): Raw {
  if (traced) pod.spec.containers.at(-1).env.push(...traceVariables())
  return pod
}

/** RFC 7396. */
function merge(target: Raw, patch: Raw): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch
  const merged = typeof target === 'object' && target !== null ? { ...target } : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key]
    else merged[key] = merge(merged[key], value)
  }
  return merged
}
