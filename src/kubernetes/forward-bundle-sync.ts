import { setTimeout as wait } from 'node:timers/promises'
import type { JsonObject } from '../injection/json.ts'
import type { ApiClient } from './api-client.ts'
import { ApiError } from './api-error.ts'
import type { ClusterLog } from './cluster-log.ts'
import type { ClusterTiming } from './cluster-timing.ts'
import { watchCollection } from './collection-watch.ts'
import { type BundleOperation, forwardBundlePatch } from './forward-bundle-patch.ts'
import { createPatchPace } from './patch-pace.ts'
import { reportFailures } from './report-failures.ts'
import { isNews } from './resource-version.ts'
import { singleObjectSink } from './single-object.ts'

/** How a patch ended; the label of a metric. `conflict`: the order of entries had changed, or the entry was gone. */
export type PatchResult = 'patched' | 'conflict' | 'forbidden' | 'error'

export interface ForwardBundleParts {
  readonly client: ApiClient
  readonly timing: ClusterTiming
  readonly signal: AbortSignal
  readonly log: ClusterLog
  readonly countPatch: (result: PatchResult) => void
}

const CONFIGURATIONS = {
  root: '/apis/admissionregistration.k8s.io/v1',
  plural: 'mutatingwebhookconfigurations',
} as const
const LINKERD = { ...CONFIGURATIONS, name: 'linkerd-proxy-injector-webhook-config' }
const OURS = { ...CONFIGURATIONS, name: 'linkerd-collector-injector-webhook-config' }

/** So many patches in quick succession are not Linkerd rotating its CA, but somebody else who writes the same field. */
const FIGHT = 3

/**
 * Starts to keep the forward entry's caBundle equal to Linkerd's (seed layout), until the signal aborts. Nothing else is
 * ever written (src/install/ca-bundle-policy.ts).
 */
export function startForwardBundleSync(parts: ForwardBundleParts): void {
  const live: { linkerd?: JsonObject | undefined; ours?: JsonObject | undefined } = {}
  const pace = createPatchPace({ firstMs: parts.timing.patchPauseMs, maxMs: parts.timing.maxPatchPauseMs })
  let isAtWork = false
  const patchOnce = async (): Promise<void> => {
    // By a clock that never jumps: one that is set back would stretch the pause.
    await wait(pace.pauseAt(performance.now()), undefined, { signal: parts.signal })
    // The world may have changed while we waited.
    const patch = forwardBundlePatch(live.linkerd, live.ours)
    if (patch === undefined) return
    pace.onPatch(performance.now())
    const before = live.ours
    const answer = await send(parts, patch, pace.streak())
    // Somebody may have reset the bundle already, and the watch have shown it.
    if (answer !== undefined && isNews({ answer, before, now: live.ours })) live.ours = answer
  }
  const settle = async (): Promise<void> => {
    if (isAtWork) return
    isAtWork = true
    try {
      while (forwardBundlePatch(live.linkerd, live.ours) !== undefined) await patchOnce()
    } catch {
      // Aborted while waiting: nothing else throws here.
    } finally {
      isAtWork = false
    }
  }
  watchOne(parts, LINKERD, (linkerd) => {
    live.linkerd = linkerd
    void settle()
  })
  watchOne(parts, OURS, (ours) => {
    live.ours = ours
    void settle()
  })
}

function watchOne(
  { client, timing, signal, log }: ForwardBundleParts,
  resource: typeof OURS | typeof LINKERD,
  onChange: (configuration: JsonObject | undefined) => void,
): void {
  const report = reportFailures(resource.name, log)
  void watchCollection({ client, resource, sink: singleObjectSink(onChange), timing, signal, ...report })
}

/** Gives the configuration as it is after the patch; undefined when that failed. */
async function send(
  { client, timing, signal, log, countPatch }: ForwardBundleParts,
  patch: readonly BundleOperation[],
  streak: number,
): Promise<JsonObject | undefined> {
  const resource = { ...OURS, verb: 'patch' } as const
  try {
    const patched = await client.fetchJson({ resource, patch, idleMs: timing.requestIdleMs, signal })
    countPatch('patched')
    const fields = { configuration: OURS.name, path: patch[1]?.path, streak }
    if (streak >= FIGHT) log.warn(fields, 'caBundle of the forward entry set again: something else keeps changing it')
    else log.info(fields, 'caBundle of the forward entry set to Linkerd’s')
    return patched as JsonObject
  } catch (error) {
    if (signal.aborted) throw error
    const result = resultOf(error)
    countPatch(result)
    log.warn({ configuration: OURS.name, because: (error as Error).message, result }, 'caBundle could not be set')
    return undefined
  }
}

function resultOf(error: unknown): Exclude<PatchResult, 'patched'> {
  if (!(error instanceof ApiError)) return 'error'
  if (error.status === 403 || error.status === 401) return 'forbidden'
  // 422: the patch's test failed; 404: the configuration is gone; 409: somebody wrote at the same moment.
  return [404, 409, 422].includes(error.status) ? 'conflict' : 'error'
}
