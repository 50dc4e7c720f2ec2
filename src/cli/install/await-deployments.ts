import { textOf } from '../../injection/json.ts'
import type { Manifest } from '../../install/webhook-configurations.ts'
import { ApiError } from '../../kubernetes/api-error.ts'
import type { ClusterView } from '../../kubernetes/cluster-view.ts'
import { differences } from '../check/differences.ts'
import { nameOf } from '../check/entries.ts'
import type { Clock } from '../check/run-checks.ts'
import { collectionOf, describeObject } from '../check/wanted-objects.ts'
import { followRollout } from '../opt-in/follow-rollout.ts'
import { type RolloutProgress, rolloutProgress } from '../opt-in/rollout.ts'

export interface AwaitParts {
  readonly cluster: ClusterView
  /** For all of them together. */
  readonly timeoutMs: number
  readonly clock: Clock
  /** Told how far the one is that is waited for. */
  readonly onProgress: (text: string) => void
  /** Told which are waited for, each time that it is one less. */
  readonly onLeft: (left: readonly Manifest[]) => void
  /** Told of each that is ready. */
  readonly onReady: (text: string) => void
}

/** A Deployment that does not get ready; the message says which, and why. */
export class NotReadyError extends Error {
  override readonly name = 'NotReadyError'
}

/**
 * Takes manifests that are being applied, waits until each Deployment among them is as it stands there and all of its Pods
 * are available. Throws NotReadyError when that does not come true in time, ApiError when looking is refused.
 */
export async function awaitDeployments(manifests: readonly Manifest[], parts: AwaitParts): Promise<void> {
  const start = parts.clock.now()
  const deployments = manifests.filter(({ kind }) => kind === 'Deployment')
  for (const [index, manifest] of deployments.entries()) {
    parts.onLeft(deployments.slice(index))
    await awaitOne(manifest, parts, start + parts.timeoutMs)
    parts.onReady(`${describeObject(manifest)} is ready (${Math.round((parts.clock.now() - start) / 1_000)} s)`)
  }
}

async function awaitOne(manifest: Manifest, parts: AwaitParts, deadline: number): Promise<void> {
  const { cluster, clock, onProgress, timeoutMs } = parts
  const end = await followRollout({
    look: () => look(cluster, manifest),
    deadline,
    clock,
    onProgress: (because) => onProgress(`${describeObject(manifest)}: ${because}`),
  })
  if (end.state === 'failed') throw notReady(manifest, end.because)
  if (end.state === 'late') throw notReady(manifest, `${end.because}, after ${timeoutMs / 1_000} s`)
}

function notReady(manifest: Manifest, because: string): NotReadyError {
  return new NotReadyError(`${describeObject(manifest)} is not ready: ${because}; linkerd-tracing check tells more`)
}

async function look(cluster: ClusterView, manifest: Manifest): Promise<RolloutProgress> {
  try {
    const live = await cluster.renew().get(collectionOf(manifest), nameOf(manifest))
    if (live === undefined) return { state: 'going', because: 'it has not been applied yet' }
    // What is there may be what was there before: it counts when it is what was printed.
    const [field] = differences(manifest['spec'], live['spec'])
    if (field !== undefined) return { state: 'going', because: `its spec.${field.path} ${field.how}` }
    return rolloutProgress({ kind: textOf(manifest, 'kind') ?? '', object: live })
  } catch (error) {
    if (error instanceof ApiError && error.status < 500) throw error
    // An API server that is busy or away for a moment is nothing to give up for.
    return { state: 'going', because: (error as Error).message }
  }
}
