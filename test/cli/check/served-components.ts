// The parts of an installation that run, as they look in a cluster where all is well.
import { collectionOf } from '../../../src/cli/check/wanted-objects.ts'
import { installManifests } from '../../../src/install/install-manifests.ts'
import type { InstallLayout } from '../../../src/install/layout.ts'
import { defaultValues } from '../../../src/install/values/read-values.ts'
import { proxyContainer, type Raw } from '../../injection/samples.ts'
import { LAYOUT, type ServedCluster } from './served-cluster.ts'

export const DEPLOYMENTS = '/apis/apps/v1/namespaces/linkerd-tracing/deployments'
export const PODS = '/api/v1/namespaces/linkerd-tracing/pods'
export const POLICIES = '/apis/policy.linkerd.io/v1beta1'

/** What a Pod's status is when it is ready. */
export const READY = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] }

/** Puts what `install` prints into the cluster, with the Pods that come of it, all of them ready; `linkerd-collector-0` is one. */
export function serveComponents(cluster: ServedCluster, overrides: Partial<InstallLayout> = {}): void {
  const values = { ...defaultValues(), ...LAYOUT, ...overrides, policy: 'on' } as const
  const put = (path: string, object: Raw) => cluster.objects.set(path, structuredClone(object))
  for (const manifest of installManifests(values) as Raw[]) {
    const { root, namespace, plural } = collectionOf(manifest)
    const { name } = manifest.metadata
    const path = `${root}${namespace === undefined ? '' : `/namespaces/${namespace}`}/${plural}/${name}`
    if (manifest.kind !== 'Deployment') {
      if (!cluster.objects.has(path)) put(path, manifest)
      continue
    }
    const { replicas, template } = manifest.spec
    put(path, { ...manifest, status: { readyReplicas: replicas, updatedReplicas: replicas } })
    for (let index = 0; index < replicas; index++) {
      const podName = `${name}-${index}`
      put(`/api/v1/namespaces/${namespace}/pods/${podName}`, runningPod(template, { name: podName, namespace }))
    }
  }
  cluster.objects.set(POLICIES, { resources: [{ name: 'servers' }, { name: 'serverauthorizations' }] })
}

function runningPod({ metadata, spec }: Raw, place: object): Raw {
  const isMeshed = metadata.annotations?.['linkerd.io/inject'] === 'enabled'
  const containers = [...spec.containers, ...(isMeshed ? [proxyContainer()] : [])]
  const containerStatuses = containers.map(({ name }: Raw) => ({ name, ready: true }))
  return { metadata: { ...metadata, ...place }, spec: { ...spec, containers }, status: { ...READY, containerStatuses } }
}
