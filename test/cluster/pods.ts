import type { ClusterAccess } from './cluster-access.ts'

// biome-ignore lint/suspicious/noExplicitAny: Pods as the API server gives them
export type LivePod = any

export interface PodMeta {
  readonly namespace: string
  readonly name: string
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
}

/** An ordinary Pod with one container. */
export function plainPod(metadata: PodMeta): object {
  const spec = { containers: [{ name: 'app', image: 'app.invalid/app:1' }] }
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec }
}

/** An ordinary Deployment; `metadata` is also its Pods', but for the name. */
export function plainDeployment({ namespace, name, labels, annotations }: PodMeta): object {
  const podLabels = { app: name, ...labels }
  const spec = { containers: [{ name: 'app', image: 'app.invalid/app:1' }] }
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace, name },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: podLabels, annotations }, spec },
    },
  }
}

/** The Pod as it would be admitted: every webhook is called, nothing is kept. */
export async function dryRunPod(cluster: ClusterAccess, pod: object): Promise<LivePod> {
  const { stdout } = await cluster.kubectlWith(
    JSON.stringify(pod),
    'create',
    '--dry-run=server',
    '-o',
    'json',
    '-f',
    '-',
  )
  return JSON.parse(stdout)
}

/** The Pods of a Namespace that have these labels (`app=web`). */
export async function listPods(cluster: ClusterAccess, namespace: string, labels: string): Promise<LivePod[]> {
  const { stdout } = await cluster.kubectl('get', 'pods', '-n', namespace, '-l', labels, '-o', 'json')
  return JSON.parse(stdout).items
}

/** Where the Pod's proxy is, if it has one. */
export function proxyPlace(pod: LivePod): 'initContainers' | 'containers' | undefined {
  const inList = (list: 'initContainers' | 'containers') =>
    (pod.spec[list] ?? []).some((one: { name: string }) => one.name === 'linkerd-proxy')
  if (inList('initContainers')) return 'initContainers'
  return inList('containers') ? 'containers' : undefined
}
