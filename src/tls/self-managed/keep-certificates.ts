import type { ServingCertificate } from '../serving-certificate.ts'
import { createBundleTracker } from './bundle-tracker.ts'
import { chooseServing } from './choose-serving.ts'
import { createObstacleFinder } from './find-obstacles.ts'
import { createBundleKeeper } from './keep-bundles.ts'
import { type Issuer, makeChange } from './make-change.ts'
import { type Change, planChange, type Situation } from './plan-change.ts'
import type { CertificateReports, CertificateStore, LiveConfiguration, LiveSecret, Pace } from './ports.ts'
import type { RotationSettings } from './rotation-settings.ts'
import { parseSecretData, toSecretData } from './secret-data.ts'
import { makeStandIn, standInAuthority } from './stand-in.ts'
import {
  NOTHING_STORED,
  type OwnServing,
  type StoredCertificates,
  type TrustedCa,
  trustedCas,
} from './stored-certificates.ts'

export interface CertificateKeeperParts {
  readonly settings: RotationSettings
  /**
   * DNS names that a stored serving certificate has to be for; not all that it is issued for, or replicas with different
   * settings would replace each other's for ever.
   */
  readonly names: readonly string[]
  /** Our webhook configurations. */
  readonly configurations: readonly string[]
  readonly store: CertificateStore
  readonly issuer: Issuer
  readonly reports: CertificateReports
  readonly createPace: () => Pace
  /** In [0, 1), of this replica. */
  readonly jitter: number
  readonly now: () => number
  /** Never jumps. */
  readonly clock: () => number
}

/** Keeps Secret, caBundles and the certificate in use as they have to be. Nothing happens but by `step`. */
export interface CertificateKeeper {
  /** Undefined: there is no such Secret. */
  readonly observeSecret: (secret: LiveSecret | undefined) => void
  readonly observeConfiguration: (name: string, live: LiveConfiguration | undefined) => void
  /** Does what is due now. */
  readonly step: () => Promise<void>
  readonly serving: () => ServingCertificate | undefined
  /** Whether API servers have been told to trust what is served with. */
  readonly isTrusted: () => boolean
}

/** Takes where certificates are kept and how long they last, gives what keeps them. */
export function createCertificateKeeper(parts: CertificateKeeperParts): CertificateKeeper {
  const { settings, store, reports, now, clock } = parts
  const tracker = createBundleTracker(parts.configurations, clock)
  const repairPace = parts.createPace()
  const creationPace = parts.createPace()
  const standInPace = parts.createPace()
  const failurePace = { pace: parts.createPace() }
  let secret: LiveSecret | 'absent' | undefined
  let stored: StoredCertificates = NOTHING_STORED
  let remembered: StoredCertificates | undefined
  let mine: OwnServing | undefined
  let emptySince = clock()

  const trusted = (): TrustedCa[] => {
    const named = trustedCas(stored.ca === undefined ? (remembered ?? NOTHING_STORED) : stored)
    // Whatever the Secret says, and whether it can be written or not: what we serve with has to be trusted.
    const isNamed = mine === undefined || named.some(({ id }) => id === mine?.ca.id)
    return isNamed || mine === undefined || mine.serving.notAfter <= now() ? [...named] : [...named, mine.ca]
  }
  const bundles = createBundleKeeper({ ...parts, tracker, trusted, settleMs: settings.settleMs })
  const findObstacles = createObstacleFinder(clock)
  const situation = (): Situation => {
    const emptyMs = clock() - emptySince
    const bundle = tracker.knowledge(now())
    return { stored, remembered, mine, bundle, emptyMs, now: now(), jitter: parts.jitter, settings }
  }

  const observeSecret = (seen: LiveSecret | undefined): void => {
    const wasEmpty = secret !== undefined && stored.ca === undefined
    // It has come back: what failed for want of it can work now.
    if (secret === 'absent' && seen !== undefined) failurePace.pace = parts.createPace()
    secret = seen ?? 'absent'
    stored = parseSecretData(seen?.data ?? {}, parts.names)
    if (!wasEmpty) emptySince = clock()
    if (stored.ca !== undefined && stored.serving !== undefined)
      remembered = { ...stored, rotate: undefined, damage: [] }
    tracker.setNamed(new Set(trusted().map(({ id }) => id)))
    reports.onSecretMissing(seen === undefined)
    reports.onDamage(stored.damage)
  }

  const use = (own: OwnServing): void => {
    reports.onServing(servingOf(own), new Date(own.ca.notAfter))
    // Only now: what could not be taken into use is not what we serve with.
    mine = own
  }

  const serve = (): void => {
    const chosen = chooseServing(situation())
    if (chosen !== undefined && chosen.serving.id !== mine?.serving.id) use(chosen)
  }

  const standIn = async (): Promise<void> => {
    const ca = standInAuthority(situation())
    if (ca === undefined || standInPace.pauseAt(clock()) > 0) return
    standInPace.onPatch(clock())
    use(await makeStandIn(ca, { stored, remembered }, parts.issuer))
  }

  const change = async (): Promise<void> => {
    if (secret === 'absent') return createSecret()
    const due = planChange(situation())
    if (due === undefined || secret === undefined || pauses(due)) return
    if (REPAIRS.has(due.kind)) repairPace.onPatch(clock())
    // That of now: while certificates are made, another replica's may be stored, and must not be written over.
    const { version } = secret
    const made = await makeChange(due, { stored, mine, issuer: parts.issuer }).catch((error: unknown) => {
      // Paced like any other failure, so that the bundles are looked after meanwhile.
      noteResult(false)
      throw error
    })
    const result = await store.writeSecret(version, toSecretData(made))
    reports.onChange(due.kind, result)
    if (result === 'conflict') await store.readSecret()
    // A refusal of what was of the right version (an immutable Secret is one) is no conflict, whatever it is called.
    noteResult(result === 'written' || (result === 'conflict' && !isAt(version)))
  }

  const isAt = (version: string): boolean => typeof secret === 'object' && secret.version === version

  const createSecret = async (): Promise<void> => {
    if (creationPace.pauseAt(clock()) > 0) return
    creationPace.onPatch(clock())
    const result = await store.createSecret()
    reports.onChange('create-secret', result)
  }

  const pauses = ({ kind }: Change): boolean =>
    failurePace.pace.pauseAt(clock()) > 0 || (REPAIRS.has(kind) && repairPace.pauseAt(clock()) > 0)

  const noteResult = (isGood: boolean): void => {
    if (isGood) failurePace.pace = parts.createPace()
    else failurePace.pace.onPatch(clock())
  }

  return {
    observeSecret,
    observeConfiguration: tracker.observe,
    step: async () => {
      if (secret === undefined) return
      serve()
      await standIn()
      reports.onObstacles(findObstacles(situation()))
      // What is there can be served with; what is to be done depends on what API servers trust.
      if (!tracker.isSynced()) return
      await change()
      serve()
      await bundles.settle()
      serve()
    },
    serving: () => (mine === undefined ? undefined : servingOf(mine)),
    isTrusted: () => mine !== undefined && bundles.isInPlace() && tracker.isTrusted(mine.ca.id, settings.settleMs),
  }
}

/** What somebody else made necessary: they could do so again and again. */
const REPAIRS: ReadonlySet<Change['kind']> = new Set(['restore', 'create', 'keep-ca', 'clean'])

function servingOf({ serving }: OwnServing): ServingCertificate {
  return { certPem: serving.pem, keyPem: serving.keyPem, notAfter: new Date(serving.notAfter) }
}
