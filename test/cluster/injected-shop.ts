import { ADDRESS, envOf } from '../injection/samples.ts'
import { type ApiAnswer, type ApiRequests, openApi } from './api-requests.ts'
import type { ClusterAccess, NewNamespace } from './cluster-access.ts'
import { waitUntil } from './control-plane/wait-until.ts'
import { type LivePod, plainPod, proxyPlace } from './pods.ts'
import { countMeanwhile, type WebhookCounts } from './webhook-counts.ts'

/** What becomes of a Pod for which we could answer, could not, or were not asked. */
export type PodFate = 'traced' | 'meshed, untraced' | 'unmeshed' | `HTTP ${number}`

/** timeoutSeconds of our entries. */
export const CALL_LIMIT_MS = 3_000
/** The API server calls us once, and once more when a later webhook changed the Pod; the rest is a loaded machine. */
export const POD_LIMIT_MS = 2 * CALL_LIMIT_MS + 2_000

/** An opted-in, meshed Namespace to make Pods in, and what becomes of them. */
export interface InjectedShop {
  readonly namespace: string
  readonly api: ApiRequests
  /** Makes one Pod that is kept, under a name of its own. */
  createPod(metadata?: { readonly annotations?: Record<string, string> }): Promise<ApiAnswer>
  /** Makes that many at the same time, and gives what the API server counted meanwhile. */
  createPods(count: number): Promise<{ result: ApiAnswer[]; counts: WebhookCounts }>
  /** Waits until a dry run says that Pods are traced. */
  becomesTraced(): Promise<void>
  /** Takes its Pods away and opts the Namespace out again, so that later tests do not find it. */
  close(): Promise<void>
}

/** Makes the Namespace in a cluster that has Linkerd's stand-in and our injector. */
export async function openShop(
  cluster: ClusterAccess,
  { labels, annotations, name }: NewNamespace,
): Promise<InjectedShop> {
  await cluster.createNamespace({
    name,
    labels: { 'tracing.linkerd.io/inject': 'enabled', ...labels },
    annotations: { 'linkerd.io/inject': 'enabled', ...annotations },
  })
  const api = await openApi(cluster)
  let made = 0
  const shop: InjectedShop = {
    namespace: name,
    api,
    createPod: (metadata = {}) => api.createPod(plainPod({ ...metadata, namespace: name, name: `pod-${++made}` })),
    createPods: (count) =>
      countMeanwhile(cluster, () => Promise.all(Array.from({ length: count }, () => shop.createPod()))),
    becomesTraced: async () => {
      const probe = plainPod({ namespace: name, name: 'probe' })
      await waitUntil({ what: `Pods in ${name} to be traced`, limitMs: 30_000 }, async () => {
        return fateOf(await api.createPod(probe, { dryRun: true })) === 'traced'
      })
    },
    close: async () => {
      api.close()
      await cluster.kubectl('label', 'namespace', name, 'tracing.linkerd.io/inject-')
      // one request for all: there may be thousands
      await cluster.kubectl('delete', '--raw', `/api/v1/namespaces/${name}/pods?gracePeriodSeconds=0`)
    },
  }
  return shop
}

/** What became of a Pod, by the API server's answer. */
export function fateOf({ status, body }: ApiAnswer): PodFate {
  if (status !== 201) return `HTTP ${status}`
  if (addressOf(body) !== undefined) return 'traced'
  return proxyPlace(body) === undefined ? 'unmeshed' : 'meshed, untraced'
}

/** Where the Pod's proxy sends its spans; undefined also for a Pod without proxy. */
export function addressOf(pod: LivePod): string | undefined {
  return proxyPlace(pod) === undefined ? undefined : envOf(pod)[ADDRESS]
}

/** How many Pods had which fate. */
export function fatesOf(answers: readonly ApiAnswer[]): Partial<Record<PodFate, number>> {
  const fates: Partial<Record<PodFate, number>> = {}
  for (const answer of answers) fates[fateOf(answer)] = (fates[fateOf(answer)] ?? 0) + 1
  return fates
}

/** The longest that one of them took. */
export function slowest(answers: readonly ApiAnswer[]): number {
  return Math.max(...answers.map(({ ms }) => ms))
}
