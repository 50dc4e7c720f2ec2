import type { ClusterLog } from './cluster-log.ts'
import type { WatchFailure } from './collection-watch.ts'

/**
 * Takes what is watched, gives listeners that log its failures: each different one once until it works again, so that
 * a missing right is one line and not one every 30 seconds. Ordinary ends are for `debug`.
 */
export function reportFailures(watched: string, log: ClusterLog) {
  let told: string | undefined
  return {
    onFailure: ({ cause, error, retryInMs }: WatchFailure): void => {
      const because = error instanceof Error ? error.message : undefined
      const line = { cause, because, retryInMs: Math.round(retryInMs) }
      if (cause === 'closed' || because === told) log.debug(line, `watch of ${watched} begins again`)
      else log.warn(line, `watch of ${watched} failed; what is known stays in use`)
      if (cause !== 'closed') told = because
    },
    onAlive: (): void => {
      if (told !== undefined) log.info({}, `watch of ${watched} works again`)
      told = undefined
    },
  }
}
