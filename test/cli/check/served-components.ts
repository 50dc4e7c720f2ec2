// The parts of an installation that run, as they look in a cluster where all is well.
import { collectionOf } from '../../../src/cli/check/wanted-objects.ts'
import { installManifests } from '../../../src/install/install-manifests.ts'
import type { InstallLayout } from '../../../src/install/layout.ts'
import { INJECTOR, MARK_CONFIGURATION, TRACE_CONFIGURATION } from '../../../src/install/object-names.ts'
import { defaultValues } from '../../../src/install/values/read-values.ts'
import { proxyContainer, type Raw } from '../../injection/samples.ts'
import { testCa, testLeaf } from '../../tls/test-certificates.ts'
import { CONFIGURATIONS, LAYOUT, type ServedCluster } from './served-cluster.ts'

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

/** Gives the injector a certificate that the entries trust. */
export async function certify(cluster: ServedCluster): Promise<void> {
  const ca = await testCa('explain')
  const names = [INJECTOR, `${INJECTOR}.linkerd-tracing`, `${INJECTOR}.linkerd-tracing.svc`]
  const leaf = await testLeaf(ca, { names, notAfter: new Date(Date.now() + 3_600_000) })
  const data = {
    'ca.crt': base64(ca.certPem),
    'ca.key': base64(ca.keyPem),
    'tls.crt': base64(leaf.certPem),
    'tls.key': base64(leaf.keyPem),
  }
  cluster.objects.set('/api/v1/namespaces/linkerd-tracing/secrets/linkerd-tracing-injector-certs', { data })
  for (const name of [MARK_CONFIGURATION, TRACE_CONFIGURATION]) {
    for (const entry of cluster.objects.get(`${CONFIGURATIONS}/${name}`).webhooks)
      entry.clientConfig.caBundle = base64(ca.certPem)
  }
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}
