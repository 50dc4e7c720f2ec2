import type { BundleTracker } from './bundle-tracker.ts'
import { type BundlePlan, type LiveBundle, planBundle } from './plan-bundle.ts'
import type { CertificateReports, CertificateStore, Pace } from './ports.ts'
import type { TrustedCa } from './stored-certificates.ts'

export interface BundleKeeperParts {
  readonly tracker: BundleTracker
  readonly store: Pick<CertificateStore, 'writeBundle' | 'readSecret'>
  readonly reports: Pick<CertificateReports, 'onBundleWritten' | 'onBundleReset'>
  readonly createPace: () => Pace
  /** What has to be trusted now. */
  readonly trusted: () => readonly TrustedCa[]
  readonly now: () => number
  /** For pauses: it never jumps, so that a clock set back does not stretch them. */
  readonly clock: () => number
  readonly settleMs: number
}

/** Keeps the caBundles of our entries as they have to be. */
export interface BundleKeeper {
  /** Writes what is due; to be called again and again. */
  readonly settle: () => Promise<void>
  /** Whether every entry is known and right. */
  readonly isInPlace: () => boolean
}

interface History {
  /**
   * What the pace is about: other CAs to be trusted go out at once, the same ones again are somebody else's doing, whatever
   * that one puts into their place.
   */
  readonly trusted: string
  readonly pace: Pace
  wasRight: boolean
}

/** Takes what is known and where to write, gives the keeper. */
export function createBundleKeeper(parts: BundleKeeperParts): BundleKeeper {
  const { tracker, store, reports, clock } = parts
  const histories = new Map<string, History>()
  const historyOf = (configuration: string): History => {
    const trusted = parts
      .trusted()
      .map(({ id }) => id)
      .join()
    const known = histories.get(configuration)
    if (known?.trusted === trusted) return known
    const history = { trusted, pace: parts.createPace(), wasRight: false }
    histories.set(configuration, history)
    return history
  }
  const settleOne = async (configuration: string): Promise<void> => {
    const plan = plansOf(parts, tracker.live().get(configuration) ?? [])
    if (plan === undefined) return
    const history = historyOf(configuration)
    const isRight = plan.differing.length === 0
    if (history.wasRight && plan.isDamaged) reports.onBundleReset(configuration, history.pace.streak())
    history.wasRight = isRight
    if (isRight) return
    if (history.pace.pauseAt(clock()) > 0) return
    history.pace.onPatch(clock())
    const result = await store.writeBundle(configuration, plan.wanted.map(({ pem }) => pem).join(''))
    reports.onBundleWritten(configuration, result)
  }
  const isDoubtful = (configuration: string, live: readonly LiveBundle[]): boolean => {
    const plan = plansOf(parts, live)
    if (plan === undefined || plan.differing.length === 0) return false
    return plan.isRemoving || histories.get(configuration)?.wasRight === true
  }
  return {
    settle: async () => {
      if (!tracker.isSynced()) return
      // What differs may be what another replica has just made of a newer Secret: that is no time to take a CA away, nor to
      // speak of somebody else's doing.
      if ([...tracker.live()].some((entry) => isDoubtful(...entry))) await store.readSecret()
      for (const configuration of tracker.live().keys()) await settleOne(configuration)
    },
    isInPlace: () =>
      tracker.isSynced() && [...tracker.live().values()].every((live) => plansOf(parts, live)?.differing.length === 0),
  }
}

/** The plan for one configuration: what stands in the others is kept there too, for as long. */
function plansOf(parts: BundleKeeperParts, live: readonly LiveBundle[]): BundlePlan | undefined {
  const { tracker, trusted, now, settleMs } = parts
  return planBundle({ trusted: trusted(), live, unknownMs: tracker.unknownMs, now: now(), settleMs })
}
