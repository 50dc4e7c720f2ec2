import { setTimeout as sleep } from 'node:timers/promises'
import { CoreV1Api } from '@kubernetes/client-node'
import type { ClusterAccess } from './cluster-access.ts'
import { waitUntil } from './control-plane/wait-until.ts'
import { dryRunPod, plainPod, proxyPlace } from './pods.ts'
import { loopbackService, type ReviewRequest, serveReviews } from './review-server.ts'
import { meshPatch } from './stand-in/mesh-pod.ts'
import type { ProxyLook } from './stand-in/proxy-container.ts'
import { linkerdWebhookConfiguration } from './stand-in/webhook-configuration.ts'

export interface StandInOptions extends Partial<ProxyLook> {
  /** Where neither Pod nor Namespace says: proxies as native sidecars (the default) or as containers. */
  readonly native?: boolean
}

/** One Pod (or Service) that the stand-in was asked about. */
export interface StandInCall {
  readonly kind: string
  readonly namespace: string
  /** Of a ReplicaSet's Pod the generateName: it has no name yet. */
  readonly name: string
  readonly dryRun: boolean
  readonly meshed: boolean
}

export interface StandInInjector {
  readonly port: number
  /** PEM. */
  readonly authority: string
  readonly calls: readonly StandInCall[]
  /** How often it was asked about Pods whose name (or generateName) begins like this. */
  countCalls(namespace: string, name: string): number
  /** Stops the server alone, as when Linkerd is down: the API server still calls it, in vain. */
  closeServer(): Promise<void>
  /** Stops the server and removes its configuration. */
  stop(): Promise<void>
}

/** Well below the timeout of Linkerd's webhook, 10 s, and of the Pod that waits for it. */
const NAMESPACE_LIMIT_MS = 1_000

const DEFAULTS: ProxyLook = {
  version: 'edge-26.8.3',
  linkerdNamespace: 'linkerd',
  trustDomain: 'cluster.local',
  clusterDomain: 'cluster.local',
}

/**
 * Serves a stand-in for Linkerd's proxy-injector, makes the control-plane Namespace when it is not there, configures
 * the webhook exactly as Linkerd does, and waits until the API server calls it.
 */
export async function startStandInInjector(
  cluster: ClusterAccess,
  options: StandInOptions = {},
): Promise<StandInInjector> {
  const { native = true, ...wished } = options
  const look = { ...DEFAULTS, ...wished }
  const service = { namespace: look.linkerdNamespace, name: 'linkerd-proxy-injector' }
  const calls: StandInCall[] = []
  const namespaces = cluster.clientConfig().makeApiClient(CoreV1Api)
  // Linkerd's injector has a cache: while the API server ends and begins it answers by what it knew.
  const known = new Map<string, Readonly<Record<string, string>>>()
  const readNamespace = async (name: string) => {
    const asked = namespaces.readNamespace({ name }).then(({ metadata }) => metadata?.annotations ?? {})
    const before = known.get(name)
    // An API server that ends may take a request and never answer it.
    const answers = before === undefined ? [asked] : [asked, sleep(NAMESPACE_LIMIT_MS).then(() => before)]
    const annotations = await Promise.race(answers).catch((error) => before ?? Promise.reject(error))
    known.set(name, annotations)
    return { name, annotations }
  }
  const server = await serveReviews(service, async ({ kind, namespace, name, dryRun, object }: ReviewRequest) => {
    const isPod = kind.kind === 'Pod'
    const patch = isPod ? meshPatch({ pod: object, namespace: await readNamespace(namespace), look, native }) : []
    const podName = name ?? object.metadata.name ?? object.metadata.generateName
    calls.push({ kind: kind.kind, namespace, name: podName, dryRun, meshed: patch.length > 0 })
    return { patch }
  })
  const configuration = linkerdWebhookConfiguration({ ...server, namespace: look.linkerdNamespace })
  await install(cluster, { service, configuration })
  return {
    port: server.port,
    authority: server.authority,
    calls,
    countCalls: (namespace, name) =>
      calls.filter((call) => call.kind === 'Pod' && call.namespace === namespace && call.name.startsWith(name)).length,
    closeServer: server.close,
    stop: async () => {
      await cluster.kubectl('delete', 'mutatingwebhookconfiguration', 'linkerd-proxy-injector-webhook-config')
      await server.close()
    },
  }
}

interface Installation {
  readonly service: { readonly namespace: string; readonly name: string }
  readonly configuration: object
}

async function install(cluster: ClusterAccess, { service, configuration }: Installation): Promise<void> {
  const items = [controlPlaneNamespace(service.namespace), loopbackService(service), configuration]
  await cluster.kubectlWith(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }), 'apply', '-f', '-')
  const probe = plainPod({ namespace: 'default', name: 'probe', annotations: { 'linkerd.io/inject': 'enabled' } })
  await waitUntil({ what: "the stand-in for Linkerd's injector to be called", limitMs: 20_000 }, async () =>
    proxyPlace(await dryRunPod(cluster, probe)),
  )
}

function controlPlaneNamespace(name: string): object {
  const labels = { 'config.linkerd.io/admission-webhooks': 'disabled', 'linkerd.io/is-control-plane': 'true' }
  const metadata = { name, labels, annotations: { 'linkerd.io/inject': 'disabled' } }
  return { apiVersion: 'v1', kind: 'Namespace', metadata }
}
