import { parseLiveBundle } from './parse-pem.ts'
import type { LiveBundle } from './plan-bundle.ts'
import type { BundleKnowledge } from './plan-change.ts'
import type { LiveConfiguration } from './ports.ts'

/** What one replica has seen of the caBundles of our entries, and since when. */
export interface BundleTracker {
  /** Told of each change; undefined: the configuration is not there. */
  readonly observe: (configuration: string, live: LiveConfiguration | undefined) => void
  /** Told which CAs the Secret names. */
  readonly setNamed: (ids: ReadonlySet<string>) => void
  /** Whether each configuration has been looked for. */
  readonly isSynced: () => boolean
  readonly live: () => ReadonlyMap<string, readonly LiveBundle[]>
  readonly unknownMs: (id: string) => number
  readonly knowledge: (now: number) => BundleKnowledge
  /**
   * Whether this CA is in every entry, and no API server can be without it: because it was there from the start, or there
   * was none to call anybody, or it has settled.
   */
  readonly isTrusted: (id: string, settleMs: number) => boolean
}

/** Takes the configurations to know of and a clock that never jumps, gives the tracker. */
export function createBundleTracker(configurations: readonly string[], clock: () => number): BundleTracker {
  const live = new Map<string, readonly LiveBundle[]>()
  const inPlace = new Map<string, number>()
  const unknown = new Map<string, number>()
  let named: ReadonlySet<string> = new Set()
  let syncedAt = Number.POSITIVE_INFINITY
  /** The CAs of every entry when all had been seen for the first time; undefined: no entry trusted anybody then. */
  let initial: ReadonlySet<string> | undefined
  const bundles = () => [...live.values()].flat()
  const isSynced = () => configurations.every((name) => live.has(name))
  const refresh = (): void => {
    const seen = new Set(bundles().flatMap(({ cas }) => cas.map(({ id }) => id)))
    const everywhere = [...seen].filter((id) => bundles().every(({ cas }) => cas.some((ca) => ca.id === id)))
    keepTimes(inPlace, everywhere, clock())
    keepTimes(
      unknown,
      [...seen].filter((id) => !named.has(id)),
      clock(),
    )
  }
  const inPlaceMs = (id: string): number | undefined => {
    // Where there is no entry nobody calls, and nothing has to be waited for.
    const since = bundles().length === 0 ? syncedAt : inPlace.get(id)
    return since === undefined || !isSynced() ? undefined : Math.max(0, clock() - since)
  }
  return {
    observe: (configuration, seen) => {
      live.set(configuration, (seen?.bundles ?? []).map(parseLiveBundle))
      refresh()
      if (!isSynced() || syncedAt <= clock()) return
      syncedAt = clock()
      if (bundles().some(({ cas }) => cas.length > 0)) initial = new Set(inPlace.keys())
    },
    setNamed: (ids) => {
      named = ids
      refresh()
    },
    isSynced,
    live: () => live,
    unknownMs: (id) => clock() - (unknown.get(id) ?? clock()),
    knowledge: (now) => ({
      inPlaceMs,
      isTrustingSomebody: bundles().some(({ cas }) => cas.some(({ notAfter }) => notAfter > now)),
    }),
    isTrusted: (id, settleMs) => {
      const forMs = inPlaceMs(id)
      if (forMs === undefined) return false
      return initial === undefined || initial.has(id) || forMs >= settleMs
    },
  }
}

/** Keeps the time of each id that is still there, begins that of a new one, forgets the others. */
function keepTimes(times: Map<string, number>, ids: readonly string[], now: number): void {
  for (const id of times.keys()) if (!ids.includes(id)) times.delete(id)
  for (const id of ids) if (!times.has(id)) times.set(id, now)
}
