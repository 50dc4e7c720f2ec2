// A small API server over HTTP with one installation in it, for what a real one cannot be brought to in a moment: another
// version, endpoints, refusals. What it would do to Pods is decided by the webhook's own code.
import { writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import fastJsonPatch from 'fast-json-patch'
import { admitPod } from '../../../src/admission/admit-pod.ts'
import { collectionOf } from '../../../src/cli/check/wanted-objects.ts'
import { injectorManifests } from '../../../src/install/injector-manifests.ts'
import type { InstallLayout } from '../../../src/install/layout.ts'
import { INJECTOR } from '../../../src/install/object-names.ts'
import { INSTALL, type Raw } from '../../injection/samples.ts'
import { attachPods, type PodWays } from '../../kubernetes/pod-server.ts'
import { newFolder } from '../cli-run.ts'

export interface ServedCluster {
  /** By path, as they are asked for; to be changed at will. */
  readonly objects: Map<string, Raw>
  /** Answers that come instead, by path: a status and a message. */
  readonly refusals: Map<string, { readonly status: number; readonly message: string }>
  /** What was asked, `GET /path`. */
  readonly requests: string[]
  readonly headers: IncomingMessage['headers'][]
  readonly queries: URLSearchParams[]
  /** Whether the injector answers, and Linkerd's. */
  injectorAnswers: boolean
  linkerdAnswers: boolean
  /** Rights by resource that are not there. */
  readonly lacking: Set<string>
  readonly kubeconfig: string
  /** What Pods answer who asks by way of the API server; the proxy of a meshed one refuses. Status 0: nothing. */
  podAnswer: { readonly status: number; readonly body: string }
  /** Where ports are forwarded to. */
  readonly ways: PodWays
  close(): Promise<void>
}

export const LAYOUT: InstallLayout = {
  namespace: 'linkerd-tracing',
  linkerdNamespace: 'linkerd',
  allNamespaces: false,
  controlPlane: true,
  certs: 'self-managed',
}
export const ADMISSION = '/apis/admissionregistration.k8s.io/v1'
export const CONFIGURATIONS = `${ADMISSION}/mutatingwebhookconfigurations`
export const SERVICES = '/api/v1/namespaces/linkerd-tracing/services'

/** Serves an installation of that layout in which all objects are as they should be, but for certificates: there are none. */
export async function serveCluster(overrides: Partial<InstallLayout> = {}): Promise<ServedCluster> {
  const layout = { ...LAYOUT, ...overrides }
  const objects = installed(layout)
  const folder = await newFolder()
  const server = createServer((request, response) => void answer(cluster, layout, { request, response }))
  const ways = attachPods(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const kubeconfig = join(folder, 'kubeconfig.json')
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  await writeFile(
    kubeconfig,
    JSON.stringify({
      clusters: [{ name: 'c', cluster: { server: address, 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'u' }],
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'c',
    }),
  )
  const cluster: ServedCluster = {
    objects,
    refusals: new Map(),
    requests: [],
    headers: [],
    queries: [],
    injectorAnswers: true,
    linkerdAnswers: true,
    lacking: new Set(),
    kubeconfig,
    podAnswer: { status: 403, body: '' },
    ways,
    close: () =>
      new Promise((resolve) => {
        ways.closeAll()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return cluster
}

function installed(layout: InstallLayout): Map<string, Raw> {
  const objects = new Map<string, Raw>()
  const put = (path: string, object: Raw) => objects.set(`${path}/${object.metadata.name}`, structuredClone(object))
  for (const manifest of injectorManifests(layout) as Raw[]) put(pathOf(collectionOf(manifest)), manifest)
  const { namespace } = layout
  put(`/api/v1/namespaces/${namespace}/services`, {
    metadata: { name: INJECTOR, namespace },
    spec: { ports: [{ port: 443 }] },
  })
  for (const name of [namespace, layout.linkerdNamespace]) {
    put('/api/v1/namespaces', { metadata: { name, labels: {} }, status: { phase: 'Active' } })
  }
  put('/api/v1/namespaces', { metadata: { name: 'shop', labels: { 'tracing.linkerd.io/inject': 'enabled' } } })
  put(CONFIGURATIONS, {
    metadata: { name: 'linkerd-proxy-injector-webhook-config' },
    webhooks: [{ name: 'l', clientConfig: { service: { name: 'linkerd-proxy-injector', namespace: 'linkerd' } } }],
  })
  objects.set('/version', { gitVersion: 'v1.37.2' })
  objects.set(ADMISSION, { resources: [{ name: 'validatingadmissionpolicies' }] })
  return objects
}

function pathOf({ root, namespace, plural }: { root: string; namespace?: string; plural: string }): string {
  return `${root}${namespace === undefined ? '' : `/namespaces/${namespace}`}/${plural}`
}

interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

async function answer(cluster: ServedCluster, layout: InstallLayout, { request, response }: Exchange): Promise<void> {
  const url = new URL(String(request.url), 'http://x')
  cluster.requests.push(`${request.method} ${url.pathname}`)
  cluster.headers.push(request.headers)
  cluster.queries.push(url.searchParams)
  const body = await text(request)
  const send = (status: number, object: object) => response.writeHead(status).end(JSON.stringify(object))
  const refusal = cluster.refusals.get(url.pathname)
  if (refusal !== undefined) send(refusal.status, { message: refusal.message })
  else if (url.pathname.includes('/proxy/')) answerAsPod(cluster, response)
  else if (url.pathname.endsWith('selfsubjectaccessreviews')) {
    const { resource } = JSON.parse(body).spec.resourceAttributes
    send(201, { status: { allowed: !cluster.lacking.has(resource) } })
  } else if (request.method === 'POST') {
    const { pod, warnings } = await admit(cluster, layout, JSON.parse(body))
    if (warnings.length > 0)
      response.setHeader(
        'warning',
        warnings.map((one) => `299 - ${JSON.stringify(one)}`),
      )
    send(201, pod)
  } else {
    const found = cluster.objects.get(url.pathname) ?? listed(cluster, url)
    send(found === undefined ? 404 : 200, found ?? { message: 'not found' })
  }
}

function answerAsPod({ podAnswer }: ServedCluster, response: ServerResponse): void {
  if (podAnswer.status === 0) response.destroy()
  else response.writeHead(podAnswer.status).end(podAnswer.body)
}

/** The objects below a path, or those of all Namespaces; undefined where no collection is known. */
function listed({ objects }: ServedCluster, { pathname, searchParams }: URL): Raw {
  if (
    !/\/(pods|namespaces|mutatingwebhookconfigurations|clusterroles|clusterrolebindings|endpointslices)$/.test(pathname)
  )
    return undefined
  const wanted = (searchParams.get('labelSelector') ?? '').split(',').filter((one) => one !== '')
  const isSelected = ({ metadata }: Raw) =>
    wanted.map((one) => one.split('=')).every(([key, value]) => metadata.labels?.[String(key)] === value)
  const isBelow = (path: string) => {
    const collection = path.slice(0, path.lastIndexOf('/'))
    return (
      collection === pathname || (pathname === '/api/v1/pods' && /^\/api\/v1\/namespaces\/.+\/pods$/.test(collection))
    )
  }
  const items = [...objects]
    .filter(([path]) => isBelow(path))
    .map(([, object]) => object)
    .filter(isSelected)
  return { metadata: { resourceVersion: '1' }, items }
}

async function admit(
  cluster: ServedCluster,
  layout: InstallLayout,
  pod: Raw,
): Promise<{ pod: Raw; warnings: readonly string[] }> {
  if (!cluster.injectorAnswers) return { pod, warnings: [] }
  const request = {
    uid: 'u',
    kind: { group: '', version: 'v1', kind: 'Pod' },
    resource: 'pods',
    subResource: '',
    operation: 'CREATE',
    namespace: pod.metadata.namespace,
    name: '',
    dryRun: true,
    object: pod,
  }
  const { metadata } = cluster.objects.get(`/api/v1/namespaces/${pod.metadata.namespace}`)
  const settings = { ...INSTALL, collectorNamespace: layout.namespace, allNamespaces: layout.allNamespaces }
  const { response } = await admitPod(request, {
    readNamespace: () => ({ labels: metadata.labels ?? {}, annotations: metadata.annotations ?? {} }),
    settings: () => settings,
  })
  const patch = JSON.parse(Buffer.from(response.patch ?? btoa('[]'), 'base64').toString())
  const patched = fastJsonPatch.applyPatch(structuredClone(pod), patch).newDocument
  const isMarked = patched.metadata.annotations?.['linkerd.io/inject'] === 'enabled'
  if (isMarked && cluster.linkerdAnswers) patched.spec.containers.push({ name: 'linkerd-proxy' })
  return { pod: patched, warnings: response.warnings ?? [] }
}
