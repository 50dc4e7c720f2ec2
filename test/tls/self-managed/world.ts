// Several replicas, one Secret and two webhook configurations in virtual time. Only the API server is a stand-in: the
// keeper, its planner and the certificates are the real ones.
import { X509Certificate } from 'node:crypto'
import { createIssuer } from '../../../src/tls/self-managed/issuer.ts'
import { type CertificateKeeper, createCertificateKeeper } from '../../../src/tls/self-managed/keep-certificates.ts'
import { parseLiveBundle } from '../../../src/tls/self-managed/parse-pem.ts'
import type { CertificateReports, Pace, WriteResult } from '../../../src/tls/self-managed/ports.ts'
import type { RotationSettings } from '../../../src/tls/self-managed/rotation-settings.ts'
import type { ServingCertificate } from '../../../src/tls/serving-certificate.ts'

const HOUR = 3_600_000
export const SETTINGS: RotationSettings = {
  caLifetimeMs: 60 * HOUR,
  caRenewAt: 2 / 3,
  servingLifetimeMs: 10 * HOUR,
  servingRenewAt: 1 / 2,
  settleMs: HOUR,
  skewMs: HOUR / 2,
}
export const NAMES = ['injector', 'injector.ns', 'injector.ns.svc']
/** How many entries each configuration has. */
const CONFIGURATIONS: Readonly<Record<string, number>> = { mark: 1, trace: 2 }

const NO_PACE: Pace = { pauseAt: () => 0, onPatch: () => {}, streak: () => 0 }

export interface Replica {
  keeper: CertificateKeeper
  /** What its server serves with. */
  serving: ServingCertificate | undefined
  isReady: boolean
  /** How far its clock is off. */
  skewMs: number
  /** Whether its server cannot take another certificate into use. */
  isUseBroken: boolean
  /** How often its server took another certificate into use. */
  uses: number
  /** What stands in the way, as it says. */
  obstacles: readonly string[]
  /** What the next write meets: it is lost, or its answer is. */
  fault: 'none' | 'lost' | 'answer-lost'
  readonly reports: string[]
}

export class World {
  now = Date.UTC(2030, 0, 1)
  secret: { version: number; data: Record<string, string> } | undefined = { version: 1, data: {} }
  /** The caBundles of each configuration's entries. */
  bundles: Record<string, string[]> = {}
  /** What entries trusted (the CAs that all of them had), since when. */
  readonly history: { at: number; ids: ReadonlySet<string> }[] = []
  readonly replicas: Replica[]
  writes = 0
  mayCreate = true
  isImmutable = false
  isIssuerBroken = false
  /** Whether nobody reaches the API server. */
  isAway = false
  refusals = 0
  bundleWrites = 0
  readonly #createPace: () => Pace

  constructor(skews: readonly number[], createPace: () => Pace = () => NO_PACE) {
    this.#createPace = createPace
    for (const [name, count] of Object.entries(CONFIGURATIONS)) this.bundles[name] = Array<string>(count).fill('')
    this.#note()
    this.replicas = skews.map((skewMs) => this.#start(skewMs))
  }

  #start(skewMs: number): Replica {
    const reports: string[] = []
    const now = () => this.now + replica.skewMs
    const replica: Omit<Replica, 'keeper'> & { keeper?: CertificateKeeper } = {
      serving: undefined,
      isReady: false,
      skewMs,
      isUseBroken: false,
      uses: 0,
      obstacles: [],
      fault: 'none',
      reports,
    }
    const write = async (apply: () => WriteResult, show: () => void): Promise<WriteResult> => {
      const { fault } = replica
      replica.fault = 'none'
      if (fault === 'lost' || this.isAway) return 'error'
      const result = apply()
      if (fault === 'answer-lost') return 'error'
      if (result === 'written') show()
      return result
    }
    const shown: CertificateReports = {
      onChange: (kind, result) => void reports.push(`${kind} ${result}`),
      onDamage: () => {},
      onSecretMissing: () => {},
      onObstacles: (obstacles) => {
        replica.obstacles = obstacles
      },
      onServing: (certificate) => {
        if (replica.isUseBroken) throw new Error('cannot be used')
        replica.serving = certificate
        replica.uses += 1
      },
      onBundleWritten: () => {},
      onBundleReset: () => void reports.push('reset'),
      onFault: (error) => {
        throw error
      },
    }
    const self = replica as Replica
    const issuer = createIssuer({ settings: SETTINGS, names: NAMES, now })
    self.keeper = createCertificateKeeper({
      settings: SETTINGS,
      names: NAMES.slice(-1),
      configurations: Object.keys(CONFIGURATIONS),
      store: {
        writeSecret: (version, data) =>
          write(
            () => this.#patchSecret(version, data),
            () => this.showSecret(self),
          ),
        createSecret: () =>
          write(
            () => this.#makeSecret(),
            () => this.showSecret(self),
          ),
        readSecret: async () => this.showSecret(self),
        writeBundle: (configuration, pem) =>
          write(
            () => this.#patchBundle(configuration, pem),
            () => this.showBundles(self),
          ),
      },
      issuer: {
        issueCa: async () => {
          const ca = await issuer.issueCa()
          // Making one takes a while, and watches go on meanwhile.
          this.showSecret(self)
          return ca
        },
        issueServing: async (ca) => {
          if (this.isIssuerBroken) throw new Error('cannot be issued')
          const serving = await issuer.issueServing(ca)
          this.showSecret(self)
          return serving
        },
      },
      reports: shown,
      createPace: this.#createPace,
      jitter: Math.abs(skewMs / HOUR) % 1,
      now,
      clock: () => this.now,
    })
    return self
  }

