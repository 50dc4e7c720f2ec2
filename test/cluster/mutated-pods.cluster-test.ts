// What no failurePolicy covers: a patch by which a valid Pod becomes invalid. Pods made from recorded and golden ones are
// created as a dry run twice, where nobody asks us and where we patch them: what the API server takes there it takes here.
// `npm run fuzz:cluster` tries 2,000 that it takes, else it is 100. FUZZ_SEED repeats a run.
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { mutateGently } from '../fuzz/mutate-tree.ts'
import { randomOf } from '../fuzz/random.ts'
import { readSeedReviews } from '../fuzz/seed-reviews.ts'
import { mapping } from '../golden-harness/raw-pod.ts'
import { type ApiRequests, openApi } from './api-requests.ts'
import { accessCluster, ensureDefaultServiceAccount } from './cluster-access.ts'
import { waitUntil } from './control-plane/wait-until.ts'
import { addressOf } from './injected-shop.ts'
import { type InstalledInjector, installInjector, LAYOUT } from './installed-injector.ts'
import type { LivePod } from './pods.ts'
import { countMeanwhile } from './webhook-counts.ts'

const cluster = accessCluster(inject('cluster'))
const WANTED = process.env['SOAK'] === undefined ? 100 : 2_000
const SEED = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
const AT_ONCE = 4
const [ASKED, UNASKED] = ['mutated', 'unasked']

let injector: InstalledInjector
let api: ApiRequests

beforeAll(async () => {
  injector = await installInjector(cluster)
  await cluster.createNamespace({ name: ASKED, labels: { 'tracing.linkerd.io/inject': 'enabled' } })
  await cluster.createNamespace({ name: UNASKED })
  await ensureDefaultServiceAccount(cluster, LAYOUT.linkerdNamespace)
  api = await openApi(cluster)
  await waitUntil({ what: 'Pods to be traced', limitMs: 30_000 }, async () => {
    const { status, body } = await create(podOf(recorded[0] as LivePod), ASKED)
    return status === 201 && addressOf(body) !== undefined
  })
})
afterAll(async () => {
  api?.close()
  await injector?.uninstall()
})

const seeds = readSeedReviews()
const podsIn = (reviews: readonly { review: object }[]) =>
  reviews.map(({ review }) => mapping(mapping(review)['request'])['object'])
const recorded = podsIn(seeds.recorded)
const all = [...podsIn(seeds.golden), ...podsIn(seeds.patched), ...recorded.flatMap((pod) => Array(20).fill(pod))]

/** The same one for the same seed. */
function mutatedPod(seed: number): { readonly pod: LivePod; readonly namespace: string } {
  const random = randomOf(seed)
  const pod = structuredClone(random.oneOf(all)) as LivePod
  for (let count = random.below(4); count > 0; count -= 1) mutateGently(pod, all, random)
  // There the arguments of the control plane's components are changed as well.
  return { pod: podOf(pod), namespace: random.part() < 0.3 ? LAYOUT.linkerdNamespace : ASKED }
}

/** Without what no Pod of this cluster can have, whatever we do. */
function podOf(pod: LivePod): LivePod {
  const { namespace, resourceVersion, ...metadata } = mapping(mapping(pod)['metadata'])
  const { serviceAccountName, serviceAccount, ...spec } = mapping(mapping(pod)['spec'])
  return { apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, name: 'mutated' }, spec }
}

const create = (pod: LivePod, namespace: string) =>
  api.post(`/api/v1/namespaces/${namespace}/pods?dryRun=All`, pod as object)

interface Tried {
  valid: number
  traced: number
  readonly broken: string[]
}

async function tryPod(seed: number, tried: Tried): Promise<void> {
  const { pod, namespace } = mutatedPod(seed)
  if ((await create(pod, UNASKED)).status !== 201) return
  const { status, body } = await create(pod, namespace)
  tried.valid += 1
  if (status !== 201) tried.broken.push(`FUZZ_SEED=${seed}: ${status} ${JSON.stringify(body).slice(0, 2_000)}`)
  else if (addressOf(body) !== undefined) tried.traced += 1
}

test(
  `${WANTED} Pods that the API server takes, it takes from us too (FUZZ_SEED=${SEED})`,
  async () => {
    const tried: Tried = { valid: 0, traced: 0, broken: [] }
    let next = SEED
    const worker = async () => {
      while (tried.valid < WANTED && next < SEED + 20 * WANTED) await tryPod(next++, tried)
    }
    const { counts } = await countMeanwhile(cluster, () => Promise.all(Array.from({ length: AT_ONCE }, worker)))
    process.stderr.write(`mutated Pods: ${tried.valid} valid of ${next - SEED}, ${tried.traced} traced\n`)
    expect(tried.broken).toEqual([])
    expect({ failedOpen: counts.failedOpen, rejected: counts.rejected }).toEqual({ failedOpen: 0, rejected: 0 })
    expect(tried.valid).toBeGreaterThanOrEqual(WANTED)
    expect(tried.traced).toBeGreaterThan(WANTED / 3)
    expect(await injector.metric('linkerd_tracing_decisions_total', { reason: 'internal-error' })).toBe(0)
  },
  WANTED * 1_000 + 60_000,
)
