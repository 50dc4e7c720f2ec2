import { installManifests } from '../../src/install/install-manifests.ts'
import type { InstallLayout } from '../../src/install/layout.ts'
import { INJECTOR } from '../../src/install/object-names.ts'
import { defaultValues } from '../../src/install/values/read-values.ts'
import type { ClusterAccess } from './cluster-access.ts'
import { waitUntil } from './control-plane/wait-until.ts'
import type { LivePod } from './pods.ts'

// biome-ignore lint/suspicious/noExplicitAny: manifests as they are applied
type Raw = any

/** What `install` prints beside the injector's cluster-wide objects, applied, with Pods that look as if they ran. */
export interface RunningComponents {
  /** Applies it all again, and waits until each Deployment has the Pods that it wants, ready. */
  heal(): Promise<void>
  remove(): Promise<void>
}

/** Applies Deployments, Services and policies of an installation beside an injector that runs as a process; nothing runs a Pod here. */
export async function runComponents(cluster: ClusterAccess, layout: InstallLayout): Promise<RunningComponents> {
  const all = installManifests({ ...defaultValues(), ...layout, policy: 'on' }) as Raw[]
  // The injector's own are there already, its Service with another way to it; nobody's Namespace is applied.
  const items = all.filter(
    ({ kind, metadata }) =>
      ['ConfigMap', 'ServiceAccount', 'Server', 'ServerAuthorization', 'Deployment', 'Service'].includes(kind) &&
      !(kind === 'Service' && metadata.name === INJECTOR),
  )
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items })
  const components: RunningComponents = {
    heal: async () => {
      await cluster.kubectlWith(list, 'apply', '-f', '-')
      await waitUntil({ what: 'the Deployments to be ready', limitMs: 60_000 }, async () => {
        await readyPods(cluster, layout.namespace)
        return (await deployments(cluster, layout.namespace)).every(isReady)
      })
    },
    remove: async () => {
      await cluster.kubectlWith(list, 'delete', '--ignore-not-found', '--wait=false', '-f', '-')
      await cluster.kubectl('delete', 'pods', '--all', '-n', layout.namespace, '--grace-period=0', '--force')
    },
  }
  await components.heal()
  return components
}

/** Has each Pod of a Namespace look as if all of its containers ran, but for those that are said to be left alone. */
export async function readyPods(cluster: ClusterAccess, namespace: string, ...but: string[]): Promise<void> {
  const { stdout } = await cluster.kubectl('get', 'pods', '-n', namespace, '-o', 'json')
  const pods: LivePod[] = JSON.parse(stdout).items
  const waiting = pods.filter(({ metadata, status }) => !but.includes(metadata.name) && status.phase !== 'Running')
  for (const pod of waiting) await patchStatus(cluster, pod, runningStatus(pod))
}

/** Writes a Pod's status, as its node would. */
export async function patchStatus(cluster: ClusterAccess, { metadata }: LivePod, status: object): Promise<void> {
  const { name, namespace } = metadata
  const patch = ['patch', 'pod', name, '-n', namespace, '--subresource=status', '--type=merge']
  await cluster.kubectl(...patch, '-p', JSON.stringify({ status }))
}

function runningStatus({ spec }: LivePod): object {
  const started = (containers: readonly Raw[]) =>
    containers.map(({ name, image }) => ({ name, image, imageID: image, ready: true, restartCount: 0 }))
  return {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'True' }],
    containerStatuses: started(spec.containers),
    initContainerStatuses: started(spec.initContainers ?? []),
  }
}

async function deployments(cluster: ClusterAccess, namespace: string): Promise<Raw[]> {
  const { stdout } = await cluster.kubectl('get', 'deployments', '-n', namespace, '-o', 'json')
  return JSON.parse(stdout).items
}

function isReady({ spec, status }: Raw): boolean {
  return status.readyReplicas === spec.replicas && status.updatedReplicas === spec.replicas
}
