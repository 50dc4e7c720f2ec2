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
}

/** Takes the configurations to know of and a clock that never jumps, gives the tracker. */
export function createBundleTracker(configurations: readonly string[], clock: () => number): BundleTracker {
  const live = new Map<string, readonly LiveBundle[]>()
  const inPlace = new Map<string, number>()
  const unknown = new Map<string, number>()
  let named: ReadonlySet<string> = new Set()
  let syncedAt = Number.POSITIVE_INFINITY
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
  return {
    observe: (configuration, seen) => {
      live.set(configuration, (seen?.bundles ?? []).map(parseLiveBundle))
      if (isSynced()) syncedAt = Math.min(syncedAt, clock())
      refresh()
    },
    setNamed: (ids) => {
      named = ids
      refresh()
    },
    isSynced,
    live: () => live,
    unknownMs: (id) => clock() - (unknown.get(id) ?? clock()),
    knowledge: (now) => ({
      inPlaceMs: (id) => {
        // Where there is no entry nobody calls, and nothing has to be waited for.
        const since = bundles().length === 0 ? syncedAt : inPlace.get(id)
        return since === undefined || !isSynced() ? undefined : Math.max(0, clock() - since)
      },
      isTrustingSomebody: bundles().some(({ cas }) => cas.some(({ notAfter }) => notAfter > now)),
    }),
  }
}

/** Keeps the time of each id that is still there, begins that of a new one, forgets the others. */
function keepTimes(times: Map<string, number>, ids: readonly string[], now: number): void {
  for (const id of times.keys()) if (!ids.includes(id)) times.delete(id)
  for (const id of ids) if (!times.has(id)) times.set(id, now)
}
