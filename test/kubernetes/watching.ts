// What the tests of the watches share: a clock that runs faster, a log and counters to look at, and waiting.
import type { ClusterLog } from '../../src/kubernetes/cluster-log.ts'
import { CLUSTER_TIMING, type ClusterTiming } from '../../src/kubernetes/cluster-timing.ts'
import type { ClusterMetrics } from '../../src/kubernetes/connect-cluster.ts'

export const FAST: ClusterTiming = {
  ...CLUSTER_TIMING,
  // Longer than a busy machine ever pauses; tests of silence shorten them.
  requestIdleMs: 5_000,
  watchSilenceMs: 5_000,
  backoffMs: 4,
  maxBackoffMs: 40,
  workedMs: 40,
  discoveryMs: 400,
  patchPauseMs: 20,
  maxPatchPauseMs: 200,
}

export interface LogLine {
  readonly level: 'info' | 'warn' | 'debug'
  readonly message: string
  readonly [field: string]: unknown
}

export function recordingLog(): ClusterLog & { readonly lines: LogLine[] } {
  const lines: LogLine[] = []
  const write = (level: LogLine['level']) => (fields: object, message: string) => {
    lines.push({ ...fields, level, message })
  }
  return { lines, info: write('info'), warn: write('warn'), debug: write('debug') }
}

export function recordingMetrics() {
  const seen = { namespaces: 0, lastEvent: undefined as Date | undefined }
  const restarts: string[] = []
  const gets: string[] = []
  const patches: string[] = []
  const metrics: ClusterMetrics = {
    setNamespaces: (count) => {
      seen.namespaces = count
    },
    setLastEvent: (at) => {
      seen.lastEvent = at
    },
    countWatchRestart: (cause) => restarts.push(cause),
    countGet: (result) => gets.push(result),
    countForwardPatch: (result) => patches.push(result),
  }
  return { ...metrics, seen, restarts, gets, patches }
}

/** Waits until the function gives something; the test's own limit bounds a wait that never ends. */
export async function until<T>(look: () => T | undefined | false | Promise<T | undefined | false>): Promise<T> {
  const end = Date.now() + 10_000
  for (;;) {
    const found = await look()
    if (found !== undefined && found !== false) return found
    if (Date.now() > end) throw new Error(`waited in vain for ${look}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