  #patchSecret(version: string, data: Readonly<Record<string, string | undefined>>): WriteResult {
    if (this.secret === undefined || String(this.secret.version) !== version) return 'conflict'
    if (this.isImmutable) {
      this.refusals += 1
      return 'conflict'
    }
    const kept = Object.entries({ ...this.secret.data, ...data }).filter((entry): entry is [string, string] => {
      return entry[1] !== undefined
    })
    this.secret = { version: this.secret.version + 1, data: Object.fromEntries(kept) }
    this.writes += 1
    return 'written'
  }

  #makeSecret(): WriteResult {
    if (!this.mayCreate) return 'forbidden'
    this.secret ??= { version: this.writes + 1_000, data: {} }
    return 'written'
  }

  #patchBundle(configuration: string, pem: string): WriteResult {
    this.bundleWrites += 1
    this.bundles[configuration] = (this.bundles[configuration] ?? []).map(() => pem)
    this.#note()
    return 'written'
  }

  #note(): void {
    const entries = this.entries()
    const all = entries.flatMap(({ cas }) => cas.map(({ id }) => id))
    const ids = new Set(all.filter((id) => entries.every(({ cas }) => cas.some((ca) => ca.id === id))))
    this.history.push({ at: this.now, ids })
  }

  entries() {
    return Object.values(this.bundles).flat().map(parseLiveBundle)
  }

  editSecret(edit: (data: Record<string, string>) => Record<string, string>): void {
    if (this.secret === undefined) return
    this.secret = { version: this.secret.version + 1, data: edit(this.secret.data) }
  }

  deleteSecret(): void {
    this.secret = undefined
  }

  editBundles(edit: (pem: string, index: number) => string): void {
    for (const [name, bundles] of Object.entries(this.bundles)) this.bundles[name] = bundles.map(edit)
    this.#note()
  }

  showSecret({ keeper }: Replica): void {
    if (this.isAway) return
    const { secret } = this
    keeper.observeSecret(secret === undefined ? undefined : { version: String(secret.version), data: secret.data })
  }

  showBundles({ keeper }: Replica): void {
    if (this.isAway) return
    for (const [name, bundles] of Object.entries(this.bundles)) keeper.observeConfiguration(name, { bundles })
  }

  async step(replica: Replica): Promise<void> {
    await replica.keeper.step()
    replica.isReady ||= replica.keeper.isTrusted()
  }

  /** Kills it; a new one with an empty memory takes its place. */
  crash(index: number): void {
    this.replicas[index] = this.#start(this.replicas[index]?.skewMs ?? 0)
  }

  /** Lets time pass in which everybody sees everything and does what is due. */
  async calm(ms: number, tickMs: number, check: () => void = () => {}): Promise<void> {
    const end = this.now + ms
    while (this.now < end) {
      this.now += tickMs
      await this.#round(check)
    }
    // What one of them did in the last moment those before it have not seen yet; nor what that made them do.
    for (let round = 0; round < 2; round += 1) await this.#round(check)
  }

  async #round(check: () => void): Promise<void> {
    for (const replica of this.replicas) {
      this.showSecret(replica)
      this.showBundles(replica)
      await this.step(replica)
      check()
    }
  }

  /** CAs that every API server trusts, however late it learns of changes: those of every bundle within the settle time. */
  surelyTrusted(): ReadonlySet<string> {
    const from = this.now - SETTINGS.settleMs
    const inForce = this.history.filter(
      ({ at }, index) => at > from || (this.history[index + 1]?.at ?? Infinity) > from,
    )
    const [first, ...others] = inForce.map(({ ids }) => ids)
    return new Set([...(first ?? [])].filter((id) => others.every((ids) => ids.has(id))))
  }

  /** Ready replicas whose certificate some API server could refuse now: each with why. */
  refused(): string[] {
    const trusted = this.surelyTrusted()
    const cas = this.entries().flatMap((entry) => entry.cas)
    return this.replicas.flatMap(({ isReady, serving }, index) => {
      if (!isReady) return []
      const leaf = new X509Certificate(serving?.certPem ?? '')
      if (leaf.validToDate.getTime() <= this.now) return [`${index}: expired`]
      if (leaf.validFromDate.getTime() > this.now) return [`${index}: not valid yet`]
      const issuer = cas.find(({ pem }) => leaf.verify(new X509Certificate(pem).publicKey))
      return issuer !== undefined && trusted.has(issuer.id) ? [] : [`${index}: not trusted`]
    })
  }
}
